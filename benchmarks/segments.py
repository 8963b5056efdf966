"""How long groups of a million customers take, and how much memory, beside the same in pandas.

Run it as ``.venv/bin/python benchmarks/segments.py [customers]``, with 1,000,000 customers where
nothing is said; it prints the tables of the README. Two things are measured:

- The measures of 04_segments on purchases that the engine makes: 23 months, orders of one to three
  lines, all columns, returns, contacts and two campaigns. The store holds them already. Each side
  runs in a process of its own, writes one row per customer as Parquet for each measure, and sums it
  up. pandas does five of the measures, on all rows in memory; that both find the same groups is
  checked at the end. Peak memory is the process's own (``ru_maxrss``). pandas first reads the
  columns it needs; the engine reads them again for each measure.
- 03_customer_base and 04_segments of the workbook journey (1.5 million lines), side by side as
  ``regulars run`` has them, if that workbook has been taken in (``make journey``).

Seconds belong to the machine; the ratio is what to compare. The limits are 3 GB for a million
customers, and 30 s for both notebooks on two cores.
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
import segments_journey
import segments_pandas

AS_OF, DAYS, PERIOD = "2025-12-31", 700, 350
ORDERS = """
SELECT i, o, 'c-' || substr(md5(i::VARCHAR), 1, 20) AS customer_id,
    first + CASE o WHEN 0 THEN 0 ELSE hash(i * 64 + o) % ({days} - first) END AS since
FROM (SELECT i, hash(i * 11) % {days} AS first,
             (0.05 - ln((1 + hash(i * 13) % 1000000) / 1000001) * 6)
             * ({days} - hash(i * 11) % {days}) / {days} AS most
      FROM range({customers}) numbers(i)), range(60) orders(o) WHERE o <= most
"""
LINES = """
SELECT customer_id, (DATE '{as_of}' - ({days} - 1 - since::INT))::DATE AS day, day
           + to_seconds((28800 + hash(i * 64 + o + 5) % 43200)::INT) AS ordered_at,
    (unit_price * quantity - discount)::DECIMAL(18, 4) AS amount, 'o' || i || '-' || o AS order_id,
    'p' || product AS product_id, 'category ' || chr((97 + product % 20)::INT) AS category,
    quantity::DECIMAL(18, 4) AS quantity, unit_price::DECIMAL(18, 4) AS unit_price,
    (unit_price * quantity * 0.7)::DECIMAL(18, 4) AS cost, discount::DECIMAL(18, 4) AS discount,
    ['web', 'store', 'app'][1 + (hash(i) % 3 + hash(o + i) % 2)::INT % 3] AS channel, 'sale' AS kind
FROM (SELECT *, (hash(i * 640 + o * 8 + l) % 4000 + hash(i) % 4 * 1000) % 5000 AS product,
             1 + hash(i + o + l) % 2 AS quantity, 1 + product % 97 + (product % 100) / 100
             AS unit_price, CASE hash(i * 7 + o) % 5 WHEN 0 THEN 1 ELSE 0 END AS discount
      FROM ({orders}), range(3) lines(l) WHERE l <= hash(i * 3 + o) % 3)
"""
PURCHASES = """
WITH sold AS ({lines}),
told AS (SELECT * FROM sold UNION ALL SELECT * REPLACE (-amount AS amount, -quantity AS quantity,
         -cost AS cost, -discount AS discount, 'return' AS kind, 'r' || order_id AS order_id)
         FROM sold WHERE hash(order_id) % 25 = 0)
SELECT *, NULL::VARCHAR AS region, NULL::VARCHAR AS campaign_id FROM told
"""
INTERACTIONS = """
SELECT 'c-' || substr(md5(i::VARCHAR), 1, 20) AS customer_id, 'inquiry' AS kind,
    TIMESTAMP '2025-06-01' AS opened_at, (3 + i % 5)::DECIMAL(18, 4) AS cost
