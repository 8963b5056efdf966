"""Whether what 12_contracts says of contracts holds where the truth is known.

Run it as ``.venv/bin/python benchmarks/contracts.py [shops [first seed]]``; it prints two tables.
Each shop has 5,000 customers over three years, about one in seven with a contract, as
`regulars.data.simulate` makes them: once with chances to end that differ as a beta says (α .8,
β 4.2), once with nearly the same chance for all, where a constant rate is right. Nothing differs
between plans. The contracts go to the engine as they are made.
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
from regulars.measures.contracts.shifted_beta_geometric import survival
from regulars.measures.engine import table_of

CUSTOMERS, YEARS, HOLDOUT, HORIZON = 5000, 3, 365, 24
TERMS = measure.Terms(HORIZON)
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
    base = float(periods_to_come(truth, fees.age.to_numpy(), TERMS) @ fees.fees.to_numpy())
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
