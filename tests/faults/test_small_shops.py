"""Shops with hardly any data: every page is made, and says what it cannot know."""

import json
import re
import shutil
from pathlib import Path

import pytest

from regulars.reports import batch

REPOSITORY = Path(__file__).parents[2]
MONTH = "".join(f"c{n % 30},2024-03-{1 + n % 28:02},{(n * 7) % 40 + 1}\n" for n in range(45))


@pytest.mark.parametrize(
    "lines",
    [
        "ann,2024-03-31,10\n",
        "ann,2024-03-05,0\nbob,2024-03-05,0\ncem,2024-03-05,0\ndan,2024-03-05,0\n",
        "ann,2023-03-05,10\nann,2023-03-06,-30\nbob,2024-03-05,5\n",
        MONTH,
    ],
    ids=["one purchase", "free on one day", "more returned than bought", "one month"],
)
def test_every_page_is_made(root: Path, lines: str) -> None:
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    (root / "shop.csv").write_text("who,when,paid\n" + lines)
    grid = (REPOSITORY / "parameters" / "cdnow.yaml").read_text().partition("segments:")[2]
    (root / "shop.yaml").write_text(
        "workbook: shop\ntitle: A small shop\nas_of: 2024-03-31\ncurrency: EUR\nsources:\n"
        "  purchases:\n    files: shop.csv\n"
        "    columns: {customer_id: who, ordered_at: when, amount: paid}\n"
        f"segments:{grid}"
    )
    result = batch.run(root / "shop.yaml")
    failed = {
        n: (o.cell, o.error, o.reason) for n, o in result.outcomes.items() if o.state != "done"
    }
    assert not failed
    assert result.exit_code == 0
    for page in sorted(result.place.glob("*.html")):
        words = re.sub(r"<[^>]+>|base64,[^\"]+", " ", page.read_text(encoding="utf-8"))
        assert not re.search(r"\b(nan|NaN|NaT|None(?! of)|inf)\b", words), page.name
    metrics = json.loads((result.place / "metrics.json").read_text())["metrics"]
    withheld = {m["id"]: m["withheld"] for m in metrics if m["value"] is None}
    # Nothing is forecast of so few, and the reason names how many it takes, but no small count.
    assert withheld["churn.p_alive_mean"].startswith("A forecast needs at least 100 customers")
