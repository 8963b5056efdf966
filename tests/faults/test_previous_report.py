"""The report before: put into the store before notebooks start, and taken out where there is none."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from regulars.data.store import PREVIOUS, Store
from regulars.reports import batch

READ = "from regulars.data.store import Store\nreport = Store(workbook).read_previous(as_of=as_of)"
RECORD = (
    "facts = Facts('05_loyalty', as_of=as_of)\n"
    "facts.record('repurchase_rate', .5 if as_of < '2024-03-31' else .6, n=100)\n"
    "said = 'no earlier report' if report is None else report['as_of'] + ' ' + "
    "str(report['metrics'][-1]['value'])\n"
    "facts.findings = [said]\nStore(workbook).write_facts(facts)"
)


@pytest.fixture
def run(shop: Path, rewrite: Callable[..., None], monkeypatch) -> Callable[[str], str]:
    """Run the small workbook as of a day, and return what its loyalty notebook knew of before."""
    # The cell that the fixture adds would write over these facts.
    rewrite("05_loyalty")
    path = shop / "notebooks" / "05_loyalty.ipynb"
    notebook = json.loads(path.read_text())
    code = f"from regulars.data.facts import Facts\n{READ}\n{RECORD}"
    notebook["cells"][-1]["source"] = code
    path.write_text(json.dumps(notebook))

    def told(as_of: str) -> str:
        result = batch.run(shop / "shop.yaml", changes={"as_of": as_of})
        assert result.exit_code == 0, result.outcomes
        facts = shop / "data" / "work" / "shop" / "facts" / "05_loyalty.json"
        return json.loads(facts.read_text())["findings"][0]

    return told


def test_a_run_knows_the_newest_report_before_it(run: Callable[[str], str], shop: Path) -> None:
    assert run("2024-01-31") == "no earlier report"
    assert not (shop / "data" / "work" / "shop" / PREVIOUS).exists()
    assert run("2024-03-31") == "2024-01-31 0.5"
    # What came later is not before: the first report has none, also when it is made again.
    assert run("2024-01-31") == "no earlier report"
    assert not (shop / "data" / "work" / "shop" / PREVIOUS).exists()


def test_the_report_before_another_day_is_not_this_ones(root: Path) -> None:
    store = Store("shop")
    told = {"for": "2024-03-31", "report": {"as_of": "2024-01-31", "metrics": []}}
    (store.folder / PREVIOUS).write_text(json.dumps(told))
    assert store.read_previous(as_of="2024-03-31") == told["report"]
    assert store.read_previous(as_of="2024-04-30") is None
    assert Store("other").read_previous(as_of="2024-03-31") is None
