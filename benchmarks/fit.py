"""How long a purchase model takes from customers to scores, and in how much memory.

Run it as ``.venv/bin/python benchmarks/fit.py``; it prints a table. Options: ``--sizes 2357
100000`` (customers), ``--pymc PYTHON`` (an interpreter that has pymc-marketing), ``--models``,
``--limit`` (seconds a way may take). Customers are simulated by the model BG/NBD with CDNOW's
parameters, over two years, in whole days; every way begins at one row per customer in a Parquet
file (repeat_days, recency_age, age) and ends with P(alive) and the purchase days to expect of every
customer. Each runs in a process of its own, which says its seconds, without importing its packages,
its seconds of processor, with importing them (they tell more on a busy machine), and its peak
memory.

- **ours**: the engine counts the cells, the model is fitted on them, scored once for each, and the
  engine joins the scores to every customer.
- **lifetimes** fits and scores the rows in pandas; 0.11.3 as installed.
- **lifetimes, cells** fits the counted cells as weights and scores them.
- **pymc-marketing** finds the maximum of BG/NBD with flat priors (``fit(method="map")``), which is
  the same estimate; most of its time at few customers is compiling.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path

SIZES = [2_357, 100_000, 1_000_000, 10_000_000]
MODELS = ["bg_nbd", "mbg_nbd", "pareto_nbd"]
TRUTH = (0.2426, 4.4136, 0.7929, 2.4259)  # BG/NBD on CDNOW, in weeks
NAMES = {"pareto_nbd": ("r", "alpha", "s", "beta")}
HORIZON = 365
BLOCK = 500_000
MOST_ROWS = {"lifetimes": 1_000_000, "lifetimes, cells": 10_000_000, "pymc-marketing": 1_000_000}


def main() -> None:
    """Simulate, run every way on every size, print the table."""
    told = arguments()
    if told.way:
        print(json.dumps(WAYS[told.way](Path(told.file), told.models[0])))
        return
    ways = ["ours", "lifetimes", "lifetimes, cells", *(["pymc-marketing"] if told.pymc else [])]
    if not told.pymc:
        print("No interpreter with pymc-marketing was given (--pymc), so it is not compared.\n")
    print("| customers | model | way | seconds | fit | CPU | peak MB | cells | × ours | most off |")
    print("|--:|---|---|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for size in told.sizes:
            file = Path(folder) / f"{size}.parquet"
            simulate_to(file, size)
            for model in told.models:
                compare(file, size, model, ways=ways, told=told)


def compare(file: Path, size: int, model: str, *, ways: list[str], told: Namespace) -> None:
    """Run each way on one file and print a line each."""
    ours = None
    for way in ways:
        if size > MOST_ROWS.get(way, size) or (way == "pymc-marketing" and model != "bg_nbd"):
            continue
        found = run(way, file, model, told=told)
        ours = ours or found
        print(line(size, model, way, found, ours), flush=True)


def run(way: str, file: Path, model: str, *, told: Namespace) -> dict:
    """Run a way in a process of its own."""
    python = told.pymc if way == "pymc-marketing" else sys.executable
    command = [python, "-W", "ignore", __file__, "--way", way, "--file", file, "--models", model]
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=told.limit, check=True
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"stopped after {told.limit} s"}
    except subprocess.CalledProcessError as error:
        return {"failed": error.stderr.strip().splitlines()[-1]}
    return json.loads(ran.stdout.splitlines()[-1])


def line(size: int, model: str, way: str, found: dict, ours: dict) -> str:
    """Write a line of the table; how far off is the greatest relative difference of a parameter."""
    if "failed" in found:
        return f"| {size:,} | {model} | {way} | {found['failed']} | | | | | | |"
    off = max(abs(a / b - 1) for a, b in zip(found["params"], ours["params"], strict=True))
    cells = f"{found['cells']:,}" if found["cells"] else ""
    times = found["seconds"] / ours["seconds"]
    seconds = " | ".join(f"{found[name]:.2f}" for name in ("seconds", "fit", "processor"))
    return (
        f"| {size:,} | {model} | {way} | {seconds} | "
        f"{found['megabytes']:,.0f} | {cells} | {times:.1f} | {off:.0e} |"
    )


def simulate_to(file: Path, size: int) -> None:
    """Write simulated customers, a block at a time, so that memory does not grow."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from regulars.measures.purchase_models.simulated import simulate

    names, blocks = ["repeat_days", "recency_age", "age"], []
    r, alpha, a, b = TRUTH
    with pq.ParquetWriter(file, pa.schema([(name, pa.int32()) for name in names])) as writer:
        for number, first in enumerate(range(0, size, BLOCK)):
            ages = np.random.default_rng(number).integers(60, 728, min(BLOCK, size - first))
            drawn = simulate("bg_nbd", (r, alpha * 7, a, b), ages=ages, seed=number, day=1)
            drawn = drawn[names].astype("int32")
            writer.write_table(pa.Table.from_pandas(drawn).select(names))
            if size <= MOST_ROWS["pymc-marketing"]:
                blocks.append(drawn.to_numpy().T)
    if blocks:  # an interpreter with pymc-marketing may have nothing that reads Parquet
        np.save(file.with_suffix(".npy"), np.concatenate(blocks, axis=1))


