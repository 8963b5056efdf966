"""Segment rates beside the table of moves: what an attacker finds who reads both pages."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from regulars.measures.behaviour.segment_rates import CAME_SINCE, segment_rates
from regulars.measures.engine import table_of
from regulars.measures.segments.migration import (
    NOT_YET,
    migration,
    migration_shares,
    migration_summary,
)
from regulars.measures.segments.moves_shown import moves_shown
from regulars.measures.segments.windows import SILENT

K = 10
PERIOD = {"as_of": "2020-12-31", "since": "2020-06-30", "days": 30}
GROCER = {"champions": (443, 0), "loyal": (397, 0.003), "at_risk": (238, 0.004)}
GROCER |= {"hibernating": (660, 0.07), "new": (45, 0.05), NOT_YET: (75, 0)}
WEB_SHOP = {"champions": (120, 0.06), "loyal": (160, 0.2), "cant_lose_them": (39, 0.8)}
WEB_SHOP |= {"new": (60, 0.3), SILENT: (290, 0.93), NOT_YET: (400, 0)}
TINY = {"champions": (12, 0.2), "lost": (11, 1), SILENT: (60, 0.8), NOT_YET: (40, 0)}


@pytest.fixture
def pages(lines_of):
    """Give customers their two segments and who bought again, and both pages on them."""

    def of(base, *, seed):
        random = np.random.default_rng(seed)
        was = np.repeat(list(base), [size for size, _ in base.values()])
        silent = random.random(len(was)) < np.array([base[name][1] for name in was])
        names = [name for name in base if name not in (SILENT, NOT_YET)]
        now = np.where(silent, SILENT, random.choice(names, len(was)))
        again = ~silent & (random.random(len(was)) < 0.8)
        who, twice = np.flatnonzero(~silent), np.flatnonzero(again)
        days = np.repeat([200, 210], [len(who), len(twice)])
        people = pd.DataFrame({"customer_id": [f"c{one}" for one in range(len(was))]})
        before, after = (
            table_of(people.assign(segment=of_day)[of_day != NOT_YET]) for of_day in (was, now)
        )
        moves = migration(before, after)
        order = [*names, SILENT]
        whole = migration_shares(moves, order=order), migration_summary(moves, order=order)
        lines = lines_of(np.concatenate([who, twice]), days)
        rates = segment_rates(lines, before, after, order=order, **PERIOD)
        repeats = pd.Series(again).groupby(was).sum()
        return whole[0], moves_shown(*whole)[0], rates, repeats

    return of


def attack(cells, told, rates, repeats):
    """Return the numbers of customers to find, and how small and large each could be."""
    rates = rates.set_index(rates.segment.replace(CAME_SINCE, NOT_YET))
    rows = cells["from"].unique()
    values = np.concatenate([cells.customers, repeats.reindex(rows, fill_value=0)])
    width, n = len(values), len(cells)
    ever = {name: np.eye(width)[n + place] for place, name in enumerate(rows)}
    ones = np.append(np.ones(n), np.zeros(len(rows)))
    inside = np.append((cells.to != SILENT).to_numpy(), np.zeros(len(rows)))
    lines = [inside]  # the customers of the period
    for column in cells.to.unique():
        lines.append(ones * np.append(cells.to == column, np.zeros(len(rows))))
    for name in rows:
        of_row = np.append(cells["from"] == name, np.zeros(len(rows)))
        if told.n[told["from"] == name].notna().all():
            lines.append(of_row)
        row = rates.loc[name] if name in rates.index else {"customers": 0, "rate": 0}
        if pd.notna(row["customers"]):
            lines += [of_row * inside, ever[name]]
    known = [line @ values for line in lines]
    shown = np.append(told.customers.notna().to_numpy(), np.zeros(len(rows), dtype=bool))
    most = values[:n].sum()
    bounds = [(v, v) if here else (min(v, 1), most) for v, here in zip(values, shown, strict=True)]
    fewer = [ever[name] - np.append(cells["from"] == name, [0] * len(rows)) * inside
             for name in rows]  # fmt: skip
    system = {"A_eq": np.array(lines, float), "b_eq": known, "bounds": bounds}
    system |= {"A_ub": np.array(fewer), "b_ub": np.zeros(len(rows))}
    aims = [np.eye(width)[place] for place in np.flatnonzero(cells.to == SILENT)]
    aims += [one for name in rows for one in (ever[name], -fewer[list(rows).index(name)])]
    for aim in aims:
        if 0 < aim @ values < K:
            low, high = (linprog(sign * aim, **system) for sign in (1, -1))
            assert low.success
            assert high.success
            yield aim @ values, round(low.fun), round(-high.fun)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("base", [GROCER, WEB_SHOP, TINY], ids=["grocer", "web_shop", "tiny"])
def test_no_attacker_finds_few_customers(pages, base, seed):
    found = list(attack(*pages(base, seed=seed)))
    assert found
    assert all(low < high for _, low, high in found)


def test_one_who_fell_silent_does_not_follow_from_the_two_sizes(pages):
    cells, told, rates, _ = pages(GROCER, seed=0)
    silent = cells[cells.to == SILENT].set_index("from").customers
    few = silent.index[silent.between(1, K - 1)]
    sizes = rates.set_index("segment").customers
    assert len(few)
    assert sizes[few].isna().all()
    assert told.set_index("from").n[few].notna().all()


def test_what_the_moves_tell_is_shown_here(pages):
    cells, told, rates, _ = pages(WEB_SHOP, seed=1)
    silent = told[told.to == SILENT].set_index("from").customers
    hidden = rates.customers.isna()
    assert silent[rates.segment[~hidden].replace(CAME_SINCE, NOT_YET)].notna().all()
    assert (~hidden).any()


def test_a_segment_of_which_nobody_bought_stands_there_where_its_size_is_hidden(pages):
    cells, _, rates, _ = pages(TINY, seed=2)
    assert cells.customers[(cells["from"] == "lost") & (cells.to != SILENT)].sum() == 0
    few = TINY | {"lost": (7, 1)}
    _, _, rates, _ = pages(few, seed=2)
    assert rates.set_index("segment").hidden["lost"]
