"""Surveys with hardly an answer: every page is made, says what it cannot know, and shows nobody.

Four small shops hold the cases together; real runs, of the notebooks that read surveys and targets.
"""

import csv
import datetime as dt
import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from planted import scan

from regulars.reports import batch
from regulars.workbook import NOTEBOOKS

REPOSITORY = Path(__file__).parents[2]
AS_OF = dt.date(2024, 3, 31)
READERS = ("01_ingest", "02_clean", "05_loyalty", "08_surveys", "10_targets", "00_overview")
COLUMNS = ("responded_at", "question", "score", "customer_id", "scale_max", "invited_at", "comment")
CUSTOMERS = 60
HOSTILE = (
    '<script>alert("planted one")</script> the parcel was late',
    "Planted two: a sentence about the price that nobody may read",
    "<img src=x onerror=planted3> quality",
    '=HYPERLINK("http://planted4.example") service',
    "{{ planted5 }} delivery",
)
PLANTED = ("planted one", "Planted two", "onerror", "planted3", "planted4", "planted5")
# Columns that count persons, or answers of persons, in the tables of these notebooks.
COUNTING = {"n", "Answers", "Comments", "Customers", "Invitations"}


@dataclass(frozen=True)
class Case:
    """A small shop: its surveys, the columns of the file, targets, and what its pages say."""

    surveys: list[dict]
    says: dict[str, list[str]]
    columns: tuple[str, ...] = COLUMNS
    targets: tuple[tuple[str, str], ...] = ()


def said(question: str, scores: Iterable, *, first: int = 0, **told: object) -> list[dict]:
    """Make one answer a customer, c0, c1 …, in one minute."""
    usual = {"responded_at": "2024-01-20 09:00", "question": question, "who": "c", "comment": ""}
    usual |= {"scale_max": {"nps": 10, "ces": 7}.get(question, 5), "invited_at": "2024-01-10 09:00"}
    rows = [usual | told | {"score": score} for score in scores]
    # Lines that are all alike would be one answer that came twice.
    moments = [
        row["responded_at"] and f"{row['responded_at']}:{k:02}" for k, row in enumerate(rows)
    ]
    return [
        row | {"customer_id": f"{row['who']}{first + k}", "responded_at": moment}
        for k, (row, moment) in enumerate(zip(rows, moments, strict=True))
    ]


