"""The whole CDNOW run: its numbers are the published ones, and its files say what they should."""

import json
import os
import re
from pathlib import Path

import pytest

PLACE = Path("reports") / "cdnow" / "1998-06-30"


@pytest.fixture(scope="module")
def metrics(cdnow_run: Path) -> dict[str, dict]:
    read = json.loads((cdnow_run / PLACE / "metrics.json").read_text(encoding="utf-8"))
    return {metric["id"]: metric for metric in read["metrics"]}


@pytest.mark.parametrize(
    ("name", "value", "tolerance"),
    [
        ("intake.rows_in", 6919, 0),
        ("intake.rows_accepted", 6919, 0),
        ("intake.rows_rejected", 0, 0),
        ("intake.money_in", 244091.94, 0),
        ("base.customers", 2357, 0),
        ("loyalty.repurchase_rate", 0.4832, 5e-5),
        # Fader, Hardie and Lee (2005), table 2 of "Counting Your Customers the Easy Way".
        ("churn.calibration.bg_nbd.r", 0.2426, 1e-4),
        ("churn.calibration.bg_nbd.alpha", 4.4136, 1e-3),
        ("churn.calibration.bg_nbd.a", 0.7929, 1e-3),
        ("churn.calibration.bg_nbd.b", 2.4259, 1e-3),
        ("churn.calibration.bg_nbd.log_likelihood", -9582.43, 0.01),
        # BTYDplus, MBG/NBD on the same sample.
        ("churn.calibration.mbg_nbd.r", 0.525, 1e-3),
        ("churn.calibration.mbg_nbd.alpha", 6.183, 2e-3),
        ("churn.calibration.mbg_nbd.a", 0.891, 1e-3),
        ("churn.calibration.mbg_nbd.b", 1.614, 2e-3),
        ("churn.holdout_actual", 1882, 0),
        ("churn.calibration.bg_nbd.holdout_predicted", 1653, 0.5),
        ("churn.calibration.mbg_nbd.holdout_predicted", 1577, 0.5),
        ("churn.calibration.bg_nbd.holdout_mae", 0.7855, 5e-5),
        ("churn.calibration.mbg_nbd.holdout_mae", 0.7648, 5e-5),
        ("churn.rule.always_zero.holdout_mae", 0.7985, 5e-5),
        ("churn.rule.same_as_before.holdout_mae", 0.8973, 5e-5),
        ("churn.rule.past_rate.holdout_mae", 1.0237, 5e-5),
        ("churn.calibration.bg_nbd.p_alive_mean", 0.813, 5e-4),
        ("churn.calibration.mbg_nbd.p_alive_mean", 0.449, 5e-4),
    ],
)
def test_published_numbers(metrics: dict, name: str, value: float, tolerance: float) -> None:
    assert metrics[name]["value"] == pytest.approx(value, abs=tolerance or 1e-9)


def test_repurchase_rate_has_its_interval_and_n(metrics: dict) -> None:
    rate = metrics["loyalty.repurchase_rate"]
    assert rate["n"] == 2357
    assert rate["value"] == pytest.approx(1139 / 2357, abs=1e-6)
    assert 0.46 < rate["low"] < rate["value"] < rate["high"] < 0.51


def test_january_cohort_and_nothing_after_its_eighteenth_month(metrics: dict) -> None:
    active = [124, 95, 70, 65, 77, 65, 53, 52, 45, 62, 59, 45, 47, 63, 37, 37, 33]
    cells = [metrics[f"loyalty.retention.1997-01.{age}"] for age in range(1, 18)]
    assert [round(cell["value"] * cell["n"]) for cell in cells] == active
    assert "loyalty.retention.1997-01.18" not in metrics


def test_segments_hold_every_customer_once(metrics: dict) -> None:
    sizes = [m["value"] for name, m in metrics.items() if name.startswith("segments.customers.")]
    assert len(sizes) == 10
    # Two customers can't be lost, so the 80 at risk are hidden with them.
    assert sum(size for size in sizes if size is not None) == 2357 - 82


def test_every_metric_is_complete(metrics: dict) -> None:
    for metric in metrics.values():
        assert metric["label"]
        assert metric["unit"]
        assert metric["definition"].endswith(".")
        assert (metric["value"] is None) == bool(metric.get("withheld"))
        if metric["low"] is not None:
            assert metric["low"] <= metric["value"] <= metric["high"]


def test_ledger_is_published_and_adds_up(cdnow_run: Path) -> None:
    ledger = json.loads((cdnow_run / PLACE / "ledger.json").read_text(encoding="utf-8"))
    table = ledger["tables"]["purchases"]
    assert (table["rows_in"], table["rows_accepted"]) == (6919, 6919)
    assert float(table["money_in"]) == float(table["money_accepted"]) == 244091.94


def test_manifest_tells_the_run(cdnow_run: Path) -> None:
    manifest = json.loads((cdnow_run / PLACE / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["state"] == "done"
    assert manifest["parameters"]["holdout_days"] == 273
    assert len(manifest["inputs"][0]["sha256"]) == 64
    assert {n["state"] for n in manifest["notebooks"].values()} == {"done"}
    assert all(n["peak_mb"] > 50 for n in manifest["notebooks"].values())


def test_pages_show_no_path_user_or_host(cdnow_run: Path) -> None:
    host = os.uname().nodename
    for page in sorted((cdnow_run / PLACE).glob("*.html")):
        text = page.read_text(encoding="utf-8")
        assert str(cdnow_run) not in text
        assert "/root" not in text
        assert "/home" not in text
        assert not re.search(rf"\b{re.escape(host)}\b", text)


def test_pages_show_no_customer_id(cdnow_run: Path) -> None:
    lines = (cdnow_run / "data/raw/cdnow/purchases.csv").read_text().splitlines()[1:]
    ids = {line.split(",")[0] for line in lines}
    for page in sorted((cdnow_run / PLACE).glob("*.html")):
        words = set(re.findall(r"(?<![\w#.])\d{5}(?![\w.])", page.read_text(encoding="utf-8")))
        assert not words & ids, page.name


def test_index_leads_to_every_page(cdnow_run: Path) -> None:
    index = (cdnow_run / "reports" / "index.html").read_text(encoding="utf-8")
    for page in (cdnow_run / PLACE).glob("*.html"):
        assert f'href="cdnow/1998-06-30/{page.name}"' in index