def ours(file: Path, model: str) -> dict:
    """Count cells in the engine, fit, score each cell, join in the engine."""
    import ibis

    from regulars.measures.purchase_models.cells import count_cells
    from regulars.measures.purchase_models.fitting import fit
    from regulars.measures.purchase_models.scores import join_scores, score

    begun = time.perf_counter()
    engine = ibis.duckdb.connect()
    ibis.set_backend(engine)
    customers = engine.read_parquet(file)
    cells = count_cells(customers)
    counted = time.perf_counter()
    fitted = fit(cells, model=model)
    done = time.perf_counter()
    scored = score(fitted, cells, horizon_days=HORIZON)
    joined = engine.create_table("scored", join_scores(customers, scored))
    assert joined.count().execute() == cells.customers.sum()
    return told(begun, done - counted, fitted.params.values(), cells=len(cells))


def lifetimes(file: Path, model: str) -> dict:
    """Fit and score every row."""
    import pandas as pd

    fitter = _fitter(model)
    begun = time.perf_counter()
    rows = pd.read_parquet(file)
    return _lifetimes(fitter, rows, None, begun=begun, model=model)


def lifetimes_cells(file: Path, model: str) -> dict:
    """Fit and score the cells, counted in the engine, as weights."""
    import duckdb

    fitter = _fitter(model)
    begun = time.perf_counter()
    cells = duckdb.sql(
        f"SELECT repeat_days, recency_age, age, count(*) AS customers FROM '{file}' GROUP BY ALL"
    ).df()
    return _lifetimes(fitter, cells, cells.customers, begun=begun, model=model)


def pymc_marketing(file: Path, model: str) -> dict:
    """Find the most likely parameters with flat priors, and score every row."""
    import numpy as np
    import pandas as pd
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import BetaGeoModel

    begun = time.perf_counter()
    x, last, age = np.load(file.with_suffix(".npy"))
    data = pd.DataFrame({"frequency": x, "recency": last / 7, "T": age / 7})
    data.insert(0, "customer_id", np.arange(len(x)))
    flat = {name: Prior("HalfFlat") for name in ("r", "alpha", "a", "b")}
    bayes = BetaGeoModel(data=data, model_config=flat)
    started = time.perf_counter()
    bayes.fit(method="map", progressbar=False)
    done = time.perf_counter()
    bayes.expected_probability_alive()
    bayes.expected_purchases(future_t=HORIZON / 7)
    params = [bayes.idata.posterior[name].to_numpy().item() for name in ("r", "alpha", "a", "b")]
    return told(begun, done - started, params, cells=0)


def told(begun: float, fit: float, params: list[float], *, cells: int) -> dict:
    """Say how it went, as the last thing a process does."""
    seconds, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    found = {"seconds": seconds, "fit": fit, "megabytes": used.ru_maxrss / 1024, "cells": cells}
    found["processor"] = used.ru_utime + used.ru_stime
    return {**found, "params": [float(value) for value in params]}


def _fitter(model: str):
    from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

    fitters = (BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter)
    return dict(zip(MODELS, fitters, strict=True))[model]()


def _lifetimes(fitter, rows, weights, *, begun: float, model: str) -> dict:
    x, last, age = rows.repeat_days, rows.recency_age / 7, rows.age / 7
    started = time.perf_counter()
    fitter.fit(x, last, age, weights=weights)
    done = time.perf_counter()
    fitter.conditional_probability_alive(x, last, age)
    fitter.conditional_expected_number_of_purchases_up_to_time(HORIZON / 7, x, last, age)
    names = NAMES.get(model, ("r", "alpha", "a", "b"))
    cells = 0 if weights is None else len(rows)
    return told(begun, done - started, [fitter.params_[name] for name in names], cells=cells)


def arguments() -> Namespace:
    """Read the options; `--way` and `--file` are for the processes this one starts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--pymc", help="a Python that has pymc-marketing")
    parser.add_argument("--limit", type=int, default=1800, help="seconds a way may take")
    parser.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    return parser.parse_args()


WAYS = {
    "ours": ours,
    "lifetimes": lifetimes,
    "lifetimes, cells": lifetimes_cells,
    "pymc-marketing": pymc_marketing,
}

if __name__ == "__main__":
    main()