FROM range({customers}) numbers(i) WHERE hash(i * 17) % 6 = 0
"""
CAMPAIGNS = """
SELECT 'spring' AS campaign_id, DATE '2025-04-01' AS starts_on, 90000::DECIMAL(18, 4) AS cost
UNION ALL SELECT 'autumn', DATE '2025-10-01', 200000::DECIMAL(18, 4)
"""
CONTACTS = """
SELECT customer_id, campaign_id, starts_on::TIMESTAMP AS contacted_at, 'treated' AS arm
FROM (SELECT DISTINCT customer_id FROM ({orders})), ({campaigns})
WHERE hash(customer_id || campaign_id) % 4 = 0
"""


def main(customers: int) -> None:
    """Make the tables, measure both sides and the notebooks, and print what was found."""
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as folder:
        make_tables(Path(folder) / "data" / "work" / "many" / "clean", customers)
        ours, theirs = (measured(side, folder) for side in ("regulars", "pandas"))
    print_measures(ours, theirs)
    segments_journey.main()


def make_tables(folder: Path, customers: int) -> None:
    """Write the cleaned tables of a simulated shop."""
    folder.mkdir(parents=True)
    engine = duckdb.connect(config={"temp_directory": str(folder), "memory_limit": "2GB"})
    orders = ORDERS.format(customers=customers, days=DAYS)
    lines = LINES.format(orders=orders, as_of=AS_OF, days=DAYS)
    tables = {
        "purchases": PURCHASES.format(lines=lines),
        "interactions": INTERACTIONS.format(customers=customers),
        "campaigns": CAMPAIGNS,
        "campaign_contacts": CONTACTS.format(orders=orders, campaigns=CAMPAIGNS),
    }
    for name, rows in tables.items():
        engine.sql(f"COPY ({rows}) TO '{folder}/{name}.parquet' (FORMAT parquet)")


def measured(side: str, folder: str) -> dict:
    """Run one side in a process of its own."""
    command = [sys.executable, __file__, side]
    told = os.environ | {"REGULARS_ROOT": folder}
    ran = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{side} failed:\n{ran.stderr}")
    return json.loads(ran.stdout.splitlines()[-1])


def with_regulars() -> dict:
    """Measure as the notebook does; each measure writes its rows to the store."""
    from regulars.data.store import Store
    from regulars.measures.engine import fetch
    from regulars.measures.money import customer_money
    from regulars.measures.purchases import customer_summary
    from regulars.measures.segments import migration as moves
    from regulars.measures.segments.affinity import affinity
    from regulars.measures.segments.clusters import assign_clusters, find_clusters
    from regulars.measures.segments.cross_sell import cross_sell
    from regulars.measures.segments.importance import importance, importance_summary
    from regulars.measures.segments.needs import needs
    from regulars.measures.segments.predicted import predicted_value
    from regulars.measures.segments.profit import customer_profit, profit_grades
    from regulars.measures.segments.rfm import name_segments, rfm_scores, segment_summary
    from regulars.measures.segments.tags import customer_tags, tag_summary
    from regulars.measures.segments.tiers import tier_summary, value_tiers
    from regulars.measures.segments.windows import windowed_segments
    from regulars.parameters.segments import Costs, Importance, Tiers

    grid, store = segments_pandas.GRID, Store("many")
    names = ("purchases", "interactions", "campaigns", "campaign_contacts")
    tables = {name: store.read(f"clean/{name}") for name in names}
    purchases, when = tables["purchases"], {"as_of": AS_OF}
    kept: dict = {"predicted": None}

    def rfm() -> object:
        kept["customers"] = store.write("results/customers", customer_summary(purchases, **when))
        scored, _ = rfm_scores(kept["customers"])
        return segment_summary(store.write("results/named", name_segments(scored, grid)), grid)

    def tiers() -> object:
        rows = value_tiers(customer_money(purchases, **when), Tiers(), by="margin")
        return tier_summary(store.write("results/tiers", rows), Tiers())

    def grades() -> object:
        rows, _ = customer_profit(purchases, tables, Costs(), **when)
        return profit_grades(store.write("results/profit", rows))

    def migration() -> object:
        pair = windowed_segments(purchases, **when, period_days=PERIOD, grid=grid)
        sides = (store.write(f"results/{n}", one) for n, one in enumerate(pair))
        return moves.migration(*sides)

    def wants() -> object:
        rows = store.write("results/needs", needs(purchases, **when))
        return fetch(rows.group_by("price_level", "category").agg(customers=rows.count()))

    def important() -> object:
        rows, _ = importance(
            purchases, Importance(), **when, period_days=PERIOD, predicted=kept["predicted"]
        )
        return importance_summary(store.write("results/importance", rows))

    def predicted() -> object:
        found = predicted_value(purchases, **when, horizon_days=PERIOD, holdout_days=PERIOD)
        if found.customers is not None:
            kept["predicted"] = store.write("results/predicted", found.customers)
        return None

    def likes() -> object:
        return store.write("results/affinity", affinity(purchases, **when)).count().execute()

    def clusters() -> object:
        found = find_clusters(kept["customers"])
        return store.write("results/clusters", assign_clusters(kept["customers"], found))

    def tags() -> object:
        rows = customer_tags(purchases, {"often": "orders >= 3 since 365 days"}, **when)
        return tag_summary(store.write("results/tags", rows))

    shared = (rfm, tiers, grades, migration, wants)
    more = (predicted, important, likes, lambda: cross_sell(purchases, **when), clusters, tags)
    found = dict(zip(segments_pandas.MEASURES, map(timed, shared), strict=True))
    found |= dict(zip(MORE, map(timed, more), strict=True))
    size = fetch(purchases.agg(lines=purchases.count(), n=purchases.customer_id.nunique()))
    return told(found) | {"lines": int(size.lines[0]), "customers": int(size.n[0])}


MORE = ("predicted value", "importance", "affinity", "cross-sell", "clusters", "a tag")


def with_pandas() -> dict:
    """Do five of the measures in plain pandas, all rows in memory."""
    folder = Path(os.environ["REGULARS_ROOT"]) / "data" / "work" / "many"
    tables, reading = timed(lambda: segments_pandas.read(folder))
    found = {}
    for name, measure in segments_pandas.MEASURES.items():
        found[name] = timed(lambda measure=measure: measure(tables, folder, AS_OF, PERIOD))
    return told(found) | {"reading": reading}


def timed(measure: Callable) -> tuple[object, float]:
    """Return what a measure gives, and its seconds."""
    began = time.perf_counter()
    found = measure()
    return found, time.perf_counter() - began


def told(found: dict[str, tuple]) -> dict:
    """Return seconds, peak memory, and the groups as text to compare."""
    groups = {name: segments_pandas.as_groups(found[name][0]) for name in segments_pandas.MEASURES}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {"seconds": {n: one[1] for n, one in found.items()}, "peak": peak, "groups": groups}


def print_measures(ours: dict, theirs: dict) -> None:
    """Print the table of the measures."""
    print(f"{ours['customers']:,} customers, {ours['lines']:,} lines, {os.cpu_count()} cores\n")
    print("| measure | regulars, s | pandas, s |\n|---|--:|--:|")
    print(f"| reading | | {theirs['reading']:.1f} |")
    for name, seconds in ours["seconds"].items():
        other = theirs["seconds"].get(name)
        print(f"| {name} | {seconds:.1f} | {'–' if other is None else f'{other:.1f}'} |")
    both = sum(ours["seconds"][name] for name in theirs["seconds"])
    plain = theirs["reading"] + sum(theirs["seconds"].values())
    print(f"| **what both do** | **{both:.1f}** | **{plain:.1f}** |")
    print(f"| **peak memory, MB** | **{ours['peak']:,.0f}** | **{theirs['peak']:,.0f}** |")
    print(
        f"\n{both / plain:.2f} of the time of pandas, {ours['peak'] / theirs['peak']:.2f} of its "
    )
    print(f"memory; {'under' if ours['peak'] < 3000 else 'OVER'} the limit of 3 GB.")
    same = {name: ours["groups"][name] == theirs["groups"][name] for name in theirs["groups"]}
    print(f"The same groups on both sides: {', '.join(f'{n}: {ok}' for n, ok in same.items())}.")


SIDES = {"regulars": with_regulars, "pandas": with_pandas}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in SIDES:
        print(json.dumps(SIDES[sys.argv[1]]()))
    else:
        main(int((sys.argv[1:2] or ["1000000"])[0].replace(",", "")))
