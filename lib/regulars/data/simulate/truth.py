"""Truth: what no file of the shop says, written beside them for whoever checks an estimate."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from regulars.data.simulate.answers import NPS_COLUMNS
from regulars.data.simulate.campaigns import campaigns
from regulars.data.simulate.coefficients import coefficient, coefficients
from regulars.data.simulate.columns import WHO, choose, dates, ids
from regulars.data.simulate.company import LAST_DAY, Company
from regulars.data.simulate.contracts import won_from
from regulars.data.simulate.invitations import Invitations
from regulars.data.simulate.lives import Lives
from regulars.data.simulate.people import TASTES, People
from regulars.data.simulate.products import CATEGORIES, preferences
from regulars.data.simulate.profits import PROFIT_COLUMNS

__all__ = ["TRUTH_COLUMNS", "parameters", "truth_table", "write_json"]

TRUTH_COLUMNS = (
    "customer_id", "alive", "dropout_day", "buys", "purchase_rate", "covariates", "dropout_rate",
    "spend_nu", "order_value", "satisfaction_mean", "satisfaction_lowest", "satisfaction_last",
    "segment", "favourite_category", "surveys_invited", "surveys_answered",
    *NPS_COLUMNS, *PROFIT_COLUMNS,
)  # fmt: skip
"""Columns of ``truth/customers.csv``; rates are per day, money in EUR, satisfaction in points.

The satisfaction is that of the months since sign-up until the customer leaves. The NPS columns say
what the customer would have answered to every invitation, answered or not; see `answers.nps_truth`.
For the money of the last columns see `profits.profits`; it is that of all days up to the last.
"""


def truth_table(
    company: Company,
    who: People,
    life: Lives,
    *,
    asked: Invitations,
    recommends: Mapping[str, pa.Array],
    profits: Mapping[str, pa.Array],
) -> pa.Table:
    """Return the truth about each customer of a block."""
    mean, lowest, last = _satisfaction(company, who, life)
    gone = life.dropout < company.days
    value = coefficient("spend_p") / who.spend_nu
    value = value * np.where(who.company, coefficient("spend_company"), 1.0)
    favourite = np.argmax(preferences(), axis=1)[who.taste]
    answered = asked.who[asked.answered]
    columns = {
        WHO: pa.array(who.number - 1),
        "customer_id": ids(who.number, "C", 6),
        "alive": pa.array(~gone),
        "dropout_day": dates(company.day(np.where(gone, life.dropout, 0)), missing=~gone),
        "buys": pa.array(who.buys),
        "purchase_rate": _rounded(who.purchase_rate),
        "covariates": _rounded(who.covariates),
        "dropout_rate": _rounded(who.dropout_rate),
        "spend_nu": _rounded(who.spend_nu),
        "order_value": _rounded(value, 2),
        "satisfaction_mean": _rounded(mean, 4),
        "satisfaction_lowest": _rounded(lowest, 4),
        "satisfaction_last": _rounded(last, 4),
        "segment": choose(TASTES, who.taste),
        "favourite_category": choose(CATEGORIES, favourite),
        "surveys_invited": pa.array(np.bincount(asked.who, minlength=len(who))),
        "surveys_answered": pa.array(np.bincount(answered, minlength=len(who))),
        **recommends,
        **profits,
    }
    return pa.table(columns)


def _satisfaction(
    company: Company, who: People, life: Lives
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    begins, ends = company.months[:-1], company.months[1:]
    there = (ends > who.signed_up[:, None]) & (begins < life.dropout[:, None])
    mean = (life.satisfaction * there).sum(axis=1) / there.sum(axis=1)
    lowest = np.where(there, life.satisfaction, np.inf).min(axis=1)
    last = there.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    return mean, lowest, life.satisfaction[np.arange(len(who)), last]


def _rounded(values: np.ndarray, places: int = 8) -> pa.Array:
    return pa.array(np.round(values, places))


def parameters(company: Company, customers: int, files: Iterable[str]) -> dict[str, object]:
    """Return what ``parameters.json`` says: the company, its coefficients, campaigns and files."""
    return {
        "model": "Pareto/NBD with covariates, season and satisfaction; Gamma-Gamma spend; shifted "
        "beta-geometric renewals. See regulars.data.simulate.shop.",
        "company": {
            "title": "the shop",
            "currency": "EUR",
            "first_day": str(company.first_day),
            "last_day": str(LAST_DAY),
            "customers": customers,
            "years": company.years,
            "seed": company.seed,
        },
        "coefficients": [one.as_dict() for one in coefficients()],
        "campaigns": [
            {
                "campaign_id": one.campaign_id,
                "lift": one.lift,
                "window_first_day": str(company.day(np.array(one.start + 1))),
                "window_days": coefficient("campaign_window"),
            }
            for one in campaigns(company)
        ],
        "won_from_stage": won_from(),
        "files": sorted(files),
    }


def write_json(path: Path, content: object) -> None:
    """Write JSON with a stable form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
