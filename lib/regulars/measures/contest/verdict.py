"""The verdict: whether a purchase model may speak on a page, and how far to believe it."""

from dataclasses import dataclass

import pandas as pd

__all__ = ["GRADES", "Verdict", "verdict"]

GRADES = {"A": (0.10, 0.85, 1.15), "B": (0.25, 0.70, 1.30)}
"""How far the total may be off, and the least and the largest slope, of a grade."""


@dataclass(frozen=True)
class Verdict:
    """Whether a purchase model may speak, and the numbers for the sentence that says so.

    Parameters
    ----------
    speaks : bool
        True if some model passed, see `verdict`.
    model : str or None
        The model that speaks; None if none may.
    best_model : str or None
        The model with the lowest mean absolute error, whether it may speak or not.
    best_model_mae : float or None
        Its mean absolute error, in purchase days a customer.
    best_rule : str
        The plain rule with the lowest mean absolute error.
    best_rule_mae : float
        Its mean absolute error.
    grade : str or None
        A, B or C of the model that speaks.
    missed : tuple of str
        What kept it from an A: ``gain`` (over the plain forecasts it may be chance), ``total``,
        ``slope`` (they lie outside the limits beyond chance), ``few`` (customers, to tell).
    reason : str or None
        Why none may speak: ``too_few_customers``, ``too_few_repeaters``, ``history`` (shorter than
        the holdout), ``no_model`` (none could be fitted), ``nobody`` (to check it on), ``rules``
        (none did better than they).
    leader : str or None
        The model with the highest log score.
    log_score, plain, plain_log_score : float, str, float or None
        Its log score; the plain forecast with the highest, and that.
    """

    speaks: bool
    model: str | None
    best_model: str | None
    best_model_mae: float | None
    best_rule: str
    best_rule_mae: float
    grade: str | None = None
    missed: tuple[str, ...] = ()
    reason: str | None = None
    leader: str | None = None
    log_score: float | None = None
    plain: str | None = None
    plain_log_score: float | None = None

    @property
    def limits(self) -> tuple[float, float, float]:
        """How far the total may be off for an A, and the least and the largest slope."""
        return GRADES["A"]


def verdict(contested: pd.DataFrame, *, reason: str | None = None) -> Verdict:
    """Say which model may speak: of those that did better than every plain rule, the likeliest.

    Better than every rule is a model whose log score is above that of both fitted rules, and whose
    root mean square error is below that of every rule. Both are best for who says the truth. The
    mean absolute error is not: where most come no more it is least for who says that nobody does;
    so it decides on nothing. Of the models that passed, the one with the highest log score speaks.

    Its grade is **A** if its gain over the best fitted rule is beyond chance (95 % interval), the
    total is off by at most 10 % and the calibration slope lies within .85 to 1.15; **B** if the
    gain is beyond chance, the total is off by at most 25 % and the slope lies within .70 to 1.30;
    else **C**. The total (with its prediction interval) and the slope miss such limits only if
    their whole 95 % intervals lie outside: few customers make the best model look off by chance.
    Nor do few customers make an A: if an interval is wider than the limits of A, B is the best
    grade.

    Parameters
    ----------
    contested : pandas.DataFrame
        From `holdout.contest`.
    reason : str, optional
        Why none may speak whatever came out.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> contested = pd.DataFrame({"name": ["bg_nbd", "always_zero", "all_alike"],
    ...     "kind": ["model", "rule", "rule"], "mae": [.79, .80, 1.3], "rmse": [1.6, 2.2, 2.1],
    ...     "log_score": [-1.03, None, -1.15], "gain_low": [.1, None, 0],
    ...     "bias_low": [-.16, None, None], "bias_high": [-.12, None, None],
    ...     "slope_low": [.9, None, None], "slope_high": [1.1, None, None]})
    >>> found = verdict(contested)
    >>> found.model, found.grade, found.missed
    ('bg_nbd', 'B', ('total',))
    """
    models, rules = (_ordered(contested[contested.kind == kind]) for kind in ("model", "rule"))
    by_error, plain = rules.sort_values(["mae", "name"]), rules.dropna(subset="log_score")
    passed = models[(models.rmse < rules.rmse.min()) & (models.log_score > plain.log_score.max())]
    why = reason or _reason(contested, models, passed)
    speaker = None if why else passed.iloc[0]
    nearest = models.sort_values(["mae", "name"])
    missed = () if why else _missed(speaker)
    return Verdict(
        speaks=why is None,
        model=None if why else str(speaker["name"]),
        best_model=_first(nearest.name),
        best_model_mae=_first(nearest.mae),
        best_rule=str(by_error.name.iloc[0]),
        best_rule_mae=float(by_error.mae.iloc[0]),
        grade=None if why else _grade(speaker, missed),
        missed=missed,
        reason=why,
        leader=_first(models.name),
        log_score=_first(models.log_score),
        plain=_first(plain.name),
        plain_log_score=_first(plain.log_score),
    )


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(["log_score", "name"], ascending=[False, True])


def _first(values: pd.Series) -> str | float | None:
    if values.empty or pd.isna(values.iloc[0]):
        return None
    return str(values.iloc[0]) if isinstance(values.iloc[0], str) else float(values.iloc[0])


def _reason(contested: pd.DataFrame, models: pd.DataFrame, passed: pd.DataFrame) -> str | None:
    if contested.mae.isna().all():
        return "nobody"
    if models.empty:
        return "no_model"
    return "rules" if passed.empty else None


def _missed(speaker: pd.Series) -> tuple[str, ...]:
    held = {"gain": speaker.gain_low > 0, **_within("A", speaker)}
    missed = tuple(name for name, is_held in held.items() if not is_held)
    return missed or (() if _sharp("A", speaker) else ("few",))


def _grade(speaker: pd.Series, missed: tuple[str, ...]) -> str:
    if not missed:
        return "A"
    return "B" if all(_within("B", speaker).values()) and "gain" not in missed else "C"


def _within(grade: str, speaker: pd.Series) -> dict[str, bool]:
    """Tell whether the intervals of total and slope reach into the limits of a grade."""
    off, least, largest = GRADES[grade]
    return {
        "total": speaker.bias_low <= off and speaker.bias_high >= -off,
        "slope": speaker.slope_low <= largest and speaker.slope_high >= least,
    }


def _sharp(grade: str, speaker: pd.Series) -> bool:
    """Tell whether the intervals of total and slope are no wider than the limits of a grade."""
    off, least, largest = GRADES[grade]
    total, slope = (speaker[f"{one}_high"] - speaker[f"{one}_low"] for one in ("bias", "slope"))
    return total <= 2 * off and slope <= largest - least
