"""Whether word and deed finds what was planted in the simulated shop, and nothing where none was.

Run it as ``.venv/bin/python benchmarks/planted.py [seeds [first seed]]``; it prints a table. Each
seed is a shop of 5,000 customers over three years, made twice: as `regulars.data.simulate` makes
it, where the satisfied leave later, and with no effect of satisfaction on who leaves. The tables go
to the engine as they are made, without intake, which has nothing to clean in them.

What counts is what 05_loyalty would claim, by its own rules: that one band buys again sooner and
more often than another (`measures.deeds.claims`), the same within segments, that what one band
spends changed more, and that answers tell who buys beyond RFM (`measures.deeds.foresight`).
"""

import sys
from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from regulars.data.simulate.block import Numbers, simulate_block
from regulars.data.simulate.coefficients import changed
from regulars.data.simulate.company import BLOCK, LAST_DAY, Company
from regulars.measures.deeds.after import after_answers, waits, with_segment_before
from regulars.measures.deeds.claims import adjusted, comparisons, confirmed
from regulars.measures.deeds.foresight import ADDS, TOO_FEW, foresight
from regulars.measures.deeds.spending import spending_compared
from regulars.measures.surveys.answers import answers
from regulars.parameters.writing import SEGMENTS

CUSTOMERS, YEARS, DAYS = 5000, 3, 90
AS_OF = str(LAST_DAY)
GRID = yaml.safe_load(SEGMENTS)["segments"]
WORLDS = {"planted": {}, "nothing planted": {"satisfaction_on_dropout": 0.0}}
TABLES = ("purchases", "surveys")
WORDS = {
    "promoters": "promoters come back more than detractors",
    "detractors": "detractors come back more than promoters",
    "any": "any of the three comparisons (NPS, CSAT)",
    "any_within_segments": "any of them within segments",
    "any_spending": "any difference in how spending changed",
    "any_foresight": "any answer (NPS, CSAT, CES) tells more than RFM",
}


def main(seeds: int, first: int = 1) -> None:
    """Measure so many shops of each world and print the table."""
    found = []
    for seed in range(first, first + seeds):
        for world, other in WORLDS.items():
            # An engine of its own, so that the tables of a shop do not outlive it.
            engine = ibis.duckdb.connect()
            with changed(**other):
                purchases, surveys = shop(seed, engine)
            found.append({"world": world, "seed": seed, **claimed(purchases, surveys)})
            print(found[-1], file=sys.stderr, flush=True)
            engine.disconnect()
    print_table(pd.DataFrame(found), seeds)


def shop(seed: int, engine: ibis.BaseBackend) -> tuple[ir.Table, ir.Table]:
    """Make a shop, and return its purchases as they are after cleaning, and its surveys."""
    blocks = list(simulated(seed))
    lines, surveys = (pa.concat_tables([block[name] for block in blocks]) for name in TABLES)
    lines = lines.append_column("day", lines["ordered_at"].cast(pa.date32()))
    engine.con.register("lines", lines.filter(pc.is_valid(lines["customer_id"])))
    engine.con.register("surveys", surveys)
    lines = engine.table("lines")
    taken_back = lines.filter(lines.kind == "cancellation").select("order_id", "product_id")
    kept = lines.anti_join(taken_back, ["order_id", "product_id"])
    return kept, engine.table("surveys")


def simulated(seed: int) -> Iterator[dict[str, pa.Table]]:
    """Yield the tables of the shop, a thousand customers at a time."""
    company, numbers = Company(seed=seed, years=YEARS), Numbers()
    for block in range(CUSTOMERS // BLOCK):
        tables, numbers = simulate_block(company, block, numbers, size=BLOCK)
        yield tables


def claimed(purchases: ir.Table, surveys: ir.Table) -> dict[str, object]:
    """Return what 05_loyalty would claim of a shop."""
    asked = surveys.filter(surveys.question.isin(["nps", "csat"]))
    after = after_answers(answers(asked, as_of=AS_OF), purchases, as_of=AS_OF, days=DAYS)
    plain = comparisons(waits(after), days=DAYS)
    within = adjusted(waits(with_segment_before(after, GRID), by=["segment"]), days=DAYS)
    compared = confirmed(plain, within)
    extremes = compared.set_index(["band", "other"]).loc[("promoter", "detractor")]
    foreseen = foresight(surveys, purchases, as_of=AS_OF).set_index("question").verdict
    return {
        "difference": float(extremes.difference),
        "promoters": bool(extremes.claimed and extremes.difference > 0),
        "detractors": bool(extremes.claimed and extremes.difference < 0),
        "any": bool(compared.claimed.any()),
        "any_within_segments": bool(within.claimed.any()),
        "any_spending": bool(spending_compared(after).claimed.any()),
        "any_foresight": bool((foreseen == ADDS).any()),
        "too_few": int((foreseen == TOO_FEW).sum()),
    }


def print_table(found: pd.DataFrame, seeds: int) -> None:
    """Print in which share of the seeds each claim was made."""
    print(f"{seeds} seeds, {CUSTOMERS:,} customers, {YEARS} years, h = {DAYS} days\n")
    print("| claimed | planted | nothing planted |\n|---|--:|--:|")
    of = {world: found[found.world == world] for world in WORLDS}
    for name, words in WORDS.items():
        print(
            f"| {words} | " + " | ".join(f"{rows[name].mean():.0%}" for rows in of.values()) + " |"
        )
    means = " | ".join(f"{100 * rows.difference.mean():+.1f}" for rows in of.values())
    print(f"| promoters − detractors within h, mean (points) | {means} |")


if __name__ == "__main__":
    main(*(int(told) for told in sys.argv[1:]) if len(sys.argv) > 1 else (100,))
