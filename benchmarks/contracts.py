"""Whether what 12_contracts says of contracts holds where the truth is known.

Run it as ``.venv/bin/python benchmarks/contracts.py [shops [first seed]]``; it prints three tables.
Each shop has 5,000 customers over three years, about one in seven with a contract, as
`regulars.data.simulate` makes them: once with chances to end that differ as a beta says (α .8,
β 4.2), once with nearly the same chance for all, where a constant rate is right. Nothing differs
between plans. The contracts go to the engine as they are made.

The third table holds the value of running contracts against what they paid, where contracts end on
renewal days and where they end on any day of the period, beside what would have been told if all
endings were taken for those of renewal days.
"""

import sys

import numpy as np
import pandas as pd
import pyarrow as pa

from regulars.data.simulate.coefficients import changed, coefficient
from regulars.data.simulate.company import BLOCK, LAST_DAY, Company
from regulars.data.simulate.contracts import subscriptions
from regulars.data.simulate.people import people
from regulars.measures import subscriptions as measure
from regulars.measures.contracts.contract_value import survival_at
from regulars.measures.contracts.discounting import periods_ahead, periods_to_come
from regulars.measures.contracts.shifted_beta_geometric import fit_renewals, survival
from regulars.measures.engine import fetch, table_of

CUSTOMERS, YEARS, HOLDOUT, HORIZON = 5000, 3, 365, 24
TERMS = measure.Terms(HORIZON)
WAYS = {"month": (3, 24), "quarter": (3, 8), "year": (6, 5)}  # years known, periods to come
ENDINGS = {"on renewal days": False, "on any day": True}
WORLDS = {
    "chances differ": {},
    "one chance for all": {"renewal_alpha": 160.0, "renewal_beta": 840.0},
}


def main(shops: int, first: int = 1) -> None:
    """Measure so many shops of each world and print the tables."""
    found = []
    for seed in range(first, first + shops):
        for world, other in WORLDS.items():
            with changed(**other):
                told = {**measured(seed), "world": world}
            print(told, file=sys.stderr, flush=True)
            found.append(told)
    rows = pd.DataFrame(found)
    print_coverage(rows[(rows.world == "chances differ") & rows.speaks])
    print_verdicts(rows)
    print_endings(min(shops, 20), first)


