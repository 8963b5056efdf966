"""Drivers: what goes with contracts that end sooner (Cox's proportional hazards)."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError, ConvergenceWarning
from lifelines.statistics import proportional_hazard_test
from scipy.linalg import LinAlgWarning

from regulars.measures.intervals import Estimate
from regulars.measures.segments.chance import holm
from regulars.measures.suppression import few

__all__ = ["Drivers", "contract_drivers"]

LEAST_ENDED = 10  # contracts that ended, for each ratio to be estimated
NEVER = ("periods", "ended")
RATIOS = ["driver", "level", "against", "contracts", "hazard_ratio", "low", "high", "p_holm"]
JOIN = "\x1f"  # between a driver and its value, in the name of a column


@dataclass(frozen=True, eq=False)
class Drivers:
    """The hazard ratios, and what stands against them.

    Parameters
    ----------
    ratios : pandas.DataFrame
        One row per value of a driver that is not the reference: driver, level (the value),
        against (the reference), contracts (with the value), hazard_ratio (of the chance to end at a
        renewal), low, high (95 %), p_holm (corrected for as many as there are, Holm).
    stratified : tuple of str
        Drivers whose ratio changes with the age of the contract; the others are compared within
        their values, and these have no ratio.
    contracts : int
        How many it was fitted on; where one to nine were left out, these too, so that nobody can
        tell how few they were.
    withheld : str or None
        Why there are no ratios.
    """

    ratios: pd.DataFrame
    stratified: tuple[str, ...]
    contracts: int
    withheld: str | None


def contract_drivers(rows: pd.DataFrame) -> Drivers:
    """Estimate how the chance to end differs by what was known when a contract began.

    Drivers come in the order of the columns, as long as ten contracts have ended for each ratio;
    one that follows from those before it is left out, and so are contracts with a value of which
    fewer than ten ended. The fee takes part where contracts of one plan pay different fees; its
    ratio is that of twice the fee. Each driver's ratio has to be the same at every age (a test on
    Schoenfeld's residuals, corrected by Holm); where it is not, contracts are compared within the
    driver's values alone.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `driver_rows.driver_rows`.

    Returns
    -------
    Drivers

    Notes
    -----
    Cox (1972), Journal of the Royal Statistical Society B 34, 187-220, with Efron's ties; Grambsch
    & Therneau (1994), Biometrika 81, 515-526; both by lifelines.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = pd.DataFrame({"plan": ["a"] * 90 + ["b"] * 80, "fee": 5.0, "ended": True,
    ...     "periods": [*rng.geometric(.4, 90), *rng.geometric(.1, 80)]})
    >>> found = contract_drivers(rows).ratios
    >>> found[["driver", "level", "against"]].iloc[0].tolist(), bool(found.high[0] < 1)
    (['plan', 'b', 'a'], True)
    """
    everyone, rows = len(rows), _comparable(rows)
    told = _tellable(len(rows), everyone)
    coded, names = _coded(rows, ended=int(rows.ended.sum()))
    if coded.shape[1] == 0:
        return _none(told, "Too few contracts have ended to compare them by what they are.")
    try:
        fitted, strata = _fitted(rows, coded, names)
    except (ConvergenceError, LinAlgWarning):
        return _none(told, "No ratios suit these contracts: what they are goes together too much.")
    if fitted is None:
        return _none(told, "No driver keeps one ratio over the life of a contract.", strata)
    return Drivers(_ratios(fitted, rows, names), strata, told, None)


def _tellable(kept: int, everyone: int) -> int:
    hidden = everyone > 0 and few(Estimate(kept / everyone, None, None, everyone))
    return everyone if hidden else kept


def _none(contracts: int, why: str, strata: tuple[str, ...] = ()) -> Drivers:
    return Drivers(pd.DataFrame(columns=RATIOS), strata, contracts, why)


def _coded(rows: pd.DataFrame, *, ended: int) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:
    """Return columns of numbers, and of each its driver and the reference."""
    coded, names = {}, {}
    for driver in (name for name in rows.columns if name not in NEVER):
        columns, against = _columns(rows, driver)
        if 0 < len(columns) <= ended // LEAST_ENDED - len(coded) and _is_new({**coded, **columns}):
            coded |= columns
            names |= dict.fromkeys(columns, (driver, against))
    return pd.DataFrame(coded, index=rows.index), names


def _is_new(coded: dict[str, pd.Series]) -> bool:
    """Tell whether no column follows from the others, and each differs between contracts."""
    values = np.column_stack([np.ones(len(next(iter(coded.values())))), *coded.values()])
    return bool(np.linalg.matrix_rank(values) == values.shape[1])


def _columns(rows: pd.DataFrame, driver: str) -> tuple[dict[str, pd.Series], str]:
    """Return a column for each value but the reference, which is no, or the commonest."""
    if driver == "fee":
        return ({f"fee{JOIN}twice": np.log2(rows.fee)} if _varies(rows) else {}), "once"
    values = _values(rows, driver)
    sizes = values.value_counts()
    if len(_common(rows, driver)) < len(sizes):
        return {}, ""
    against = "no" if "no" in sizes.index else str(sizes.index[0]) if len(sizes) else ""
    others = sorted(value for value in sizes.index if value != against)
    return {f"{driver}{JOIN}{value}": (values == value).astype(float) for value in others}, against


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out contracts with a value of which too few ended, where two values are left."""
    for driver in (name for name in rows.columns if name not in (*NEVER, "fee")):
        common = _common(rows, driver)
        if len(common) > 1:
            rows = rows[_values(rows, driver).isin(common)]
    return rows


