"""What changed since the last report, where it is a name and not a number."""

import numpy as np
import pandas as pd

from regulars.show.sentences import news
from regulars.show.text import MISSING

REPORT = {"as_of": "2024-12-31"}


def changes(*values: tuple[str, str]) -> pd.DataFrame:
    """Return rows as from `measures.news.news`, a name each."""
    rows = [
        {"metric": f"churn.{place}", "label": f"Name {place}", "before": before, "now": now}
        for place, (before, now) in enumerate(values)
    ]
    same = {"unit": "name", "reason": "name", "news": "not_judged"}
    numbers = dict.fromkeys(("change", "low", "high", "p", "p_holm"), np.nan)
    return pd.DataFrame(rows).assign(**same, **numbers)


def test_another_model_is_said():
    said = news.what_changed(changes(("bg_nbd", "mbg_nbd"), ("A", "A")), REPORT)
    assert said[1:] == ["Name 0 was BG/NBD, is MBG/NBD."]


def test_the_same_name_is_no_change():
    assert len(news.what_changed(changes(("A", "A")), REPORT)) == 1
    assert news.not_judged_table(changes(("A", "A"))).empty


def test_the_table_holds_both_names():
    table = news.not_judged_table(changes(("bg_nbd", "mbg_nbd")))
    assert table.iloc[0].tolist() == ["Name 0", "BG/NBD", "MBG/NBD", MISSING, "a name"]
