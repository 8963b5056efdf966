"""Orders: when each customer buys, and which campaign an order is put down to.

Purchases are a Poisson process whose rate is the customer's own, times covariates, times the
season, until the customer leaves. In season-days the process is even, so that a count and uniform
draws give it exactly. What a campaign adds is a second process on top, in the 30 days after the day
of contact.
"""

from dataclasses import dataclass

import numpy as np

from regulars.data.simulate.campaigns import Contacts, campaigns
from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.company import BLOCK, DAY, Company
from regulars.data.simulate.lives import Lives
from regulars.data.simulate.people import People

__all__ = ["Orders", "orders", "responses"]

OPENS, OPEN_HOURS = 7, 15
NO_CAMPAIGN = -1


@dataclass(frozen=True)
class Orders:
    """The orders of a block, by time; one element an order."""

    who: np.ndarray  # index into the block
    second: np.ndarray
    campaign: np.ndarray  # index of the campaign, or NO_CAMPAIGN
    guest: np.ndarray  # bool: placed without a customer id

    def __len__(self) -> int:
        return len(self.who)


def orders(company: Company, who: People, life: Lives, *, made: Contacts, block: int) -> Orders:
    """Return the orders of a block of customers."""
    rng = company.stream("orders", block)
    first = np.flatnonzero(who.buys)
    own, own_day = _own(company, who, life, rng=rng)
    extra, extra_day, by = _extra(company, who, life, made=made, rng=rng)
    index = np.concatenate([first, own, extra])
    day = np.floor(np.concatenate([who.signed_up[first], own_day, extra_day]))
    day = np.minimum(day, company.days - 1)
    second = (day * DAY).astype("int64") + _time_of_day(len(index), rng)
    none = np.full(len(first) + len(own), NO_CAMPAIGN)
    campaign = np.concatenate([none, by])
    campaign = _credited(company, made, index=index, second=second, campaign=campaign, rng=rng)
    guest = rng.random(len(index)) < coefficient("guests")
    order = np.lexsort((index, second))
    return Orders(index[order], second[order], campaign[order], guest[order])


def _leaves(company: Company, life: Lives) -> np.ndarray:
    return np.minimum(life.dropout, company.days)


def _own(
    company: Company, who: People, life: Lives, *, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the repeat orders that no campaign made."""
    begins = company.season_days(who.signed_up)
    length = company.season_days(_leaves(company, life)) - begins
    count = rng.poisson(who.purchase_rate * who.covariates * length) * who.buys
    index = np.repeat(np.arange(len(who)), count)
    at = begins[index] + rng.random(len(index)) * length[index]
    return index, company.from_season_days(at)


def _extra(
    company: Company, who: People, life: Lives, *, made: Contacts, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw the orders that campaigns made."""
    begins = made.second // DAY + 1.0
    ends = np.minimum(begins + coefficient("campaign_window"), _leaves(company, life)[made.who])
    begins = company.season_days(begins)
    length = np.maximum(company.season_days(ends) - begins, 0)
    lift = np.array([one.lift for one in campaigns(company)])[made.campaign] * made.treated
    rate = (who.purchase_rate * who.covariates * who.buys)[made.who]
    contact = np.repeat(np.arange(len(made.who)), rng.poisson(rate * lift * length))
    at = begins[contact] + rng.random(len(contact)) * length[contact]
    return made.who[contact], company.from_season_days(at), made.campaign[contact]


def _time_of_day(n: int, rng: np.random.Generator) -> np.ndarray:
    return ((OPENS + OPEN_HOURS * rng.beta(2.2, 2.0, n)) * 3600).astype("int64")


def _credited(
    company: Company,
    made: Contacts,
    *,
    index: np.ndarray,
    second: np.ndarray,
    campaign: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Say which campaign each order names: not all it made, and some that it did not make."""
    names_it = rng.random(len(index))
    credited = np.where(names_it < coefficient("credited_extra"), campaign, NO_CAMPAIGN)
    for k in range(len(campaigns(company))):
        inside = _inside(made, k, index=index, second=second)
        others = (campaign == NO_CAMPAIGN) & inside & (names_it < coefficient("credited_others"))
        credited[others] = k
    return credited


def _inside(made: Contacts, k: int, *, index: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Say which orders lie in the window of a contact of campaign `k`."""
    contacted = _contacted(made, k)
    since = np.full(BLOCK, np.inf)
    since[made.who[contacted]] = made.second[contacted] // DAY + 1
    passed = second // DAY - since[index]
    return (passed >= 0) & (passed < coefficient("campaign_window"))


def _contacted(made: Contacts, k: int) -> np.ndarray:
    return (made.campaign == k) & made.treated


def responses(company: Company, bought: Orders, made: Contacts, *, block: int) -> np.ndarray:
    """Return the second in which each contact responds, or -1.

    Those respond who place an order that names the campaign, when they place it; and a few of the
    other treated.
    """
    rng = company.stream("responses", block)
    clicks = made.treated & (rng.random(len(made.who)) < coefficient("clicked_only"))
    later = made.second + (rng.exponential(2.0, len(made.who)) * DAY).astype("int64")
    answered = np.where(clicks & (later < company.end), later, -1)
    named = bought.campaign != NO_CAMPAIGN
    # Backwards, so that of several orders the first one stands.
    key = bought.campaign[named][::-1] * BLOCK + bought.who[named][::-1]
    first = dict(zip(key.tolist(), bought.second[named][::-1].tolist(), strict=True))
    keys = (made.campaign * BLOCK + made.who).tolist()
    return np.array([first.get(k, a) for k, a in zip(keys, answered.tolist(), strict=True)])
