"""Bases of which nothing can be foretold: each notebook runs, and says why it foretells nothing.

The notebooks that forecast are run cell by cell on small shops, as of the clean purchases on.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ibis.expr.types as ir
import nbformat
import numpy as np
import pytest

from regulars.data.store import Store
from regulars.measures import churn, lifetime_value
from regulars.measures.contest.speaking import Forecast, forecast
from regulars.measures.examples import purchases_of

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FIRST, AS_OF, HOLDOUT_DAYS = dt.date(2023, 1, 1), dt.date(2024, 6, 30), 180
FORECASTS = ("06_churn", "07_lifetime_value", "11_warnings", "12_contracts")
NO_NUMBER = r"\b(nan|NaN|NaT|None(?! of)|inf)\b|<NA>"
COUNTING = {"n", "Contracts", "Customers"}  # columns that count persons

Line = tuple[str, dt.date, float]


@dataclass(frozen=True)
class Case:
    """A small base, and why nothing is said of what its customers will buy; None: something is."""

    lines: list[Line]
    reason: str | None


def bought(customers: int, *, every: int, times: int, paid: float = 10.0) -> Iterator[Line]:
    """Yield purchases of customers who began one after the other and came at a steady pace."""
    for number in range(customers):
        for time in range(times):
            day = FIRST + dt.timedelta(days=number % 200 + time * (every + number % 3))
            if day <= AS_OF:
                yield f"c{number}", day, paid + number % 7


def thirty() -> list[Line]:
    return list(bought(30, every=60, times=6))


def twice_on_one_day() -> list[Line]:
    return [line for line in bought(150, every=1, times=1) for _ in range(2)]


def returned(times: float) -> list[Line]:
    """Return purchases as usual, of customers who took back so many times what they brought."""
    rng, lines = np.random.default_rng(1), []
    for number in range(400):
        begin, gap = rng.integers(0, 250), 1 / rng.gamma(1.5, 1 / 60)
        end = min(begin + rng.exponential(300), (AS_OF - FIRST).days)
        days = [begin, *(begin + np.cumsum(rng.exponential(gap, 200)))]
        dates = [FIRST + dt.timedelta(days=int(day)) for day in days if day <= end] or [FIRST]
        lines += [(f"c{number}", day, 10.0) for day in dates]
        lines.append((f"c{number}", AS_OF, -10.0 * times * len(dates)))
    return lines


def one_month() -> list[Line]:
    days = (AS_OF - dt.timedelta(days=n) for n in range(28))
    return [(f"c{n * 9 % 120}", day, 10.0) for day in days for n in range(day.day, day.day + 20)]


CASES = {
    "thirty customers": Case(thirty(), "at least 100 customers"),
    "no repeaters": Case(twice_on_one_day(), "who had bought again"),
    "daily buyers": Case(
        list(bought(120, every=1, times=250)), "No purchase model could be fitted"
    ),
    "one purchase each": Case(list(bought(200, every=1, times=1)), "who had bought again"),
    "all returned": Case(returned(1), None),
    "more returned than bought": Case(returned(2), None),
    "one month": Case(one_month(), "there are none"),
}
# 02_clean refuses such a file, so that no notebook after it runs.
REFUSED = {"nothing but returns": Case([(f"c{n}", AS_OF, -5.0) for n in range(40)], "none")}


@pytest.mark.parametrize("case", [*CASES.values(), *REFUSED.values()], ids=[*CASES, *REFUSED])
def test_a_forecast_is_withheld_in_one_plain_sentence(case: Case) -> None:
    found = forecast(_purchases(case), as_of=AS_OF, holdout_days=HOLDOUT_DAYS)
    assert (found.final is None) == (case.reason is not None)
    if case.reason is not None:
        assert case.reason in found.withheld
        assert re.fullmatch(r"[A-Z][^.\n]*\.", found.withheld)


@pytest.fixture
def one_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forecast once for all notebooks of a case: they ask the same of the same purchases."""
    made = {}

    def once(purchases: ir.Table, **asked: object) -> Forecast:
        key = json.dumps(asked, sort_keys=True, default=str)
        if key not in made:
            made[key] = forecast(purchases, **asked)
        return made[key]

    for facade in (churn, lifetime_value):
        monkeypatch.setattr(facade, "forecast", once)


@pytest.mark.usefixtures("one_forecast")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_notebook_runs_and_says_what_it_cannot_know(
    case: Case, root: Path, capsys: pytest.CaptureFixture
) -> None:
    store = Store("shop")
    store.write("clean/purchases", _purchases(case))
    store.write_ledger({"as_of": str(AS_OF)})
    counted = []
    for name in _present():
        _execute(name)
        told = capsys.readouterr().out
        assert told, name
        assert not re.search(NO_NUMBER, told), name
        counted += _counts(told)
    assert [one for one in counted if 0 < one[1] < 10] == []
    assert counted or case.reason
    facts = store.read_facts(as_of=str(AS_OF))
    metrics = {one["id"]: one for entry in facts.values() for one in entry["metrics"]}
    empty = {name for name, one in metrics.items() if one["value"] is None}
    assert [name for name in empty if not metrics[name]["withheld"]] == []
    # No case has both customers who can be foretold and spend.
    assert {name for name in metrics if name.startswith("value.clv")} <= empty
    assert ("churn.p_alive_mean" in empty) == (case.reason is not None)
    assert ("churn.expected_purchases_365" in empty) == (case.reason is not None)


def _present() -> list[str]:
    """Return the notebooks of forecasts that there are, in their order."""
    there = {path.stem for path in NOTEBOOKS.glob("*.ipynb")}
    return [name for name in FORECASTS if name in there]


def _execute(name: str) -> None:
    """Run the cells of a notebook in this process, where what it shows is printed."""
    told = {"workbook": "shop", "as_of": str(AS_OF), "holdout_days": HOLDOUT_DAYS}
    names = {"__name__": "__main__"}
    for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and "teaching" not in tags:
            exec(compile(cell.source, f"{name} {cell.id}", "exec"), names)
        if "parameters" in tags:
            names.update({one: value for one, value in told.items() if one in names})


def _purchases(case: Case) -> ir.Table:
    return purchases_of(
        (who, str(day), paid, "sale" if paid >= 0 else "return", f"o{number}")
        for number, (who, day, paid) in enumerate(case.lines)
    )


def _counts(told: str) -> list[tuple[str, int]]:
    """Return the numbers in all columns that count persons: header, number."""
    found, names = [], []
    lines = [re.split(r" {2,}", line.strip()) for line in told.splitlines()]
    for line, below in zip(lines, [*lines[1:], [""]], strict=True):
        names = line if set("".join(below)) == {"-"} else names
        pairs = zip(names, line, strict=False) if len(line) == len(names) else []
        found += [
            (header, int(cell.replace(",", "")))
            for header, cell in pairs
            if header in COUNTING and re.fullmatch(r"[\d,]+", cell)
        ]
    return found
