"""How long intake and cleaning take, and how much memory, beside the same rules in pandas.

Run it as ``.venv/bin/python benchmarks/intake.py [lines] [csv|parquet]``, with 10,000,000 lines of
CSV where nothing is said; it prints the table of the README. 100,000,000 lines of Parquet need
12 GB of room in the temporary folder; pandas is left out there, since the rows alone pass 24 GB.

The lines are made by the engine: a million customers, orders of three lines, eight columns, nothing
wrong with them, as in most lines of most shops. Each side runs in a process of its own, and reads,
types and judges every row, turns customer ids into pseudonyms, finds equal lines, writes what it
accepted as Parquet, and then cleans: sale or return, cancellations, outliers, days. Peak memory is
the process's own (``ru_maxrss``). Seconds belong to the machine; the ratio is what to compare.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

COLUMNS = [
    *("customer_id", "ordered_at", "amount", "order_id"),
    *("product_id", "quantity", "unit_price", "channel"),
]
AS_OF, KEY = "2026-12-31", "a key for benchmarks only"
PANDAS_UP_TO = 20_000_000  # lines; beyond, pandas does not fit into 24 GB
ROWS = """
SELECT 'C' || lpad((hash(i * 7) % 1000000)::VARCHAR, 7, '0') AS customer_id,
    strftime(TIMESTAMP '2023-01-01' + to_seconds(i // 9 * 9 * 10000000 // {lines}),
             '%Y-%m-%d %H:%M:%S') AS ordered_at,
    (quantity * unit_price)::DECIMAL(10, 2) AS amount, (i // 3)::VARCHAR AS order_id,
    'P' || (hash(i) % 5000) AS product_id, quantity, unit_price,
    ['web', 'store', 'app'][1 + i % 3] AS channel
FROM (SELECT i, 1 + (hash(i * 3) % 4)::INT AS quantity,
             (1 + (hash(i * 5) % 9000) / 100)::DECIMAL(6, 2) AS unit_price
      FROM range({lines}) numbers(i))
"""


def main(lines: int, form: str) -> None:
    """Make the file, measure both sides, and print the table."""
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as folder:
        raw = Path(folder) / "data" / "raw" / "big"
        raw.mkdir(parents=True)
        file = raw / f"purchases.{form}"
        write = "HEADER" if form == "csv" else "FORMAT parquet"
        duckdb.sql(f"COPY ({ROWS.format(lines=lines)}) TO '{file}' ({write})")
        size = file.stat().st_size / 1e6
        sides = ["regulars", *(["pandas"] if lines <= PANDAS_UP_TO else [])]
        found = {side: measured(side, folder, form) for side in sides}
    print(f"{lines:,} lines of {form}, {size:,.0f} MB, {os.cpu_count()} cores\n")
    print("| | intake, s | cleaning, s | together, s | peak, MB |")
    print("|---|--:|--:|--:|--:|")
    for side, (intake, cleaning, peak) in found.items():
        print(f"| {side} | {intake:.1f} | {cleaning:.1f} | {intake + cleaning:.1f} | {peak:,.0f} |")
    if len(found) == 2:
        ours, theirs = (sum(one[:2]) for one in found.values())
        memory = found["regulars"][2] / found["pandas"][2]
        print(f"\n{ours / theirs:.2f} of the time of pandas, {memory:.2f} of its memory.")


def measured(side: str, folder: str, form: str) -> tuple[float, float, float]:
    """Run one side in a process of its own."""
    told = os.environ | {"REGULARS_ROOT": folder, "REGULARS_KEY": KEY}
    command = [sys.executable, __file__, side, form]
    ran = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{side} failed:\n{ran.stderr}")
    return tuple(map(float, ran.stdout.split()))


def with_regulars(form: str) -> tuple[float, float]:
    """Take in and clean as the notebooks do; nothing of it is made for this benchmark."""
    from regulars.data.cleaning import clean_tables
    from regulars.data.intake.take_in import take_in
    from regulars.data.store import Store
    from regulars.parameters import Cleaning

    store, began = Store("big"), time.perf_counter()
    columns = {name: name for name in COLUMNS}
    source = {"files": f"data/raw/big/purchases.{form}", "columns": columns}
    take_in(store, {"purchases": source}, as_of=AS_OF, currency="EUR")
    between = time.perf_counter()
    clean_tables(store, Cleaning(), AS_OF)
    return between - began, time.perf_counter() - between


def with_pandas(form: str) -> tuple[float, float]:
    """Do the same in plain pandas, all rows in memory, no ledger, no line numbers, no raw text."""
    import hashlib
    import hmac

    import numpy as np
    import pandas as pd

    folder, began = Path(os.environ["REGULARS_ROOT"]), time.perf_counter()
    file = folder / "data" / "raw" / "big" / f"purchases.{form}"
    ids = dict.fromkeys(("customer_id", "order_id", "product_id"), "str")
    rows = pd.read_csv(file, dtype=ids) if form == "csv" else pd.read_parquet(file)
    rows["ordered_at"] = pd.to_datetime(rows.ordered_at, errors="coerce")
    for name in ("amount", "quantity", "unit_price"):
        rows[name] = pd.to_numeric(rows[name], errors="coerce")
    wrong = rows.ordered_at.isna() | (rows.ordered_at > pd.Timestamp(AS_OF)) | rows.amount.isna()
    for name in ids:
        wrong |= rows[name].str.fullmatch(r"[0-9]+[.,][0-9]*[eE][+-]?[0-9]+|[0-9]+[.,]0{1,2}")
    wrong |= rows.customer_id.str.fullmatch(r"(?i:test|demo|dummy)[ _-]?[0-9]*")
    rows = rows[~wrong].drop_duplicates()
    key = KEY.encode()
    names = {
        one: "c-" + hmac.new(key, one.encode(), hashlib.sha256).hexdigest()[:20]
        for one in rows.customer_id.unique()
    }
    rows["customer_id"] = rows.customer_id.map(names)
    rows.to_parquet(folder / "accepted.parquet", index=False)
    between = time.perf_counter()
    rows["day"] = rows.ordered_at.dt.normalize()
    taken_back = rows.order_id.str.startswith("C") & (rows.amount < 0)
    rows["kind"] = np.where((rows.amount < 0) | taken_back, "return", "sale")
    no_product = rows.product_id.str.fullmatch(r"(?i:post|postage|shipping|voucher|adjust(ment)?)")
    rows = rows[~no_product & rows.customer_id.notna()]
    logs = np.log(rows.amount.where(rows.amount > 0))
    middle = logs.median()
    rows["is_outlier"] = (0.6745 * (logs - middle) / (logs - middle).abs().median()).abs() > 3.5
    rows.to_parquet(folder / "clean.parquet", index=False)
    return between - began, time.perf_counter() - between


SIDES = {"regulars": with_regulars, "pandas": with_pandas}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in SIDES:
        seconds = SIDES[sys.argv[1]](sys.argv[2])
        print(*seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
    else:
        main(int((sys.argv[1:2] or ["10000000"])[0].replace(",", "")), (sys.argv[2:] or ["csv"])[0])
