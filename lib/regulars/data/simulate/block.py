"""Block: everything that a thousand customers do, as tables, independent of all other blocks."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.data.simulate.answers import answers, nps_truth
from regulars.data.simulate.campaigns import contacts, contacts_table
from regulars.data.simulate.columns import WHO
from regulars.data.simulate.company import Company
from regulars.data.simulate.contracts import opportunities, subscriptions
from regulars.data.simulate.interactions import interactions
from regulars.data.simulate.invitations import invitations
from regulars.data.simulate.lines import lines, purchases_table
from regulars.data.simulate.lives import lives
from regulars.data.simulate.orders import orders, responses
from regulars.data.simulate.people import customers, people
from regulars.data.simulate.profits import profits
from regulars.data.simulate.truth import truth_table

__all__ = ["FIRST_ORDER", "Numbers", "simulate_block"]

FIRST_ORDER, FIRST_OPPORTUNITY = 100_001, 1


@dataclass(frozen=True)
class Numbers:
    """The numbers the next order and the next opportunity get."""

    order: int = FIRST_ORDER
    opportunity: int = FIRST_OPPORTUNITY


def simulate_block(
    company: Company,
    block: int,
    numbers: Numbers,
    *,
    size: int,
    contacted: np.ndarray | None = None,
) -> tuple[dict[str, pa.Table], Numbers]:
    """Return the tables of the first `size` customers of a block, and the numbers that follow.

    The whole block is simulated whatever the size, so that its customers do not change with it.
    The key ``truth`` holds the truth about the customers. `contacted` counts the treated of each
    campaign in the whole company, who share its cost; without it, the block is all of it.

    Examples
    --------
    >>> tables, _ = simulate_block(Company(seed=7, years=1), 0, Numbers(), size=20)
    >>> tables["customers"].num_rows
    20
    """
    who = people(company, block)
    life = lives(company, who, block)
    made = contacts(company, who, block)
    bought = orders(company, who, life, made=made, block=block)
    sold = lines(company, who, bought, block=block)
    listed = customers(company, who, block)
    asked = invitations(
        company, who, life, bought=bought, households=listed["household"], block=block
    )
    recommends = nps_truth(company, who, life, asked=asked, block=block)
    responded = responses(company, bought, made, block=block)
    pipeline = opportunities(company, who, first=numbers.opportunity, block=block)
    talked = interactions(company, who, life, bought=bought, made=sold, block=block)
    left = profits(
        company, who, bought, sold=sold, made=made, interactions=talked, contacted=contacted
    )
    tables = {
        "purchases": purchases_table(
            company, who, bought, made=sold, first_order=numbers.order, block=block
        ),
        "customers": listed,
        "surveys": answers(company, who, life, asked=asked, block=block),
        "interactions": talked,
        "campaign_contacts": contacts_table(company, who, made, responded=responded),
        "opportunities": pipeline,
        "subscriptions": subscriptions(company, who, block),
        "truth": truth_table(company, who, life, asked=asked, recommends=recommends, profits=left),
    }
    following = Numbers(numbers.order + len(bought), numbers.opportunity + pipeline.num_rows)
    limit = int(who.number[0]) - 1 + size
    return {name: _first(table, limit) for name, table in tables.items()}, following


def _first(table: pa.Table, limit: int) -> pa.Table:
    return table.filter(pc.less(table[WHO], limit))
