"""How often the 95 % intervals of the pages hold the truth, and how often comparisons cry wolf.

Run it as ``.venv/bin/python benchmarks/coverage.py [surveys] [docs/coverage.md]``; it prints two
tables, and writes them into the page between its marks if one is named. Four kinds of answers are
drawn, a thousand surveys each of 10, 30, 100 and 1,000 customers:

- *usual*: most are content, some are not.
- *divided*: two camps, at either end of the scale.
- *lukewarm*: nearly all in the middle.
- *extreme*: nearly all give the best score.

The intervals are those of the library. Where the chance of every possible survey can be added up,
the exact coverage stands beside the simulated one: it tells the luck of the draws from a fault.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import gammaln

from regulars.measures.intervals import normal_quantile, wilson_bounds
from regulars.measures.segments.chance import holm
from regulars.measures.surveys.bounds import nps_bounds
from regulars.measures.surveys.permutation import drawn_by_lot
from regulars.measures.surveys.scores import LOPSIDED, first_measure, scores_of
from regulars.measures.surveys.two_samples import DIFFERENCES
from regulars.measures.survival import kaplan_meier

SIZES = (10, 30, 100, 1000)
LEAST, MOST = 0.93, 0.97
HORIZON, OLDEST = 90, 365  # days
SEED = 5
MARKS = ("<!-- tables from here -->", "<!-- tables to here -->")


@dataclass(frozen=True)
class Truth:
    """What customers would say and do, if all were asked and watched."""

    nps: tuple[float, ...]  # chances of 0 to 10
    csat: tuple[float, ...]  # of 1 to 5
    ces: tuple[float, ...]  # of 1 to 7
    returns: float  # chance of a second purchase day in the window
    ever: float  # chance to come back at all; who does, after `wait` days on average
    wait: float
    kept: float  # chance to buy in the month of the cell


TRUTHS = {
    "usual": Truth(
        (0.02, 0.01, 0.02, 0.03, 0.04, 0.08, 0.1, 0.15, 0.2, 0.18, 0.17),
        (0.04, 0.08, 0.18, 0.4, 0.3),
        (0.02, 0.05, 0.08, 0.15, 0.25, 0.3, 0.15),
        0.4, 0.6, 60, 0.25,
    ),
    "divided": Truth(
        (0.15, 0.1, 0.08, 0.05, 0.03, 0.02, 0.02, 0.03, 0.07, 0.15, 0.3),
        (0.35, 0.1, 0.05, 0.1, 0.4),
        (0.3, 0.1, 0.05, 0.02, 0.05, 0.13, 0.35),
        0.5, 0.9, 90, 0.5,
    ),
    "lukewarm": Truth(
        (0.0, 0.0, 0.01, 0.03, 0.06, 0.15, 0.2, 0.3, 0.2, 0.04, 0.01),
        (0.02, 0.15, 0.6, 0.2, 0.03),
        (0.01, 0.04, 0.2, 0.5, 0.2, 0.04, 0.01),
        0.15, 0.25, 120, 0.1,
    ),
    "extreme": Truth(
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.005, 0.005, 0.01, 0.03, 0.1, 0.85),
        (0.005, 0.005, 0.01, 0.08, 0.9),
        (0.0, 0.005, 0.005, 0.01, 0.03, 0.1, 0.85),
        0.97, 0.99, 20, 0.02,
    ),
}  # fmt: skip


def main(surveys: int, page: Path | None) -> None:
    """Print the tables, and write them into the page."""
    text = "\n".join([*coverage_table(surveys), "", *alarm_table(surveys)])
    print(text)
    if page:
        before, _, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        page.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


def coverage_table(surveys: int) -> list[str]:
    """Return the table of coverage, a line per measure, answers and n."""
    lines = ["| measure | answers | n | truth | covered | exact | no interval | outside 93–97 % |"]
    lines += ["|---|---|--:|--:|--:|--:|--:|---|"]
    for name, (measure, digits) in MEASURES.items():
        for kind, truth in TRUTHS.items():
            for n in SIZES:
                rng = np.random.default_rng([SEED, len(lines), n])
                found = measure(truth, n, surveys, rng)
                lines.append(f"| {name} | {kind} | {n:,} | {found.written(digits)} |")
    return lines


@dataclass(frozen=True)
class Found:
    """The intervals of many surveys; `why` is what puts coverage off if chance does not."""

    truth: float
    low: np.ndarray
    high: np.ndarray
    why: str
    exact: float | None = None

    def written(self, digits: int) -> str:
        """Return truth, coverage, exact coverage, surveys without interval and the reason."""
        known = ~np.isnan(self.low)
        held = (self.low <= self.truth) & (self.truth <= self.high)
        covered = held[known].mean()
        exact = "–" if self.exact is None else _percent(self.exact)
        cells = [
            f"{self.truth + 0:.{digits}f}",
            _percent(covered),
            exact,
            _percent(1 - known.mean()),
        ]
        return " | ".join([*cells, "" if LEAST <= covered <= MOST else self.reason()])

    def reason(self) -> str:
        """Say why the simulated coverage is out of bounds."""
        if self.exact is not None and LEAST <= self.exact <= MOST:
            return "luck of the draws: the exact one is within"
        return self.why


def nps(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> Found:
    """Draw promoters, passives and detractors."""
    return _nps(truth, rng.multinomial(n, _bands(truth), size=surveys), nps_bounds)


def nps_mover(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> Found:
    """Draw the same for the interval that is made of Wilson's two."""
    return _nps(truth, rng.multinomial(n, _bands(truth), size=surveys), _mover_bounds)