def contracts_of(seed: int) -> pd.DataFrame:
    """Make the contracts of a shop."""
    company = Company(seed=seed, years=YEARS)
    blocks = [
        subscriptions(company, people(company, block), block) for block in range(CUSTOMERS // BLOCK)
    ]
    return pa.concat_tables(blocks).to_pandas()


def measured(seed: int) -> dict[str, object]:
    """Return what the notebook would say of a shop, and whether it holds the truth."""
    lives = measure.contract_lives(table_of(contracts_of(seed)), as_of=str(LAST_DAY))
    told = measure.contract_outlook(lives, as_of=str(LAST_DAY), holdout_days=HOLDOUT)
    expected, actual = measure.back_tested(told.contested, told.judged)
    found = {
        "speaks": told.judged.speaks,
        "fitted": told.judged.model is not None,
        "by_plan": told.judged.speaks and len(told.fits) > 1,
        "differ": told.differ.p < 0.05 if told.differ else np.nan,
        "renewals": _holds(expected, actual) if expected else np.nan,
    }
    if not told.judged.speaks or not told.fits:
        return found
    pooled = {measure.ALL: told.fits[measure.ALL]}
    return {**found, **covered(pooled, lives)}


def covered(fits: dict, lives: object) -> dict[str, object]:
    """Say which intervals of the fit on everything known hold the truth."""
    truth = (coefficient("renewal_alpha"), coefficient("renewal_beta"))
    fitted, fees = fits[measure.ALL], measure.running_fees(lives)
    alpha, beta = fitted.estimates.values()
    new = measure.new_value(fits, fees, TERMS, plans=["basic"], seed=1)
    told = measure.base_value(fits, fees, TERMS, seed=1)
    to_come = periods_to_come(truth, fees.age.to_numpy(), TERMS, gone=fees.gone.to_numpy())
    base = float(to_come @ fees.fees.to_numpy())
    ahead = survival_at(fitted, HORIZON, seed=1)
    value = float(periods_ahead(truth, TERMS)) * new.fee[0]
    return {
        "alpha": _holds(alpha, truth[0]),
        "beta": _holds(beta, truth[1]),
        "log_alpha_bias": np.log(fitted.alpha / truth[0]),
        "log_beta_bias": np.log(fitted.beta / truth[1]),
        "survival": _holds(ahead, float(survival(truth, HORIZON))),
        "new": bool(new.low[0] <= value <= new.high[0]),
        "base": _holds(told, base),
        "base_error": told.value / base - 1,
    }


def _holds(estimate: object, truth: float) -> bool:
    return bool(estimate.low <= truth <= estimate.high)


def print_coverage(rows: pd.DataFrame) -> None:
    """Print how often the 95 % intervals held the truth."""
    print(f"\n{len(rows)} shops whose model may speak, {CUSTOMERS:,} customers each\n")
    print("| 95 % interval of | holds the truth |\n|---|--:|")
    words = {
        "alpha": "α",
        "beta": "β",
        "survival": f"survival of {HORIZON} months",
        "new": "value of a new contract",
        "base": "value of the running contracts",
        "renewals": "contracts that end in the year held back",
    }
    for name, said in words.items():
        print(f"| {said} | {rows[name].astype(float).mean():.1%} |")
    print(f"\nmedian error: ln α {rows.log_alpha_bias.median():+.3f}, ", end="")
    print(f"ln β {rows.log_beta_bias.median():+.3f}, base {rows.base_error.median():+.2%}\n")


def ended(every: str, *, within: bool, seed: int) -> pd.DataFrame:
    """Make contracts, as many as customers, that end on renewal days or on any day."""
    rng, months = np.random.default_rng(seed), measure.MONTHS[every]
    span, last = 12 * WAYS[every][0], np.datetime64(str(LAST_DAY), "M")
    first, day = last - rng.integers(1, span + 1, CUSTOMERS), rng.integers(0, 28, CUSTOMERS)
    truth = (coefficient("renewal_alpha"), coefficient("renewal_beta"))
    periods = np.minimum(rng.geometric(np.maximum(rng.beta(*truth, CUSTOMERS), 1e-9)), 480)

    def renewed(times: np.ndarray) -> np.ndarray:
        return (first + times * months).astype("datetime64[D]") + day

    part = np.ceil(rng.random(CUSTOMERS) * (renewed(periods) - renewed(periods - 1)).astype(int))
    over = renewed(periods - 1) + part.astype(int) if within else renewed(periods)
    rows = {"customer_id": np.arange(CUSTOMERS).astype(str), "fee": 1.0, "periods": periods}
    return pd.DataFrame({**rows, "started_at": renewed(0), "ended_at": over})


def told_and_paid(every: str, *, within: bool, seed: int) -> tuple[float, float]:
    """Return the value told over what was paid: as it is, and blind to when contracts end."""
    rows, horizon = ended(every, within=within, seed=seed), WAYS[every][1]
    known = rows.assign(ended_at=rows.ended_at.where(rows.ended_at <= str(LAST_DAY)))
    lives = measure.contract_lives(table_of(known), as_of=str(LAST_DAY), every=every)
    fits = {measure.ALL: fit_renewals(measure.count_lives(lives))}
    fees, terms = measure.running_fees(lives), measure.Terms(horizon, every, 0.0)
    running = fetch(lives.filter(lives.running)).set_index("customer_id")
    still = rows.set_index("customer_id").periods.reindex(running.index) - 1 - running.age
    paid = float(still.clip(0, horizon).sum()) * measure.MONTHS[every]
    told, blind = (
        measure.base_value(fits, sums, terms, seed=1).value / paid
        for sums in (fees, fees.assign(gone=0.0))
    )
    return told, blind


def print_endings(runs: int, first: int) -> None:
    """Print what was told of running contracts over what they paid, in the mean of all runs."""
    print(f"\n{runs} runs of {CUSTOMERS:,} contracts: value told over what was paid\n")
    print("| renewed every | contracts end | told | blind |\n|---|---|--:|--:|")
    for every in WAYS:
        for name, within in ENDINGS.items():
            ratios = [
                told_and_paid(every, within=within, seed=seed)
                for seed in range(first, first + runs)
            ]
            told, blind = np.mean(ratios, axis=0)
            print(f"| {every} | {name} | {told:.3f} | {blind:.3f} |")


def print_verdicts(rows: pd.DataFrame) -> None:
    """Print how often the model could be fitted, spoke, and found plans to differ."""
    print("| of all shops | " + " | ".join(WORLDS) + " |\n|---|--:|--:|")
    words = {
        "fitted": "the model can be fitted before the cut",
        "speaks": "and beats a constant rate, so that it speaks",
        "by_plan": "and speaks by plan",
        "differ": "plans differ by the likelihood ratio test",
    }
    for name, said in words.items():
        shares = [rows.loc[rows.world == world, name].astype(float).mean() for world in WORLDS]
        print(f"| {said} | " + " | ".join(f"{share:.1%}" for share in shares) + " |")


if __name__ == "__main__":
    main(*(int(told) for told in sys.argv[1:]) if len(sys.argv) > 1 else (200,))