def _common(rows: pd.DataFrame, driver: str) -> list[str]:
    gone = rows.ended.groupby(_values(rows, driver)).sum()
    return gone[gone >= LEAST_ENDED].index.tolist()


def _values(rows: pd.DataFrame, driver: str) -> pd.Series:
    values = rows[driver]
    return values.map({True: "yes", False: "no"}) if values.dtype == bool else values


def _varies(rows: pd.DataFrame) -> bool:
    """Tell whether contracts of one plan pay different fees, all of them known and above zero."""
    if rows.fee.isna().any() or not (rows.fee > 0).all():
        return False
    return len(rows.drop_duplicates(["plan", "fee"])) > len(rows.plan.unique())


def _fitted(
    rows: pd.DataFrame, coded: pd.DataFrame, names: dict[str, tuple[str, str]]
) -> tuple[CoxPHFitter | None, tuple[str, ...]]:
    """Fit, and fit again within the values of drivers whose ratio is not the same at every age."""
    fitter, strata = _fit(rows, coded, ()), ()
    for _ in range(2):
        changing = _changing(fitter, rows, coded, names, strata)
        if not changing:
            return fitter, strata
        strata = (*strata, *changing)
        left = coded[[name for name in coded if names[name][0] not in strata]]
        if left.empty or "fee" in strata:
            return None, strata
        coded, fitter = left, _fit(rows, left, strata)
    return fitter, strata


def _fit(rows: pd.DataFrame, coded: pd.DataFrame, strata: tuple[str, ...]) -> CoxPHFitter:
    frame = _frame(rows, coded, strata)
    with _quiet():
        return CoxPHFitter(alpha=0.05).fit(
            frame, "periods", "ended", strata=[*map(_stratum, strata)] or None
        )


def _frame(rows: pd.DataFrame, coded: pd.DataFrame, strata: tuple[str, ...]) -> pd.DataFrame:
    within = {_stratum(name): rows[name].astype(str) for name in strata}
    return coded.assign(periods=rows.periods, ended=rows.ended, **within)


def _stratum(name: str) -> str:
    return f"within {name}"


def _changing(
    fitter: CoxPHFitter,
    rows: pd.DataFrame,
    coded: pd.DataFrame,
    names: dict[str, tuple[str, str]],
    strata: tuple[str, ...],
) -> list[str]:
    with _quiet():
        test = proportional_hazard_test(fitter, _frame(rows, coded, strata), time_transform="km")
    # With one column lifelines hands over a single number.
    p = holm(np.atleast_1d(np.asarray(test.p_value, dtype=float)))
    columns = list(fitter.params_.index)
    return list(dict.fromkeys(names[c][0] for c, one in zip(columns, p, strict=True) if one < 0.05))


def _ratios(
    fitter: CoxPHFitter, rows: pd.DataFrame, names: dict[str, tuple[str, str]]
) -> pd.DataFrame:
    told = fitter.summary
    parts = [column.split(JOIN) for column in told.index]
    ratios = pd.DataFrame(
        {
            "driver": [driver for driver, _ in parts],
            "level": [level for _, level in parts],
            "against": [names[column][1] for column in told.index],
            "contracts": [_with_value(rows, *part) for part in parts],
            "hazard_ratio": told["exp(coef)"].to_numpy(),
            "low": told["exp(coef) lower 95%"].to_numpy(),
            "high": told["exp(coef) upper 95%"].to_numpy(),
            "p_holm": holm(told["p"].to_numpy()),
        }
    )
    return ratios.sort_values("p_holm", kind="stable", ignore_index=True)


def _with_value(rows: pd.DataFrame, driver: str, value: str) -> int:
    if driver == "fee":
        return len(rows)
    return int((_values(rows, driver) == value).sum())


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what lifelines warns of: plans of pandas, and values without an end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("error", LinAlgWarning)
        yield
