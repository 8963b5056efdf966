"""Whether the purchase models, their intervals and their contest find the truth where it is known.

Run it as ``.venv/bin/python benchmarks/truth.py [seeds [first seed]] [--days] [--models a,b]`` for
simulated bases of BG/NBD, MBG/NBD and Pareto/NBD, or as ``… truth.py --shop [seeds [first seed]]``
for the simulated shop, of which no model is exactly right. Both print tables.

**Bases.** Each has 3,000 customers whose first purchases are spread over a year, half a year to one
and a half before the cut; the year after it is held back. The parameters are those of CDNOW. Times
are continuous, as the models have them; with ``--days`` they are whole days in which purchases of
one day are one, as a shop has them. Money follows a Gamma-Gamma model. Asked is:

- of each parameter: how far it is off in standard errors (mean; 0 if unbiased) and how often its
  95 % interval holds the truth;
- of the purchase days of all customers in the next year: how often the prediction interval holds
  what came, and how often that of the expectation holds what the true parameters expect;
- of total value, likewise: what comes within a year, undiscounted, and what the true parameters
  expect of three years at 10 % a year;
- of the contest: how often the true model speaks; and if another does, how much worse it foretells
  4,000 customers who were not in the base than the true model does, fitted to the same base. A
  regret below .005 a customer counts as predicting as well (on CDNOW the gain over the best plain
  forecast is .08).

**Shop.** 5,000 customers over three years, the last of which is held back; the tables go to the
engine as they are made (see ``planted.py``). Asked is how far the total is off, the calibration
slope, and whether the early warning beats the rule of ninety silent days in lift. The cut falls on
the end of the season's peak; so the same is asked of models that are told no season (see
``measures.contest.season``), at that cut and at one half a year earlier.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from planted import AS_OF, shop

from regulars.errors import ModelError
from regulars.measures.contest.holdout import contest
from regulars.measures.contest.log_scores import log_scores
from regulars.measures.contest.speaking import forecast
from regulars.measures.contest.verdict import verdict
from regulars.measures.forecasts.totals import total_of, totals
from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.fitting import fit_models
from regulars.measures.purchase_models.scores import score
from regulars.measures.purchase_models.simulated import simulate
from regulars.measures.value.day_money import DayMoney, from_gamma_gamma
from regulars.measures.value.gamma_gamma import fit_gamma_gamma
from regulars.measures.value.worth import cell_worth, total_worth
from regulars.measures.warning.judged import last_list, lists_judged
from regulars.parameters.forecasts import EarlyWarning

TRUTH = {
    "bg_nbd": (0.2426, 4.4136, 0.7929, 2.4259),
    "mbg_nbd": (0.525, 6.183, 0.891, 1.614),
    "pareto_nbd": (0.553, 10.58, 0.606, 11.66),
}
MONEY = {"p": 6.25, "q": 3.74, "gamma": 15.44}
CUSTOMERS, FRESH, WEEKS, DAYS = 3000, 4000, 52, 364
VALUE = {"horizon_days": 1095, "discount_rate": 0.1}
REGRET = 0.005
HALF_A_YEAR_EARLIER = "2025-06-30"
NAMED = ["repeat_days", "recency_age", "age"]


def main(told: argparse.Namespace) -> None:
    """Measure and print."""
    seeds = range(told.first, told.first + told.seeds)
    if told.shop:
        print_shops(pd.DataFrame(collected(shop_found(seed) for seed in seeds)))
        return
    for model in told.models.split(","):
        print_bases(model, pd.DataFrame(collected(bases(model, seeds, days=told.days))))


def collected(found: Iterator[dict]) -> list[dict]:
    """Collect what was found, and show that it goes on."""
    rows = []
    for row in found:
        rows.append(row)
        print(row, file=sys.stderr, flush=True)
    return rows


def bases(model: str, seeds: range, *, days: bool) -> Iterator[dict]:
    """Measure one base after the other."""
    for seed in seeds:
        known = drawn(model, CUSTOMERS, seed, days=days)
        fits, _ = fit_models(known, models=list(TRUTH))
        row = {"seed": seed, "fitted": model in fits}
        if model in fits:
            fitted = fits[model]
            truth = replace(fitted, params=dict(zip(fitted.params, TRUTH[model], strict=True)))
            row |= parameters_found(fitted, truth) | purchases_found(fitted, truth, known)
            row |= value_found(fitted, truth, known, seed)
        yield row | contest_found(model, fits, known, drawn(model, FRESH, seed + 10**6, days=days))


def drawn(model: str, customers: int, seed: int, *, days: bool) -> pd.DataFrame:
    """Draw customers as cells: a row each, with times in days and what came in the year after."""
    random = np.random.default_rng([seed, 7])
    ages = random.integers(182, 546, customers) / 7
    day = 1 / 7 if days else 0.0
    found = simulate(model, TRUTH[model], ages=ages, horizon=WEEKS, seed=seed, day=day)
    times = {name: found[name] * 7 for name in ("recency_age", "age")}
    if days:
        times = {name: values.round().astype(int) for name, values in times.items()}
    return found[["repeat_days", "later"]].assign(**times, customers=1)


def parameters_found(fitted: Fit, truth: Fit) -> dict[str, float | bool]:
    """Tell how far each parameter is off, on the log scale, and whether its interval holds it."""
    row = {}
    for name, estimate in fitted.estimates.items():
        true, error = truth.params[name], fitted.standard_errors[name] / estimate.value
        row[f"off_{name}"] = float(np.log(estimate.value / true) / error)
        row[f"holds_{name}"] = holds(estimate, true)
    return row


def purchases_found(fitted: Fit, truth: Fit, known: pd.DataFrame) -> dict[str, float | bool]:
    """Tell whether the intervals of next year's purchase days hold what they say they hold."""
    told = totals(fitted, known, horizons=[DAYS])
    comes = total_of(told, "purchase_days", DAYS)
    expectation = total_of(told, "purchase_days", DAYS, around="expectation")
    expected = score(truth, known, horizon_days=DAYS).expected_purchases.sum()
    return {
        "year_holds": holds(comes, known.later.sum()),
        "year_expectation_holds": holds(expectation, expected),
        "year_ratio": comes.value / known.later.sum(),
    }