def varied(n: int, points: int) -> list[int]:
    return [1 + (3 * k + k // 7) % points for k in range(n)]


def commented(rows: list[dict]) -> list[dict]:
    return [row | {"comment": HOSTILE[k % len(HOSTILE)]} for k, row in enumerate(rows)]


NOTHING = Case(
    surveys=[
        *said("nps", [""] * 30, responded_at=""),
        *said("csat", [99] * 20),
        *said("ces", varied(20, 7), responded_at="2024-04-15 09:00"),
    ],
    targets=(("happiness", "3"), ("wallet", "4000")),
    says={
        "05_loyalty": [
            "There are no answers in the period, so there is no score.",
            "20 of 70 rows of surveys were not taken in",
            "What customers do after an answer needs answers to nps or csat",
        ],
        "08_surveys": [
            "There are no answers in the period, so nothing can have changed.",
            "No group has enough answers to be compared with the others.",
            "Of 30 invitations that had 14 days' time, 0 % were answered in it",
            "Too few are known to compare those who answered with those who were invited",
            "There are no answers of customers in the period, so none are weighted.",
            "Nobody wrote a comment in the period.",
        ],
        "10_targets": [
            "No target of the last 12 months can be held against what was reached.",
            "Targets of happiness",
        ],
    },
)
FEW = Case(
    surveys=[
        *said("nps", [9]),
        *said("csat", varied(12, 5)),
        *said("csat", [9, 10, 2], first=20, scale_max=10),
        *said("ces", [7] * 12),
        *said("driver:price", [4] * 12),
        *said("driver:service", varied(12, 5)),
    ],
    columns=tuple(name for name in COLUMNS if name != "invited_at"),
    says={
        "05_loyalty": [
            "NPS is withheld: fewer than 10 answers",
            "CES is 7.00 on average (12 answers, all answers are equal)",
            "asked on several scales; fewer than 10 answers that are not on the scale up to 5",
            "What customers do after an answer needs answers to nps or csat",
            "too few",
        ],
        "08_surveys": [
            "one of the two periods has too few answers",
            "How many answer is not known: the file has no invitation that was not answered.",
            "Shares of 2 drivers need 50 customers who answered all of them in one survey",
        ],
        "10_targets": ["There is no table of targets"],
    },
)
NAMELESS = Case(
    surveys=[
        *commented(said("nps", [10] * 50)),
        *said("csat", varied(40, 5)),
        *said("driver:price", varied(50, 5)),
    ],
    columns=tuple(name for name in COLUMNS if name != "customer_id"),
    targets=(("nps", "20"), ("csat", "0.8"), ("<b>bold</b>", "1")),
    says={
        "05_loyalty": [
            "NPS is 100 (95 % interval 87 to 100, 50 answers).",
            "answers to nps or csat that carry a customer_id",
            "fewer than 10 customers we know answered",
        ],
        "08_surveys": [
            "90 answers are not weighted: they are anonymous, or of people who had not bought.",
            "50 customers wrote a comment.",
            "No group has enough answers to be compared with the others.",
        ],
        "10_targets": ["targets of the last 12 months"],
    },
)
STRANGERS = Case(
    surveys=[
        *commented(said("nps", varied(56, 10), who="stranger")),
        *said("nps", [9, 8, 2], first=7),
        *said("ces", varied(50, 7)),
        *said("ces", [4, 5, 6], who="stranger"),
        *said("driver:price", [4] * 56, who="stranger"),
        *said("driver:service", [2] * 56, who="stranger"),
    ],
    says={
        "05_loyalty": ["NPS is ", "answers to nps or csat that carry a customer_id"],
        "08_surveys": [
            "56 answers are not weighted: they are anonymous, or of people who had not bought.",
            "Fewer than 10 answers to CES are anonymous, or of people who had not bought: they "
            "count with the mean weight.",
            "Everybody gives the same answer to every driver.",
        ],
        "10_targets": ["There is no table of targets"],
    },
)
CASES = {"nothing": NOTHING, "few": FEW, "nameless": NAMELESS, "strangers": STRANGERS}


@pytest.fixture(params=CASES)
def run(request, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Case, Path]:
    """Run the small shop of a case; return it, and where its pages are."""
    case = CASES[request.param]
    monkeypatch.setattr(batch, "NOTEBOOKS", tuple(n for n in _waiting() if n.name in READERS))
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    _write(root / "purchases.csv", _purchases(), ("customer_id", "ordered_at", "amount", "region"))
    _write(root / "surveys.csv", case.surveys, case.columns)
    months = [f"2024-{month:02}" for month in (1, 2, 3)]
    targets = [
        {"period": m, "metric": name, "target": t} for m in months for name, t in case.targets
    ]
    _write(root / "targets.csv", targets, ("period", "metric", "target"))
    (root / "shop.yaml").write_text(_parameters(case), encoding="utf-8")
    result = batch.run(root / "shop.yaml")
    told = {name: (one.cell, one.error, one.reason) for name, one in result.outcomes.items()}
    assert result.exit_code == 0, told
    return case, result.place


def _waiting() -> list:
    """Return the notebooks, each waiting for those that are run here alone."""
    return [type(n)(n.name, n.noun, tuple(a for a in n.after if a in READERS)) for n in NOTEBOOKS]


def _purchases() -> list[dict]:
    return [
        {
            "customer_id": f"c{k}",
            "ordered_at": AS_OF - dt.timedelta(days=(41 * k + (20 + 3 * k) * j) % 640),
            "amount": 5 + (13 * k + 7 * j) % 40,
            "region": ("North", "South")[k % 2],
        }
        for k in range(CUSTOMERS)
        for j in range(2 + k % 4)
    ]


def _parameters(case: Case) -> str:
    grid = (REPOSITORY / "parameters" / "cdnow.yaml").read_text().partition("segments:")[2]
    sources = {
        "purchases": ("customer_id", "ordered_at", "amount", "region"),
        "surveys": case.columns,
        **({"targets": ("period", "metric", "target")} if case.targets else {}),
    }
    tables = "".join(
        f"  {name}:\n    files: {name}.csv\n    columns: {{"
        f"{', '.join(f'{column}: {column}' for column in columns)}}}\n"
        for name, columns in sources.items()
    )
    return (
        f"workbook: shop\ntitle: A small shop\nas_of: {AS_OF}\ncurrency: EUR\nsources:\n{tables}"
        f"intake: {{most_rejected: 1}}\nsegments:{grid}"
    )


def _write(path: Path, rows: list[dict], columns: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _text(page: Path) -> str:
    words = re.sub(
        r"<(script|style).*?</\1>|<[^>]+>", " ", page.read_text(encoding="utf-8"), flags=re.S
    )
    return re.sub(
        r"\s+", " ", words.replace("&nbsp;", " ").replace("\u00a0", " ").replace("&#39;", "'")
    )


def _counts(page: Path) -> list[tuple[str, str, int]]:
    """Return the numbers in all columns that count persons: caption, column, number."""
    found = []
    for table in re.findall(r"<table.*?</table>", page.read_text(encoding="utf-8"), re.S):
        cells = [
            re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in table.split("<tr")[1:]
        ]
        caption = re.sub(r"<[^>]+>", "", table.partition("</caption>")[0])
        names = cells[0]
        found += [
            (caption, name, int(cell.replace(",", "")))
            for row in cells[1:]
            for name, cell in zip(names, row, strict=False)
            if name in COUNTING and re.fullmatch(r"[\d,]+", cell)
        ]
    return found


def test_the_pages_say_what_is_not_known_and_show_nobody(run: tuple[Case, Path]) -> None:
    case, place = run
    for name, sentences in case.says.items():
        text = _text(place / f"{name}.html")
        assert [one for one in sentences if one not in text] == [], name
    pages = [place / f"{name}.html" for name in READERS]
    for page in pages:
        assert not re.search(r"\b(nan|NaN|NaT|None(?! of)|inf)\b", _text(page)), page.name
    counts = [one for name in case.says for one in _counts(place / f"{name}.html")]
    assert len(counts) > 5
    assert [one for one in counts if 0 < one[-1] < 10] == []
    metrics = json.loads((place / "metrics.json").read_text(encoding="utf-8"))["metrics"]
    assert [one["id"] for one in metrics if one["value"] is None and not one["withheld"]] == []
    facts = place.parents[2] / "data" / "work" / "shop" / "facts"
    assert not any("<b>bold</b>" in page.read_text(encoding="utf-8") for page in pages)
    assert [*scan(place, PLANTED), *scan(facts, PLANTED)] == []
