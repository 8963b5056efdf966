"""How long loyalty takes with a million customers, and how much memory, beside pandas.

Run it as ``.venv/bin/python benchmarks/loyalty.py [customers …]``, with 100,000 and 1,000,000
customers where nothing is said; it prints a table for each. The shop is that of
`regulars.data.simulate` over three years (a million customers buy 11 million lines and are asked 6
million times), written as the cleaned tables of a workbook.

- The measures of 05_loyalty, 08_surveys, 09_retention and 10_targets, in their order and as the
  notebooks call them, each notebook in a process of its own, as in a run.
- Beside them two that others do as well, in pandas and lifelines on all rows in memory: NPS by
  region, and the Kaplan-Meier curve of the second purchase. That both find the same is checked.

Peak memory is the process's own (``ru_maxrss``). The engine may take 1 GB and spills what is above
it. Seconds belong to the machine; the ratio is what to compare.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

REPOSITORY = Path(__file__).resolve().parents[1]
AS_OF, BEGINS, PERIOD, DAYS = "2025-12-31", "2024-12-31", 365, 90
SEED, YEARS, BATCH = 7, 3, 50
LIMIT = 3000  # MB
MAKE = "make"
WHO = "'c-' || substr(md5(customer_id), 1, 20) AS customer_id"
MONEY = ", ".join(
    f"{name}::DECIMAL(18, 4) AS {name}"
    for name in ("amount", "quantity", "unit_price", "cost", "discount")
)
TABLES = {
    "purchases": f"""
        SELECT * EXCLUDE (__who) REPLACE ({WHO}, {MONEY}), 'EUR' AS currency,
            ordered_at::DATE AS day, false AS is_outlier FROM '{{made}}/purchases-*.parquet'
        ANTI JOIN (SELECT order_id, product_id FROM '{{made}}/purchases-*.parquet'
                   WHERE kind = 'cancellation') USING (order_id, product_id)
        WHERE customer_id IS NOT NULL""",
    "customers": f"""
        SELECT {WHO}, kind, signed_up_at, birth_date, gender, region, occupation, income_band,
            education, household FROM '{{made}}/customers-*.parquet'""",
    "surveys": f"""
        SELECT * EXCLUDE (__who) REPLACE ({WHO}, score::DECIMAL(18, 4) AS score,
            scale_max::DECIMAL(18, 4) AS scale_max) FROM '{{made}}/surveys-*.parquet'""",
    "interactions": f"""
        SELECT * EXCLUDE (__who) REPLACE ({WHO}) FROM '{{made}}/interactions-*.parquet'""",
    "targets": """
        SELECT month::DATE AS period, metric, target::DECIMAL(18, 4) AS target, 'sales' AS owner
        FROM range(DATE '2023-01-01', DATE '2026-01-01', INTERVAL 1 MONTH) months(month),
            (VALUES ('nps', 20), ('new_customers', 900), ('wallet', 150)) wanted(metric, target)""",
}
MADE = ("purchases", "customers", "surveys", "interactions")


def main(sizes: list[int]) -> None:
    """Make each shop, measure it, and print what was found."""
    for customers in sizes:
        with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as folder:
            # Made in a process of its own: its peak would be handed on to those measured.
            subprocess.run([sys.executable, __file__, MAKE, folder, str(customers)], check=True)
            print_measures(customers, {side: measured(side, folder) for side in SIDES})


def make_tables(root: Path, customers: int) -> None:
    """Write the cleaned tables of a simulated shop, block by block."""
    from regulars.data.simulate.block import Numbers, simulate_block
    from regulars.data.simulate.company import BLOCK, Company

    company, numbers, waiting = Company(seed=SEED, years=YEARS), Numbers(), []
    made, clean = root / "made", root / "data" / "work" / "many" / "clean"
    for folder in (made, clean):
        folder.mkdir(parents=True)
    blocks = -(-customers // BLOCK)
    for block in range(blocks):
        size = min(BLOCK, customers - block * BLOCK)
        tables, numbers = simulate_block(company, block, numbers, size=size)
        waiting.append(tables)
        if len(waiting) == BATCH or block == blocks - 1:
            for name in MADE:
                rows = pa.concat_tables([one[name] for one in waiting])
                pq.write_table(rows, made / f"{name}-{block}.parquet")
            waiting = []
    engine = duckdb.connect(config={"temp_directory": str(root), "memory_limit": "1GB"})
    for name, rows in TABLES.items():
        told = rows.format(made=made)
        engine.sql(f"COPY ({told}) TO '{clean}/{name}.parquet' (FORMAT parquet)")


def measured(side: str, folder: str) -> dict:
    """Run one side in a process of its own."""
    told = os.environ | {"REGULARS_ROOT": folder}
    command = [sys.executable, __file__, side]
    ran = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{side} failed:\n{ran.stderr}")
    return json.loads(ran.stdout.splitlines()[-1])


class Timed:
    """Measure one after the other, and remember the seconds of each."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, measure: Callable[[], object]) -> object:
        """Return what a measure gives."""
        began = time.perf_counter()
        found = measure()
        self.seconds[name] = time.perf_counter() - began
        print(f"{name}: {self.seconds[name]:.1f} s", file=sys.stderr, flush=True)
        return found

    def told(self, **more: object) -> dict:
        """Return seconds, peak memory of the process (MB), and more."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        return {"seconds": self.seconds, "peak": peak, **more}


def opened() -> tuple:
    """Return the store, its tables, and what the workbook shop is told."""
    from regulars.data.store import Store
    from regulars.measures import loyalty
    from regulars.parameters import read_parameters

    store = Store("many")
    told = read_parameters(REPOSITORY / "parameters" / "shop.yaml")
    grid = [segment.model_dump() for segment in told.segments]
    return store, {name: store.read(f"clean/{name}") for name in TABLES}, loyalty, told, grid


def loyalty_notebook() -> dict:
    """Measure what 05_loyalty does."""
    store, tables, measure, told, grid = opened()
    purchases, surveys, timed = tables["purchases"], tables["surveys"], Timed()
    boxes = {"top_boxes": told.survey_rules.top_boxes}
    said = measure.answers(surveys, as_of=AS_OF, since=BEGINS, **boxes)
    voices = measure.newest_answers(said)

    def rates() -> object:
        windows = measure.window_rates(purchases, as_of=AS_OF)
        return measure.rate_change(purchases, *measure.compared_windows(windows))

    def index() -> object:
        rows = measure.loyalty_index(purchases, told.loyalty_index, as_of=AS_OF, voices=voices)
        return store.write("results/loyalty", rows.order_by("customer_id"))

    def ends() -> object:
        profile = measure.customer_profile(purchases, as_of=AS_OF, since=BEGINS)
        known = measure.began_with(purchases, as_of=AS_OF)
        profile = measure.with_attributes(profile, known, tables["customers"])
        return measure.describe_ends(profile, indexed, voices=voices), measure.sets_apart(
            profile, indexed
        )

    timed("rate by quarter", rates)
    timed("second purchase", lambda: measure.repurchase_curve(purchases, as_of=AS_OF))
    timed("scores", lambda: measure.overall_scores(voices))
    rule = {"as_of": AS_OF, "days": DAYS, "segments": grid, **boxes}
    timed("word and deed", lambda: measure.word_and_deed(surveys, purchases, **rule))
    timed("foresight", lambda: measure.foresight(surveys, purchases, as_of=AS_OF, days=PERIOD))
    indexed = timed("index", index)
    timed("ends of the index", ends)
    timed("its stability", lambda: measure.index_stability(indexed, told.loyalty_index))
    return timed.told()


def surveys_notebook() -> dict:
    """Measure what 08_surveys does."""
    store, tables, measure, told, grid = opened()
    purchases, surveys, people = (tables[name] for name in ("purchases", "surveys", "customers"))
    rules, timed = told.survey_rules, Timed()
    boxes = {"top_boxes": rules.top_boxes}
    said = measure.answers(surveys, as_of=AS_OF, since=BEGINS, **boxes)
    voices = measure.newest_answers(said)
    ever = measure.answers(surveys, as_of=AS_OF, **boxes)
    told_of = {"segments": grid, "tiers": told.tiers}

    def who_answered() -> object:
        first = measure.first_asked(asked)
        found = measure.known_before(first, purchases, customers=people, groups=before)
        return measure.who_answered(
            first, store.write("results/asked", found.order_by("customer_id"))
        )

    def topics() -> object:
        written = measure.comments(surveys, as_of=AS_OF, since=BEGINS)
        return measure.how_many_wrote(written), measure.topic_counts(written, rules.topics)

    now = {"as_of": AS_OF, "customers": people, **told_of}
    groups = timed(
        "groups, now",
        lambda: store.write("results/groups_now", measure.customer_groups(purchases, **now)),
    )
    then = {"as_of": BEGINS, **told_of}
    before = timed(
        "groups, before",
        lambda: store.write("results/groups_before", measure.customer_groups(purchases, **then)),
    )
    timed("by quarter", lambda: measure.scores_by_period(ever, as_of=AS_OF))
    timed("two waves", lambda: measure.compare_waves(ever, as_of=AS_OF, period_days=PERIOD))
    timed("groups compared", lambda: measure.compare_groups(voices, groups, by=rules.groups))
    old = {"as_of": AS_OF, "response_days": rules.response_days, "since": BEGINS}
    asked = measure.invitations(surveys, **old)
    timed("response", lambda: (measure.response_rate(asked), measure.response_by_question(asked)))
    timed("who answered", who_answered)
    timed("weighted", lambda: measure.weighted_scores(voices, groups, by=rules.weight_by))
    timed("topics", topics)
    timed("drivers", lambda: measure.drivers(said))
    return timed.told()


def retention_notebook() -> dict:
    """Measure what 09_retention does."""
    _, tables, measure, told, grid = opened()
    purchases, timed, when = tables["purchases"], Timed(), {"as_of": AS_OF}
    every, by = told.cohorts.every, told.cohorts.by
    before, now = measure.windowed_segments(purchases, **when, period_days=PERIOD, grid=grid)

    def waiting() -> object:
        asked = ("channel", "category", "campaign_id")
        came = {one: measure.waiting_counts(purchases, **when, by=one) for one in asked}
        return measure.waiting_tests(came, days=DAYS), measure.waiting_groups(
            came["channel"], days=DAYS
        )

    def wallet() -> object:
        given = measure.wallet_targets(tables["targets"], **when, since=BEGINS)
        return measure.wallet_share(purchases, given, before, **when, since=BEGINS)

    def even() -> object:
        return measure.regularity(purchases, **when), measure.spread_quartiles(purchases, **when)

    period = {**when, "since": BEGINS, "days": DAYS}
    timed("segments before", lambda: measure.segment_rates(purchases, before, now, **period))
    timed("waiting", waiting)
    timed("repeats", lambda: measure.repeat_rates(purchases, **when, days=DAYS))
    timed("gaps", lambda: measure.gaps_between_purchases(purchases, **when))
    timed("regularity", even)
    timed("wallet", wallet)
    triangle = timed("cohorts", lambda: measure.shown_cohorts(purchases, **when, every=every))
    timed(
        "cohorts by channel",
        lambda: measure.cohort_groups(purchases, triangle, **when, every=every, by=by),
    )
    return timed.told()


def targets_notebook() -> dict:
    """Measure what 10_targets does."""
    _, tables, measure, told, _ = opened()
    timed, boxes = Timed(), told.survey_rules.top_boxes
    months = timed("months", lambda: measure.kpi_months(tables, as_of=AS_OF, top_boxes=boxes))
    timed("targets", lambda: measure.judged_targets(tables["targets"], months, as_of=AS_OF))
    timed("limits", lambda: measure.kpi_limits(months))
    return timed.told()


def with_regulars() -> dict:
    """Do what both sides do: NPS by region, and the curve of the second purchase."""
    _, tables, measure, _, _ = opened()
    timed = Timed()

    def nps() -> object:
        voices = measure.newest_answers(
            measure.answers(tables["surveys"], as_of=AS_OF, since=BEGINS)
        )
        regions = tables["customers"].select("customer_id", "region")
        counted = measure.tallies(measure.in_groups(voices, regions, "region"), by="region")
        return measure.suppressed_scores(counted[counted.question == "nps"], "region")

    found = timed("NPS by region", nps).dropna(subset="region")
    curve = timed(
        "second purchase", lambda: measure.repurchase_curve(tables["purchases"], as_of=AS_OF)
    )
    share = measure.repurchase_within(curve, days=DAYS).value
    return timed.told(nps=dict(zip(found.region, found.value, strict=True)), share=share)


def with_pandas() -> dict:
    """Do the same in pandas and lifelines, all rows in memory."""
    import pandas as pd
    from lifelines import KaplanMeierFitter

    timed, last, since = Timed(), pd.Timestamp(AS_OF), pd.Timestamp(BEGINS)
    clean = Path(os.environ["REGULARS_ROOT"]) / "data" / "work" / "many" / "clean"

    def nps() -> pd.Series:
        columns = ["customer_id", "question", "responded_at", "score"]
        rows = pd.read_parquet(clean / "surveys.parquet", columns=columns)
        rows = rows[(rows.question == "nps") & rows.score.notna()]
        rows = rows[rows.responded_at.dt.normalize().between(since, last, inclusive="right")]
        rows = rows.assign(score=rows.score.astype(float))
        order = ["customer_id", "responded_at", "score"]
        rows = rows.sort_values(order, ascending=[True, False, True])
        rows = rows.drop_duplicates("customer_id")
        people = pd.read_parquet(clean / "customers.parquet", columns=["customer_id", "region"])
        rows = rows.merge(people, on="customer_id")
        points = (rows.score >= 9).astype(int) - (rows.score <= 6).astype(int)
        return 100 * points.groupby(rows.region).mean()

    def share() -> float:
        columns = ["customer_id", "day", "kind"]
        rows = pd.read_parquet(clean / "purchases.parquet", columns=columns)
        rows = rows[rows.kind == "sale"].drop_duplicates(["customer_id", "day"])
        rows = rows.assign(day=pd.to_datetime(rows.day)).sort_values(["customer_id", "day"])
        rows = rows[rows.groupby("customer_id").cumcount() < 2]
        ends = rows.groupby("customer_id").day.agg(["min", "max", "size"])
        again = ends["size"] > 1
        waited = (ends["max"].where(again, last) - ends["min"]).dt.days
        fitted = KaplanMeierFitter().fit(waited, again)
        return 1 - float(fitted.predict(DAYS))

    found = timed("NPS by region", nps).to_dict()
    return timed.told(nps=found, share=timed("second purchase", share))


NOTEBOOKS = {
    "05_loyalty": loyalty_notebook,
    "08_surveys": surveys_notebook,
    "09_retention": retention_notebook,
    "10_targets": targets_notebook,
}
SIDES = {**NOTEBOOKS, "regulars": with_regulars, "pandas": with_pandas}


def print_measures(customers: int, found: dict[str, dict]) -> None:
    """Print the tables of one shop."""
    print(f"\n{customers:,} customers, {os.cpu_count()} cores\n")
    print("| notebook | measure | s | peak, MB |\n|---|---|--:|--:|")
    for name in NOTEBOOKS:
        one = found[name]
        for measure, seconds in one["seconds"].items():
            print(f"| | {measure} | {seconds:.1f} | |")
        total = sum(one["seconds"].values())
        print(f"| **{name}** | **all** | **{total:.1f}** | **{one['peak']:,.0f}** |")
    ours, theirs = found["regulars"], found["pandas"]
    print("\n| what both do | regulars, s | pandas and lifelines, s |\n|---|--:|--:|")
    for name, seconds in ours["seconds"].items():
        print(f"| {name} | {seconds:.1f} | {theirs['seconds'][name]:.1f} |")
    print(f"| **peak memory, MB** | **{ours['peak']:,.0f}** | **{theirs['peak']:,.0f}** |")
    times = [sum(one["seconds"].values()) for one in (ours, theirs)]
    print(
        f"\n{times[0] / times[1]:.2f} of their time, {ours['peak'] / theirs['peak']:.2f} of ",
        end="",
    )
    most = max(found[name]["peak"] for name in NOTEBOOKS)
    print(f"their memory; {'under' if most < LIMIT else 'OVER'} the limit of {LIMIT:,} MB.")
    same = (
        abs(ours["share"] - theirs["share"]) < 1e-9 and ours["nps"].keys() == theirs["nps"].keys()
    )
    same &= all(abs(ours["nps"][name] - theirs["nps"][name]) < 1e-9 for name in ours["nps"])
    print(f"The same on both sides: {same}.")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in SIDES:
        print(json.dumps(SIDES[sys.argv[1]]()))
    elif sys.argv[1:2] == [MAKE]:
        make_tables(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sizes = [int(told.replace(",", "")) for told in sys.argv[1:]]
        main(sizes or [100_000, 1_000_000])
