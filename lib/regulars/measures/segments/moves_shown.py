"""Moves that may be shown: how customers migrated, without the counts of few customers.

The table of moves and the summary by group show the same customers, so they are hidden together: a
number of the summary is shown only if it follows from cells and sums of the table that are shown.
"""

import pandas as pd

from regulars.measures.segments.migration import NO_LONGER, NOT_YET
from regulars.measures.suppression import HIDDEN, LEAST, hidden_with_sums

__all__ = ["moves_shown"]

OF_CHANGE = ["change", "low", "high", "p", "p_holm"]
OF_NET = ["net", "net_low", "net_high", "net_p_holm"]


def moves_shown(
    shares: pd.DataFrame,
    summary: pd.DataFrame,
    *,
    k: int = LEAST,
    before: pd.Series | None = None,
    now: pd.Series | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the counts of fewer than `k` customers, and what would give them away, out of both.

    Parameters
    ----------
    shares, summary : pandas.DataFrame
        From `migration.migration_shares` and `migration.migration_summary` of the same moves.
    k : int
        The smallest count that is shown.
    before, now : Series of bool, optional
        By group, whether its size then or now is hidden already, where other tables show the same
        sizes.

    Returns
    -------
    shares, summary : pandas.DataFrame
        The same rows with missing values where hidden, and ``hidden`` (bool): of `shares`, the
        cell; of `summary`, the size of the group before or now. Whether a change exceeds chance is
        missing where its p is.

    Examples
    --------
    >>> from regulars.measures.segments.migration import migration_shares, migration_summary
    >>> moves = pd.DataFrame({"from": ["a", "a", "b", "b"], "to": ["a", "b", "a", "b"],
    ...                       "customers": [20, 3, 15, 40]})
    >>> cells, groups = moves_shown(migration_shares(moves), migration_summary(moves))
    >>> cells.customers.isna().tolist(), groups.before.tolist()
    ([True, True, True, True], [23, 55])
    """
    wide = shares.pivot_table(
        index="from", columns="to", values="customers", aggfunc="sum", sort=False
    )
    cells, rows, columns = hidden_with_sums(
        wide, k=k, rows=_in_order(before, wide.index), columns=_in_order(now, wide.columns)
    )
    away = pd.Series([cells.loc[pair] for pair in zip(shares["from"], shares["to"], strict=True)])
    row_away = shares["from"].map(rows)
    shown = shares.astype({"customers": "Int64", "n": "Int64"}).assign(**{HIDDEN: away.to_numpy()})
    shown[["customers", "share"]] = shown[["customers", "share"]].mask(shown[HIDDEN])
    # A share and the count behind it would tell the sum.
    shown[["n", "share"]] = shown[["n", "share"]].mask(row_away)
    return shown, _summary_shown(summary, cells, rows, columns)


def _in_order(known: pd.Series | None, names: pd.Index) -> pd.Series | None:
    return None if known is None else known.reindex(names, fill_value=False)


def _summary_shown(
    summary: pd.DataFrame, cells: pd.DataFrame, rows: pd.Series, columns: pd.Series
) -> pd.DataFrame:
    names = summary.segment
    own = pd.Series([cells.loc[name, name] for name in names], dtype=bool)
    new = _cells_of(cells.T, NOT_YET, names)
    gone = _cells_of(cells, NO_LONGER, names)
    before, now = names.map(rows).astype(bool), names.map(columns).astype(bool)
    came_in, went_out = now | own | new, before | own | gone
    away = {"before": before, "now": now, "stayed": own, "new": new, "gone": gone}
    away |= {"came_in": came_in, "went_out": went_out}
    known = bool(rows.get(NOT_YET, False)) or bool(columns.get(NO_LONGER, False))
    away["n"] = pd.Series(data=known, index=names.index)
    away |= dict.fromkeys([*OF_CHANGE, "exceeds_chance"], came_in | went_out | known)
    away |= dict.fromkeys(OF_NET, before | now)
    tested = before | now | own  # who came follows from the size now and who stayed
    away |= dict.fromkeys(["net_low", "net_high", "net_p_holm", "net_exceeds_chance"], tested)
    whole = [name for name in away if pd.api.types.is_integer_dtype(summary[name])]
    said = {"exceeds_chance": "boolean", "net_exceeds_chance": "boolean"}
    shown = summary.astype(dict.fromkeys(whole, "Int64") | said)
    for name, hidden in away.items():
        shown[name] = shown[name].mask(hidden)
    return shown.assign(**{HIDDEN: before | now})


def _cells_of(cells: pd.DataFrame, other: str, names: pd.Series) -> pd.Series:
    """Tell whether the cell between each group and one outside of the groups is hidden."""
    if other not in cells:
        return pd.Series(data=False, index=names.index)
    return names.map(cells[other]).astype(bool)
