"""Profits: what each customer brought the shop and cost it, from what the simulator knows."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.data.simulate.campaigns import Contacts, campaign_cents, contacts
from regulars.data.simulate.columns import WHO
from regulars.data.simulate.company import BLOCK, Company
from regulars.data.simulate.lines import Lines
from regulars.data.simulate.orders import Orders
from regulars.data.simulate.people import People, people

__all__ = ["PROFIT_COLUMNS", "count_contacted", "profits"]

PROFIT_COLUMNS = ("margin", "contact_cost", "campaign_cost", "profit")
"""What `profits` says of each customer, in EUR."""


def count_contacted(company: Company, customers: int) -> np.ndarray:
    """Count the treated contacts of each campaign among the first so many customers.

    Examples
    --------
    >>> count_contacted(Company(seed=7, years=1), 100).tolist()
    [8, 18, 26]
    """
    counted = np.zeros(len(campaign_cents(company, None)), dtype="int64")
    for block in range(-(-customers // BLOCK)):
        made = contacts(company, people(company, block), block)
        counted += _treated(made, len(counted), below=customers - block * BLOCK)
    return counted


def _treated(made: Contacts, campaigns: int, *, below: int) -> np.ndarray:
    return np.bincount(made.campaign[made.treated & (made.who < below)], minlength=campaigns)


def profits(
    company: Company,
    who: People,
    bought: Orders,
    *,
    sold: Lines,
    made: Contacts,
    interactions: pa.Table,
    contacted: np.ndarray | None,
) -> dict[str, pa.Array]:
    """Return what is left of each customer of a block, up to the last day.

    The margin is what was paid less what the goods cost, over all lines that bear the customer's
    id: what came back counts against it, a cancelled line cancels itself, and orders placed as a
    guest are nobody's. A contact costs what its row says; a campaign's cost is divided evenly
    among the customers it treated in the whole company. Handling a return costs nothing beside its
    contact. Profit is the margin less both.

    Parameters
    ----------
    company, who, bought, sold, made
        The company, and the block's people, orders, lines and campaign contacts.
    interactions : pyarrow.Table
        The rows of the block.
    contacted : array or None
        Treated contacts of each campaign in the whole company; None: the block is all of it.
    """
    n = len(who)
    own = ~bought.guest[sold.order]
    margin = np.bincount(
        bought.who[sold.order[own]], weights=(sold.amount - sold.cost)[own], minlength=n
    )
    spent = np.asarray(interactions["cost"].cast(pa.float64())) * 100
    number = np.asarray(interactions[WHO]) - (who.number[0] - 1)
    contact = np.rint(np.bincount(number, weights=spent, minlength=n))
    everybody = _treated(made, len(campaign_cents(company, None)), below=n)
    everybody = everybody if contacted is None else contacted
    each = campaign_cents(company, everybody) / np.maximum(everybody, 1)
    campaign = np.bincount(made.who, weights=each[made.campaign] * made.treated, minlength=n)
    cents = (margin, contact, campaign, margin - contact - campaign)
    columns = zip(PROFIT_COLUMNS, cents, strict=True)
    return {name: pc.round(pa.array(values / 100), 4) for name, values in columns}
