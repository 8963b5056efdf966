"""People: the customers of a block, what they are, and the rates that drive what they do."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.columns import WHO, choose, dates, ids
from regulars.data.simulate.company import BLOCK, Company
from regulars.data.simulate.identifiers import identifiers

__all__ = ["CHANNELS", "REGIONS", "TASTES", "People", "by_household", "customers", "people"]

YEAR = 365.25
CHANNELS = tuple(coefficient("channel_effect"))
REGIONS = tuple(coefficient("region_effect"))
TASTES = ("home", "family", "style", "table")
"""The segments whose members like the same categories; nothing in the files names them."""

OCCUPATIONS = ("employee", "worker", "self-employed", "student", "retired", "at home")
INCOMES = ("under 20k", "20k-40k", "40k-60k", "60k-100k", "over 100k")
EDUCATIONS = ("school", "vocational", "bachelor", "master", "doctorate")
HOUSEHOLDS = tuple(coefficient("household_on_response"))
GENDERS = ("female", "male", "diverse")


@dataclass(frozen=True)
class People:
    """A block of customers; every field is an array with one element a customer."""

    number: np.ndarray  # 1, 2, 3 … over all blocks
    company: np.ndarray  # bool
    buys: np.ndarray  # bool: False for those who sign up and never buy
    signed_up: np.ndarray  # day
    channel: np.ndarray  # into CHANNELS
    region: np.ndarray  # into REGIONS
    taste: np.ndarray  # into TASTES
    purchase_rate: np.ndarray  # orders a day, before covariates
    covariates: np.ndarray  # times
    dropout_rate: np.ndarray  # a day, at satisfaction 0
    spend_nu: np.ndarray  # 1 / EUR
    level: np.ndarray  # own level of satisfaction

    def __len__(self) -> int:
        return len(self.number)


def people(company: Company, block: int) -> People:
    """Return a block of customers.

    Examples
    --------
    >>> people(Company(seed=7, years=3), 2).number[:2].tolist()
    [2001, 2002]
    """
    rng = company.stream("people", block)
    channel = rng.choice(len(CHANNELS), BLOCK, p=[0.45, 0.25, 0.22, 0.08])
    region = rng.choice(len(REGIONS), BLOCK, p=[0.28, 0.24, 0.18, 0.22, 0.08])
    covariates = np.exp(_effects("channel_effect")[channel] + _effects("region_effect")[region])
    return People(
        number=block * BLOCK + np.arange(1, BLOCK + 1),
        company=rng.random(BLOCK) < coefficient("companies"),
        buys=rng.random(BLOCK) >= coefficient("never_buy"),
        signed_up=np.floor(company.days * rng.random(BLOCK) ** coefficient("signup_power")),
        channel=channel,
        region=region,
        taste=rng.choice(len(TASTES), BLOCK, p=[0.35, 0.25, 0.25, 0.15]),
        purchase_rate=_rates("purchase_rate", rng),
        covariates=covariates,
        dropout_rate=_rates("dropout_rate", rng),
        spend_nu=rng.gamma(coefficient("spend_q"), 1 / coefficient("spend_gamma"), BLOCK),
        level=rng.normal(0, coefficient("satisfaction_level_sd"), BLOCK),
    )


def _effects(name: str) -> np.ndarray:
    return np.array(list(coefficient(name).values()))


def _rates(name: str, rng: np.random.Generator) -> np.ndarray:
    shape, mean = coefficient(f"{name}_shape"), coefficient(f"{name}_mean") / YEAR
    return rng.gamma(shape, mean / shape, BLOCK)


def customers(company: Company, who: People, block: int) -> pa.Table:
    """Return the rows of the table of customers."""
    rng = company.stream("customers", block)
    columns = {
        WHO: pa.array(who.number - 1),
        "customer_id": ids(who.number, "C", 6),
        "kind": choose(("person", "company"), who.company.astype(int)),
        "signed_up_at": dates(company.day(who.signed_up)),
        "birth_date": _births(company, who, rng),
        "gender": _attribute(GENDERS, (0.52, 0.46, 0.02), 0.04, who=who, rng=rng),
        "region": choose(REGIONS, who.region),
        "occupation": _attribute(OCCUPATIONS, None, 0.15, who=who, rng=rng),
        "income_band": _attribute(INCOMES, None, 0.30, who=who, rng=rng),
        "education": _attribute(EDUCATIONS, None, 0.25, who=who, rng=rng),
        "household": _attribute(HOUSEHOLDS, None, 0.12, who=who, rng=rng),
        **identifiers(who.number, who.company, rng),
    }
    return pa.table(columns)


def by_household(name: str, households: pa.ChunkedArray) -> np.ndarray:
    """Return a coefficient of each customer's household; 0 where none is stated.

    Examples
    --------
    >>> by_household("household_on_response", pa.chunked_array([["single", None]])).tolist()
    [0.7, 0.0]
    """
    effects = coefficient(name)
    return np.array([effects.get(one, 0.0) for one in households.to_pylist()])


def _births(company: Company, who: People, rng: np.random.Generator) -> pa.Array:
    age = 18.1 + 62 * rng.beta(1.8, 2.4, len(who))
    missing = who.company | (rng.random(len(who)) < 0.06)
    return dates(company.day(who.signed_up - age * YEAR), missing=missing)


def _attribute(
    words: tuple[str, ...],
    shares: tuple[float, ...] | None,
    missing: float,
    *,
    who: People,
    rng: np.random.Generator,
) -> pa.Array:
    """Draw an attribute of persons; companies have none, and some persons do not say."""
    which = rng.choice(len(words), len(who), p=shares)
    return choose(words, which, missing=who.company | (rng.random(len(who)) < missing))