def csat(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> Found:
    """Draw answers in the two top boxes."""
    return _share(sum(truth.csat[3:]), n, surveys, rng)


def ces_mean(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> Found:
    """Draw scores from 1 to 7."""
    found = scores_of(_counts("ces", truth, rng.multinomial(n, truth.ces, size=surveys)))
    found = found[found.measure == "mean"]
    noted = _percent((found.note == LOPSIDED).mean())
    value = float(np.arange(1, 8) @ truth.ces)
    why = f"lopsided: few answers say how far the rest is off; noted in {noted} of surveys"
    return Found(value, found.low.to_numpy(), found.high.to_numpy(), why)


def ces_top_box(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> Found:
    """Draw answers in the three top boxes."""
    return _share(sum(truth.ces[4:]), n, surveys, rng)


def returning(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> Found:
    """Draw customers with a second purchase day."""
    return _share(truth.returns, n, surveys, rng)


def kept(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> Found:
    """Draw customers who bought in a later month."""
    return _share(truth.kept, n, surveys, rng)


def within(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> Found:
    """Draw how long customers take to come back, each watched for as long as they are known."""
    wait = np.ceil(rng.exponential(truth.wait, (surveys, n)))
    wait = np.where(rng.random((surveys, n)) < truth.ever, wait, np.inf)
    age = rng.integers(1, OLDEST + 1, (surveys, n))
    back = wait <= age
    days = np.minimum(wait, age).astype(int)
    value = truth.ever * (1 - np.exp(-HORIZON / truth.wait))
    low, high = _survival_bounds(days, back)
    _same_as_the_library(days, back, low, high)
    why = "of surveys with an interval: there is none where nobody or everybody is back"
    return Found(value, low, high, why)


def _share(chance: float, n: int, surveys: int, rng: np.random.Generator) -> Found:
    low, high = wilson_bounds(rng.binomial(n, chance, surveys), np.full(surveys, n))
    every = np.arange(n + 1)
    ends = wilson_bounds(every, np.full(n + 1, n))
    held = (ends[0] <= chance) & (chance <= ends[1])
    exact = float(stats.binom.pmf(every, n, chance)[held].sum())
    why = "answers are whole: only so many intervals are possible"
    return Found(chance, low, high, why, exact)


def _bands(truth: Truth) -> np.ndarray:
    return np.array([sum(truth.nps[9:]), sum(truth.nps[7:9]), sum(truth.nps[:7])])


def _nps(truth: Truth, drawn: np.ndarray, bounds: Callable) -> Found:
    """Add up the chances of all surveys beside those drawn."""
    chances, n = _bands(truth), int(drawn[0].sum())
    value = 100 * (chances[0] - chances[2])
    up, down = (one.ravel() for one in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    up, down = up[up + down <= n], down[up + down <= n]
    counts = np.array([up, n - up - down, down])
    logs = gammaln(n + 1) - gammaln(counts + 1).sum(axis=0) + counts.T @ np.log(chances)
    low, high = bounds(*counts)
    exact = float(np.exp(logs)[(low <= value) & (value <= high)].sum())
    why = "hardly anybody but promoters: what is added to each band moves the middle"
    return Found(value, *bounds(*drawn.T), why, exact)


def _mover_bounds(*counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's intervals of promoters and of detractors, put together.

    Zou & Donner (2008), Statistics in Medicine 27, 1693-1702, equation 7: the two shares are of the
    same answers, and the more there are of one, the fewer of the other.
    """
    n = sum(counts)
    up, down = counts[0] / n, counts[2] / n
    ends = [wilson_bounds(count, n) for count in (counts[0], counts[2])]
    room = np.maximum((1 - up) * (1 - down), 1e-12)
    tie = np.where((up < 1) & (down < 1), 2 * np.sqrt(up * down / room), 0)
    reach = [
        np.sqrt(one**2 + other**2 + tie * one * other)
        for one, other in (
            (up - ends[0][0], ends[1][1] - down),
            (ends[0][1] - up, down - ends[1][0]),
        )
    ]
    return 100 * (up - down - reach[0]), 100 * (up - down + reach[1])


def _survival_bounds(days: np.ndarray, back: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of Kaplan and Meier at the horizon, a survey a row."""
    surveys, n = days.shape
    at = np.minimum(days, HORIZON + 1)
    row = np.repeat(np.arange(surveys), n)
    size = (surveys, HORIZON + 2)
    came, ended = np.zeros(size), np.zeros(size)
    np.add.at(ended, (row, at.ravel()), 1)
    np.add.at(came, (row, at.ravel()), (back & (days <= HORIZON)).ravel())
    waiting = n - np.cumsum(ended, axis=1) + ended
    came, waiting = came[:, : HORIZON + 1], waiting[:, : HORIZON + 1]
    left = waiting - came
    staying = np.where(waiting > 0, left / np.maximum(waiting, 1), 1).prod(axis=1)
    spread = np.where(left > 0, came / np.maximum(waiting * left, 1), 0).sum(axis=1)
    known = (staying > 0) & (staying < 1) & (days.max(axis=1) >= HORIZON)
    log = np.log(np.where(known, staying, 0.5))
    reach = normal_quantile(0.95) * np.sqrt(spread) / log
    ends = [np.where(known, 1 - staying ** np.exp(sign * reach), np.nan) for sign in (-1, 1)]
    return np.minimum(*ends), np.maximum(*ends)


def _same_as_the_library(days: np.ndarray, back: np.ndarray, *ends: np.ndarray) -> None:
    """Stop if the fast way differs from the library on the first surveys."""
    for one in range(3):
        if np.isnan(ends[0][one]):
            continue
        waits = pd.DataFrame({"days": days[one], "observed": back[one], "customers": 1})
        counted = waits.groupby(["days", "observed"], as_index=False).customers.sum()
        row = kaplan_meier(counted).set_index("day").loc[HORIZON]
        np.testing.assert_allclose([ends[0][one], ends[1][one]], [row.low, row.high], rtol=1e-9)


def alarm_table(surveys: int) -> list[str]:
    """Return the table of false alarms: comparisons of answers that are all drawn alike."""
    lines = ["| compared | answers | n | any false alarm | by formula alone | and not corrected |"]
    lines += ["|---|---|--:|--:|--:|--:|"]
    for name, draw in COMPARISONS.items():
        for kind, truth in TRUTHS.items():
            for n in (100, 1000):
                rng = np.random.default_rng([SEED, list(TRUTHS).index(kind), n])
                alarms = _alarms(truth, draw(truth, n, surveys, rng))
                cells = [name, kind, f"{n:,}", *map(_percent, alarms)]
                lines.append(f"| {' | '.join(cells)} |")
    return lines


def groups(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> list[tuple]:
    """Compare ten groups of customers with all others, by three questions."""
    sizes = [size for size in np.round(n * np.array(GROUPS)).astype(int) if size >= LEAST_ANSWERS]
    found = []
    for question, chances in CHANCES.items():
        parts = [rng.multinomial(size, chances(truth), size=surveys) for size in sizes]
        found += [(question, part, sum(parts) - part) for part in parts]
    return found


def other_people(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> list[tuple]:
    """Compare two periods in which other customers answer, by three questions."""
    return [
        (question, *rng.multinomial(n, chances(truth), size=(2, surveys)))
        for question, chances in CHANCES.items()
    ]


def same_people(truth: Truth, n: int, surveys: int, rng: np.random.Generator) -> list[tuple]:
    """Compare two periods in which the same customers answer, half of them as before."""
    found = []
    for question, chances in CHANCES.items():
        both = rng.multinomial(n // 2, chances(truth), size=surveys)
        found.append(
            (question, *(both + rng.multinomial(n - n // 2, chances(truth), size=(2, surveys))))
        )
    return found


def _alarms(truth: Truth, compared: list[tuple]) -> list[float]:
    """Return how often anything is called a difference: as on the page, by formula, uncorrected."""
    p = np.column_stack([_by_formula(truth, *one) for one in compared])
    # Holm calls something a difference just when the smallest of m p-values is at most 5 % / m.
    level = 0.05 / (~np.isnan(p)).sum(axis=1)
    for row, alarm in list(zip(p, np.nanmin(p, axis=1) <= level, strict=True))[:3]:
        if (holm(row[~np.isnan(row)]) <= 0.05).any() != alarm:
            raise SystemExit("The short way to correct differs from the library.")
    sure = p.copy()
    for row, column in np.argwhere(p <= level[:, None]):
        question, one, other = compared[column]
        lot = drawn_by_lot(one[row], one[row] + other[row], WORTH[question], draws=DRAWS)
        sure[row, column] = max(p[row, column], lot)
    ends = [
        np.nanmin(sure, axis=1) <= level,
        np.nanmin(p, axis=1) <= level,
        (p <= 0.05).any(axis=1),
    ]
    return [float(alarm.mean()) for alarm in ends]


def _by_formula(truth: Truth, question: str, *sides: np.ndarray) -> np.ndarray:
    counted = (_counts(question, truth, side) for side in sides)
    return DIFFERENCES[first_measure(question)](*counted).p.to_numpy()


def _counts(question: str, truth: Truth, drawn: np.ndarray) -> pd.DataFrame:
    """Count answers as `surveys.scores.tallies` does, a survey a row."""
    lowest = 0 if question == "nps" else 1
    points = np.arange(drawn.shape[1]) + lowest
    top = {"nps": points >= 9, "csat": points >= 4, "ces": points >= 5}[question]
    bottom = points <= 6 if question == "nps" else ~top
    sums = {"n": 1 + 0 * points, "top": top, "bottom": bottom}
    sums |= {"total": points, "squares": points**2, "cubes": points**3}
    counted = pd.DataFrame({name: drawn @ weight.astype(float) for name, weight in sums.items()})
    return counted.assign(question=question, lowest=lowest, highest=points[-1])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


DRAWS = 4_000  # groups drawn by lot; the library draws more
WORTH = {
    "nps": np.repeat([-100.0, 0, 100], [7, 2, 2]),
    "csat": np.repeat([0.0, 1], [3, 2]),
    "ces": np.arange(1.0, 8.0),
}
GROUPS = (0.3, 0.2, 0.15, 0.1, 0.08, 0.06, 0.05, 0.03, 0.02, 0.01)  # shares of the answers
LEAST_ANSWERS = 10
CHANCES = {
    "nps": lambda truth: truth.nps,
    "csat": lambda truth: truth.csat,
    "ces": lambda truth: truth.ces,
}
COMPARISONS = {
    "groups with all others": groups,
    "two periods, other customers": other_people,
    "two periods, the same customers": same_people,
}
MEASURES = {
    "NPS": (nps, 1),
    "CSAT, top boxes": (csat, 3),
    "CES, mean": (ces_mean, 2),
    "CES, top boxes": (ces_top_box, 3),
    "repurchase rate": (returning, 3),
    "bought again in 90 days": (within, 3),
    "retention cell": (kept, 3),
    "NPS, from two Wilson intervals (not used)": (nps_mover, 1),
}

if __name__ == "__main__":
    told = sys.argv[1:]
    main(int(told[0]) if told else 1000, Path(told[1]) if told[1:] else None)
