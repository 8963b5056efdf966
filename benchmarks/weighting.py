"""What weighting mends of a bias that is planted, and how often the weighted intervals hold.

Run it as ``.venv/bin/python benchmarks/weighting.py [shops] [surveys]``, with 20 shops and 1,000
surveys of each kind where nothing is said; it prints three tables, in about five minutes.

Each shop has a seed of its own and 5,000 customers over three years. Households that answer less
are less content, which weighting by household can mend. The truth is the NPS of the same shop when
everybody answers. In the first table only the household decides who answers; in the second, as in
the sample, the content answer more whatever their household, which no weight made of what is known
of everybody can mend. The base is everybody who was invited, a customer has one voice (the newest
answer), and weights are found as on the page, by household and by household and RFM segment.

The third table draws answers from a population of two variables and twelve cells, of which those
who are less content answer less, weights them to the population, and counts how often the 95 %
interval holds the population's score; beside it the intervals with Kish's effective number of
answers alone, with the linearised one alone (the page takes the smaller), and unweighted.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import yaml
from scipy.stats import norm

from regulars.data.simulate.block import Numbers, simulate_block
from regulars.data.simulate.coefficients import changed
from regulars.data.simulate.company import BLOCK, LAST_DAY, Company
from regulars.errors import StatisticalDoubt
from regulars.measures.engine import beside, table_of
from regulars.measures.surveys.answers import answers, newest_answers
from regulars.measures.surveys.cell_scores import effective_numbers, score_of_cells
from regulars.measures.surveys.groups import customer_groups
from regulars.measures.surveys.raking import merged, raked
from regulars.measures.surveys.weighted import weighted_scores
from regulars.parameters.segments import Tiers

AS_OF = str(LAST_DAY)
CUSTOMERS = 5_000
EVERYBODY = {"response_base": 20.0}
PLANTED = {"the household decides who answers": {"satisfaction_on_response": 0.0},
           "so does satisfaction, as in the sample": {}}  # fmt: skip
WEIGHTED_BY = (["household"], ["household", "segment"])

ANSWERS = (30, 100, 300, 1000)
BASE = np.outer([0.35, 0.30, 0.20, 0.15], [0.5, 0.3, 0.2]).ravel()
ANSWERING = np.outer([0.6, 0.4, 0.25, 0.15], [1.0, 0.8, 0.6]).ravel()
CONTENT = {
    "cells differ": np.add.outer([0.9, 0.5, 0.0, -0.6], [0.2, 0.0, -0.3]).ravel(),
    "cells alike": np.zeros(12),
    "nearly all content": np.add.outer([2.4, 2.1, 1.8, 1.5], [0.2, 0.0, -0.3]).ravel(),
}
MEASURES, SCORES = ("nps", "top_box", "mean"), np.arange(1.0, 6.0)
POINTS = np.array([-1.6, -0.9, -0.3, 0.5])  # between 1|2, 2|3, 3|4 and 4|5 of latent content


def main(shops: int, surveys: int) -> None:
    """Measure so many shops, draw so many surveys of each kind, and print the tables."""
    grid = segments()
    for words, coefficients in PLANTED.items() if shops else ():
        rows = [shop(seed, coefficients, grid) for seed in range(1, shops + 1)]
        print_bias(words, pd.DataFrame(rows), shops)
    print_coverage([row for name in CONTENT for row in covered(name, surveys)], surveys)


def segments() -> list[dict]:
    """Return the RFM segments of the simulated shop."""
    path = Path(__file__).parents[1] / "parameters" / "shop.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))["segments"]


def shop(seed: int, coefficients: dict[str, float], grid: list[dict]) -> dict[str, float]:
    """Return the NPS of the answers, weighted, and of everybody."""
    with changed(**coefficients):
        made = simulated(seed)
    with changed(**{**coefficients, **EVERYBODY}):
        everybody = simulated(seed)
    base = invited(made, grid)
    found = {"truth": nps(everybody, base, ["household"])["value"]}
    for by in WEIGHTED_BY:
        score = nps(made, base, by)
        found |= {"answers": score["value"], " and ".join(by): score["weighted"]}
    return found


def simulated(seed: int) -> dict[str, pa.Table]:
    """Return the tables of a shop, without writing them."""
    company, numbers, blocks = Company(seed=seed, years=3), Numbers(), []
    for block in range(CUSTOMERS // BLOCK):
        tables, numbers = simulate_block(company, block, numbers, size=BLOCK)
        blocks.append(tables)
    names = ("purchases", "customers", "surveys")
    return {name: pa.concat_tables([tables[name] for tables in blocks]) for name in names}


def invited(made: dict[str, pa.Table], grid: list[dict]):
    """Return everybody who was asked for NPS, with household and segment."""
    purchases = made["purchases"].to_pandas()
    purchases = purchases[purchases.customer_id.notna()]
    purchases["day"] = purchases.ordered_at.dt.date
    groups = customer_groups(table_of(purchases), as_of=AS_OF, segments=grid, tiers=Tiers())
    surveys = made["surveys"].to_pandas()
    asked = surveys[surveys.question == "nps"][["customer_id"]].drop_duplicates()
    people = made["customers"].to_pandas()[["customer_id", "household"]]
    base = table_of(asked.merge(people, on="customer_id"))
    return beside(base, groups.select("customer_id", "segment"))


def nps(made: dict[str, pa.Table], base, by: list[str]) -> pd.Series:
    """Return the row of NPS, one voice a customer."""
    surveys = made["surveys"].to_pandas()
    voices = newest_answers(answers(table_of(surveys), as_of=AS_OF))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StatisticalDoubt)
        found = weighted_scores(voices, base, by=by)
    return found[found.question == "nps"].iloc[0]


def print_bias(words: str, rows: pd.DataFrame, shops: int) -> None:
    """Print means over shops with their standard errors, and what part of the bias went."""
    print(f"NPS of {shops} shops of {CUSTOMERS:,} customers: {words}\n")
    print(f"{'':34}{'NPS':>8}{'bias':>8}{'± SE':>7}{'removed':>10}")
    print(f"{'everybody answers':34}{rows.truth.mean():8.1f}")
    before = (rows.answers - rows.truth).mean()
    for name in rows.columns.drop("truth"):
        bias = rows[name] - rows.truth
        error = bias.std() / np.sqrt(shops)
        label = "answers, unweighted" if name == "answers" else f"weighted by {name}"
        removed = "" if name == "answers" else f"{100 * (1 - bias.mean() / before):9.0f} %"
        print(f"{label:34}{rows[name].mean():8.1f}{bias.mean():8.1f}{error:7.1f}{removed:>11}")
    print()


def covered(name: str, surveys: int) -> list[dict[str, object]]:
    """Draw surveys of each size and count how often each kind of interval holds the truth."""
    chances, rows = np.array(list(map(scores_at, CONTENT[name]))), []
    drawn = BASE * ANSWERING / (BASE * ANSWERING).sum()
    for n in ANSWERS:
        rng = np.random.default_rng(n)
        held = [held_by(one_survey(rng, n, drawn, chances), chances) for _ in range(surveys)]
        means = pd.concat(held).groupby(level=0, sort=False).mean()
        found = len(pd.concat(held)) / len(MEASURES) / surveys
        rows += [
            {"population": name, "n": n, "found": found, "measure": one, **means.loc[one]}
            for one in MEASURES
        ]
    return rows


def scores_at(content: float) -> np.ndarray:
    """Return the chances of the scores 1 to 5 where latent content has this mean."""
    below = norm.cdf(POINTS - content)
    return np.diff([0.0, *below, 1.0])


def one_survey(
    rng: np.random.Generator, n: int, drawn: np.ndarray, chances: np.ndarray
) -> pd.DataFrame:
    """Draw n answers, and sum them up in cells beside the population."""
    counts = rng.multinomial(n, drawn)
    scores = np.array([rng.multinomial(m, p) for m, p in zip(counts, chances, strict=True)])
    first, second = np.divmod(np.arange(12), 3)
    cells = pd.DataFrame({"first": first.astype(str), "second": second.astype(str)})
    return cells.assign(
        base=10_000 * BASE, answers=counts, up=scores[:, 3:].sum(axis=1),
        down=scores[:, :2].sum(axis=1), total=scores @ SCORES, squares=scores @ SCORES**2,
    )  # fmt: skip


def held_by(cells: pd.DataFrame, chances: np.ndarray) -> pd.DataFrame:
    """Tell for each measure which intervals hold the score of the population."""
    together, _ = merged(cells, ["first", "second"])
    weight = raked(together, ["first", "second"]).weight
    if weight is None:
        return pd.DataFrame()
    shares = BASE @ chances
    truth = {"nps": 100 * (shares[3:].sum() - shares[:2].sum()), "top_box": shares[3:].sum()}
    truth |= {"mean": shares @ SCORES}
    rows = {name: held_kinds(cells, weight, name, value) for name, value in truth.items()}
    return pd.DataFrame(rows).T


def held_kinds(
    cells: pd.DataFrame, weight: pd.Series, measure: str, truth: float
) -> dict[str, float]:
    """Return 1 for each kind of interval that holds the truth."""
    kish, linear = effective_numbers(cells, weight, measure)
    plain, n = pd.Series(1.0, cells.index), float(cells.answers.sum())
    kinds = {"weighted": (weight, min(kish, linear)), "Kish alone": (weight, kish),
             "linearised alone": (weight, linear), "unweighted": (plain, n)}  # fmt: skip
    found = {name: score_of_cells(cells, weights, measure, effective=number)
             for name, (weights, number) in kinds.items()}  # fmt: skip
    return {name: float(one["low"] <= truth <= one["high"]) for name, one in found.items()}


def print_coverage(rows: list[dict[str, object]], surveys: int) -> None:
    """Print how often the intervals hold the truth, in %."""
    table = pd.DataFrame(rows)
    kinds = ["found", *table.columns[4:]]
    table[kinds] = (100 * table[kinds].astype(float)).round(1)
    print(f"How often 95 % intervals hold the truth [%], {surveys:,} surveys each; found: for how")
    print("many of them there are weights (of the others the page shows plain scores only)\n")
    print(table.to_string(index=False))


if __name__ == "__main__":
    told = [int(argument) for argument in sys.argv[1:]]
    main(*told, *(20, 1000)[len(told) :])