def value_found(fitted: Fit, truth: Fit, known: pd.DataFrame, seed: int) -> dict[str, float | bool]:
    """Tell the same of total value, with money that follows a Gamma-Gamma model."""
    random = np.random.default_rng([seed, 8])
    scale = random.gamma(MONEY["q"], 1 / MONEY["gamma"], len(known))
    before, after = (
        np.where(days > 0, random.gamma(np.maximum(MONEY["p"] * days, 1e-9)) / scale, 0.0)
        for days in (known.repeat_days, known.later)
    )
    own = known.drop(columns="later").assign(
        days=known.repeat_days, money=before, squares=before**2
    )
    mean = before / np.maximum(known.repeat_days, 1)
    spent = own[own.days > 0].assign(mean=mean, log_mean=np.log(mean.clip(lower=1e-12)))
    try:
        money = from_gamma_gamma(fit_gamma_gamma(spent))
    except ModelError:
        return {}
    year = total_worth(fitted, money, own, horizon_days=DAYS, discount_rate=0, seed=seed)
    ahead = total_worth(fitted, money, own, **VALUE, seed=seed)
    expected = cell_worth(truth, true_money(money), own, **VALUE)["value"].sum()
    return {
        "value_holds": holds(year.outcome, after.sum()),
        "value_expectation_holds": holds(ahead.expected, expected),
        "value_ratio": year.outcome.value / after.sum(),
    }


def true_money(money: DayMoney) -> DayMoney:
    """Return the money with the parameters it was drawn from."""
    return from_gamma_gamma(replace(money.gamma, params=MONEY))


def contest_found(
    model: str, fits: dict[str, Fit], known: pd.DataFrame, fresh: pd.DataFrame
) -> dict[str, object]:
    """Tell who speaks, and how much worse it foretells fresh customers than the true model."""
    judged = verdict(contest(list(fits.values()), known, holdout_days=DAYS))
    if not judged.speaks or model not in fits:
        return {"speaks": judged.model, "grade": judged.grade, "regret": np.nan}
    pair = [fits[name] for name in dict.fromkeys((model, judged.model))]
    scores = log_scores(pair, fresh, holdout_days=DAYS)
    regret = float((scores[model] - scores[judged.model]).mean())
    return {"speaks": judged.model, "grade": judged.grade, "regret": regret}


def shop_found(seed: int) -> dict[str, object]:
    """Judge a shop's forecast and its last list of warnings."""
    # An engine of its own, so that the tables of a shop do not outlive it.
    engine = ibis.duckdb.connect()
    purchases, _ = shop(seed, engine)
    ahead = forecast(purchases, as_of=AS_OF, holdout_days=365)
    row = ahead.contested.set_index("name").loc[ahead.judged.leader]
    lists = last_list(purchases, as_of=AS_OF, rules=EarlyWarning(), model=ahead.judged.leader)
    lift = lists_judged(lists).set_index("list").lift
    raw = judged_as_it_is(purchases, AS_OF, "raw")
    raw |= judged_as_it_is(purchases, HALF_A_YEAR_EARLIER, "earlier")
    engine.disconnect()
    return {
        "seed": seed,
        "speaks": ahead.judged.model,
        "grade": ahead.judged.grade,
        "bias": float(row.bias),
        "slope": float(row.slope),
        **raw,
        "warned": float(lift["warned"]),
        "rule": float(lift["silent_rule"]),
    }


