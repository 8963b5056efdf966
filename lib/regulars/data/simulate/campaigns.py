"""Campaigns: about eight in three years, each with a random control group and a known lift."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.columns import WHO, choose, dates, ids, moments, money
from regulars.data.simulate.company import DAY, Company
from regulars.data.simulate.people import People

__all__ = [
    "Campaign",
    "Contacts",
    "campaign_cents",
    "campaign_ids",
    "campaigns",
    "campaigns_table",
    "contacts",
    "contacts_table",
]

NAMES = (
    ("Spring letter", "email", "reactivate"), ("Summer card", "post", "sell more"),
    ("Loyalty week", "app", "sell more"), ("Newsletter", "email", "inform"),
    ("Winter offer", "email", "sell more"), ("New range", "post", "cross-sell"),
    ("We miss you", "email", "reactivate"), ("Thank you", "app", "retain"),
)  # fmt: skip
FIXED_CENTS, CONTACT_CENTS = 80_000, {"email": 5, "app": 3, "post": 95}


@dataclass(frozen=True)
class Campaign:
    """One campaign, and what it adds to the purchase rate of those it contacts."""

    campaign_id: str
    start: int  # day
    name: str
    channel: str
    goal: str
    lift: float


@dataclass(frozen=True)
class Contacts:
    """Who of a block is in which campaign; one element a contact."""

    campaign: np.ndarray  # index of the campaign
    who: np.ndarray  # index into the block
    second: np.ndarray  # when the treated are contacted
    treated: np.ndarray  # bool


def campaigns(company: Company) -> list[Campaign]:
    """Return the campaigns, at even distances.

    Examples
    --------
    >>> len(campaigns(Company(seed=7, years=3)))
    8
    """
    count = round(company.years * 8 / 3)
    starts = ((np.arange(count) + 0.5) / count * company.days).astype(int)
    lifts = coefficient("campaign_lifts")
    return [
        Campaign(f"K{k + 1:02d}", int(start), *NAMES[k % len(NAMES)], lifts[k % len(lifts)])
        for k, start in enumerate(starts)
    ]


def campaign_ids(company: Company) -> list[str]:
    """Return the ids, in order."""
    return [one.campaign_id for one in campaigns(company)]


def contacts(company: Company, who: People, block: int) -> Contacts:
    """Pick customers for each campaign, and part of them by lot into treated and control."""
    rng = company.stream("contacts", block)
    found = []
    for k, campaign in enumerate(campaigns(company)):
        reached = rng.random(len(who)) < coefficient("campaign_reached")
        treated = rng.random(len(who)) >= coefficient("campaign_control")
        second = campaign.start * DAY + 8 * 3600 + rng.integers(0, 4 * 3600, len(who))
        picked = np.flatnonzero(reached & (who.signed_up < campaign.start))
        found.append((np.full(len(picked), k), picked, second[picked], treated[picked]))
    return Contacts(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def contacts_table(
    company: Company, who: People, made: Contacts, *, responded: np.ndarray
) -> pa.Table:
    """Return the rows of the table of contacts; `responded` is a second, or -1."""
    number = who.number[made.who]
    columns = {
        WHO: pa.array(number - 1),
        "campaign_id": choose(campaign_ids(company), made.campaign),
        "customer_id": ids(number, "C", 6),
        "contacted_at": moments(company.moment(made.second), missing=~made.treated),
        "arm": choose(("control", "treated"), made.treated.astype(int)),
        "responded_at": moments(company.moment(responded), missing=responded < 0),
    }
    return pa.table(columns)


def campaign_cents(company: Company, contacted: np.ndarray | None) -> np.ndarray:
    """Return what each campaign cost, in cents; `contacted` counts the treated, None: nobody.

    Examples
    --------
    >>> campaign_cents(Company(seed=7, years=1), np.array([10, 0, 0])).tolist()
    [80050, 80000, 80000]
    """
    each = np.array([CONTACT_CENTS[one.channel] for one in campaigns(company)])
    return FIXED_CENTS + each * (0 if contacted is None else contacted)


def campaigns_table(company: Company, contacted: np.ndarray) -> pa.Table:
    """Return the rows of the table of campaigns; `contacted` counts the treated of each."""
    made = campaigns(company)
    start = np.array([one.start for one in made])
    columns = {
        "campaign_id": pa.array([one.campaign_id for one in made]),
        "starts_on": dates(company.day(start)),
        "ends_on": dates(company.day(start + coefficient("campaign_window"))),
        "name": pa.array([one.name for one in made]),
        "channel": pa.array([one.channel for one in made]),
        "cost": money(campaign_cents(company, contacted)),
        "goal": pa.array([one.goal for one in made]),
    }
    return pa.table(columns)
