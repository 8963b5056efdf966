"""Lines: what stands on each order, what comes back, and what is cancelled.

Money is whole cents throughout: the amount of a line is quantity x unit price - discount, exactly.
"""

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.data.simulate.campaigns import campaign_ids
from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.columns import WHO, choose, ids, joined, moments, money
from regulars.data.simulate.company import DAY, Company
from regulars.data.simulate.orders import NO_CAMPAIGN, Orders
from regulars.data.simulate.people import CHANNELS, REGIONS, People
from regulars.data.simulate.products import (
    CATEGORIES,
    COST_SHARES,
    LADDER,
    preferences,
    prices,
    product_ids,
    rung,
)

__all__ = ["KINDS", "Lines", "lines", "purchases_table"]

KINDS = ("sale", "return", "cancellation")
SALE, RETURN, CANCELLATION = range(3)
OTHER_CHANNEL = 0.15  # share of orders placed elsewhere than through the preferred channel


@dataclass(frozen=True)
class Lines:
    """Lines of orders; one element a line, money in cents."""

    order: np.ndarray  # index of the order in the block
    second: np.ndarray
    category: np.ndarray
    rung: np.ndarray
    quantity: np.ndarray
    unit_price: np.ndarray
    cost: np.ndarray
    discount: np.ndarray
    kind: np.ndarray  # into KINDS

    @property
    def amount(self) -> np.ndarray:
        """What was paid, in cents."""
        return self.quantity * self.unit_price - self.discount

    def __len__(self) -> int:
        return len(self.order)

    def take(self, which: np.ndarray, **changed: np.ndarray) -> "Lines":
        """Return some of the lines, with some columns changed."""
        kept = {one.name: getattr(self, one.name)[which] for one in fields(self)}
        return Lines(**(kept | changed))


def lines(company: Company, who: People, bought: Orders, *, block: int) -> Lines:
    """Return the lines of a block's orders by time: sales, returns and cancellations."""
    rng = company.stream("lines", block)
    sales = _sales(company, who, bought, rng=rng)
    fate = rng.random(len(sales))
    returned = fate < coefficient("lines_returned")
    cancelled = ~returned & (fate < coefficient("lines_returned") + coefficient("lines_cancelled"))
    parts = [
        sales,
        _returns(sales, np.flatnonzero(returned), rng),
        _cancellations(sales, np.flatnonzero(cancelled), rng),
    ]
    together = Lines(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Lines)))
    seen = np.flatnonzero(together.second < company.end)
    by_time = np.lexsort((together.category[seen], together.order[seen], together.second[seen]))
    return together.take(seen[by_time])


def _sales(company: Company, who: People, bought: Orders, *, rng: np.random.Generator) -> Lines:
    """Share each order's value among lines of different categories, by what the customer likes."""
    n = len(bought)
    value = rng.gamma(coefficient("spend_p"), 1 / who.spend_nu[bought.who])
    value *= np.where(who.company[bought.who], coefficient("spend_company"), 1.0)
    count = 1 + np.minimum(rng.poisson(coefficient("lines_extra"), n), 3)
    liking = preferences()[who.taste[bought.who]] + rng.gumbel(size=(n, len(CATEGORIES)))
    chosen = np.argsort(-liking, axis=1)[:, :4]
    there = np.arange(4) < count[:, None]
    share = rng.gamma(3.0, size=(n, 4)) * there
    share /= share.sum(axis=1, keepdims=True)
    order, _ = np.nonzero(there)
    return _priced(
        company,
        bought,
        order=order,
        category=chosen[there],
        wanted=(value[:, None] * share)[there],
        rng=rng,
    )


def _priced(
    company: Company,
    bought: Orders,
    *,
    order: np.ndarray,
    category: np.ndarray,
    wanted: np.ndarray,
    rng: np.random.Generator,
) -> Lines:
    """Choose the product whose price comes nearest, and give some lines a discount."""
    quantity = 1 + rng.poisson(coefficient("quantity_extra"), len(order))
    step = rung(wanted / quantity)
    year = company.month_of(bought.second[order]) // 12
    unit_price = prices(company.years)[year, category, step]
    off = rng.uniform(0.05, 0.20, len(order))
    off *= rng.random(len(order)) < coefficient("lines_discounted")
    return Lines(
        order=order,
        second=bought.second[order],
        category=category,
        rung=step,
        quantity=quantity,
        unit_price=unit_price,
        cost=np.rint(quantity * unit_price * COST_SHARES[category]).astype("int64"),
        discount=np.rint(quantity * unit_price * off).astype("int64"),
        kind=np.full(len(order), SALE),
    )


def _returns(sales: Lines, which: np.ndarray, rng: np.random.Generator) -> Lines:
    """Send back one piece or more, two to 21 days later, at the price that was paid."""
    sold = sales.quantity[which]
    back = rng.integers(1, sold + 1)
    later = rng.integers(2 * DAY, 21 * DAY, len(which))
    return sales.take(
        which,
        second=sales.second[which] + later,
        quantity=-back,
        cost=-(sales.cost[which] * back // sold),
        discount=-(sales.discount[which] * back // sold),
        kind=np.full(len(which), RETURN),
    )


def _cancellations(sales: Lines, which: np.ndarray, rng: np.random.Generator) -> Lines:
    """Cancel the whole line, at the latest the next day."""
    return sales.take(
        which,
        second=sales.second[which] + rng.integers(60, DAY, len(which)),
        quantity=-sales.quantity[which],
        cost=-sales.cost[which],
        discount=-sales.discount[which],
        kind=np.full(len(which), CANCELLATION),
    )


def purchases_table(
    company: Company, who: People, bought: Orders, *, made: Lines, first_order: int, block: int
) -> pa.Table:
    """Return the rows of the table of purchases; order numbers count on from `first_order`."""
    index = bought.who[made.order]
    number = ids(first_order + made.order, "", 1)
    prefix = choose(("", "C"), (made.kind == CANCELLATION).astype(int))
    guest = bought.guest[made.order]
    campaign = bought.campaign[made.order]
    channel = _channels(company, who, bought, block=block)[made.order]
    customer = pc.if_else(
        pa.array(guest), pa.scalar(None, pa.string()), ids(who.number[index], "C", 6)
    )
    columns = {
        WHO: pa.array(who.number[index] - 1),
        "customer_id": customer,
        "ordered_at": moments(company.moment(made.second)),
        "amount": money(made.amount),
        "order_id": joined(prefix, number),
        "product_id": choose(product_ids(), made.category * LADDER + made.rung),
        "category": choose(CATEGORIES, made.category),
        "quantity": pa.array(made.quantity),
        "unit_price": money(made.unit_price),
        "cost": money(made.cost),
        "discount": money(made.discount),
        "channel": choose(CHANNELS, channel),
        "region": choose(REGIONS, who.region[index]),
        "campaign_id": choose(
            campaign_ids(company), np.maximum(campaign, 0), missing=campaign == NO_CAMPAIGN
        ),
        "kind": choose(KINDS, made.kind),
    }
    return pa.table(columns)


def _channels(company: Company, who: People, bought: Orders, *, block: int) -> np.ndarray:
    rng = company.stream("channels", block)
    other = rng.random(len(bought)) < OTHER_CHANNEL
    return np.where(other, rng.integers(0, len(CHANNELS), len(bought)), who.channel[bought.who])