def judged_as_it_is(purchases: ir.Table, as_of: str, name: str) -> dict[str, float]:
    """Judge the forecast of models that know no season."""
    ahead = forecast(purchases, as_of=as_of, holdout_days=365, seasonal=False)
    row = ahead.contested.set_index("name").loc[ahead.judged.leader]
    return {f"bias_{name}": float(row.bias), f"slope_{name}": float(row.slope)}


def holds(estimate: Estimate, truth: float) -> bool:
    """Tell whether an interval holds a number."""
    return bool(estimate.low <= truth <= estimate.high)


def print_bases(model: str, found: pd.DataFrame) -> None:
    """Print the tables of one model."""
    fitted = found[found.fitted]
    print(f"\n{model}: {len(found)} bases of {CUSTOMERS:,} customers, {len(fitted)} fitted\n")
    print("| parameter | off, in standard errors | 95 % interval holds the truth |\n|---|--:|--:|")
    for name in (one.removeprefix("off_") for one in found if one.startswith("off_")):
        off = fitted[f"off_{name}"]
        error = off.std() / np.sqrt(len(off))
        print(f"| {name} | {off.mean():+.2f} ± {error:.2f} | {share(fitted[f'holds_{name}'])} |")
    print("\n| asked | interval holds it | told by what came, mean |\n|---|--:|--:|")
    for name, words in (("year", "purchase days in a year"), ("value", "value in a year")):
        ratio = fitted[f"{name}_ratio"].mean()
        print(f"| {words}, as they come | {share(fitted[f'{name}_holds'])} | {ratio:.3f} |")
        print(f"| the same, as expected | {share(fitted[f'{name}_expectation_holds'])} | |")
    print("\n| contest | |\n|---|--:|")
    print(f"| the true model speaks | {(found.speaks == model).mean():.0%} |")
    print(f"| it, or one that foretells as well | {(found.regret < REGRET).mean():.0%} |")
    print(f"| regret, mean and largest | {found.regret.mean():.4f}, {found.regret.max():.4f} |")
    grades = found.grade.fillna("none").value_counts().sort_index()
    print(f"| grades | {', '.join(f'{name} {n}' for name, n in grades.items())} |", flush=True)


def print_shops(found: pd.DataFrame) -> None:
    """Print a row a shop, and the means."""
    print(
        "| seed | speaks | grade | total off by | slope | no season | | earlier | |",
        end="",
    )
    print(" lift of warnings | of 90 days silent |\n|--:|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for row in found.itertuples():
        print(
            f"| {row.seed} | {row.speaks} | {row.grade} | {row.bias:+.1%} | {row.slope:.2f} | "
            f"{row.bias_raw:+.1%} | {row.slope_raw:.2f} | {row.bias_earlier:+.1%} | "
            f"{row.slope_earlier:.2f} | {row.warned:.2f} | {row.rule:.2f} |"
        )
    asked = {
        "": "In season days",
        "_raw": "Without",
        "_earlier": "Without, cut half a year earlier",
    }
    for end, words in asked.items():
        bias, slope = found[f"bias{end}"], found[f"slope{end}"]
        print(f"\n{words}: total off by {bias.mean():+.1%} in the mean, within 10 % in", end=" ")
        print(
            f"{(bias.abs() <= 0.1).sum()} of {len(found)} shops; slope {slope.mean():.2f}", end=" "
        )
        print(f"in the mean, within .85 to 1.15 in {slope.between(0.85, 1.15).sum()}.")
    ahead = (found.warned > found.rule).sum()
    print(f"\nWarnings are ahead of the rule in lift in {ahead} of {len(found)} shops.")


def share(held: pd.Series) -> str:
    """Write how often something held."""
    return f"{held.dropna().astype(bool).mean():.1%}"


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("seeds", nargs="?", type=int, default=20)
    parser.add_argument("first", nargs="?", type=int, default=1)
    parser.add_argument("--days", action="store_true", help="times are whole days")
    parser.add_argument("--models", default=",".join(TRUTH))
    parser.add_argument("--shop", action="store_true", help="the simulated shop instead")
    return parser.parse_args()


if __name__ == "__main__":
    main(asked())
