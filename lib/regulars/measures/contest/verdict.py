"""The verdict: whether a purchase model may speak on a page."""

from dataclasses import dataclass

import pandas as pd

__all__ = ["Verdict", "verdict"]

PREFERRED = "mbg_nbd"


@dataclass(frozen=True)
class Verdict:
    """Whether a purchase model may speak, and the numbers for the sentence that says so.

    Parameters
    ----------
    speaks : bool
        True if some model's mean absolute error is below every plain rule's.
    model : str or None
        The model to take P(alive) from; None if none may speak.
    best_model : str or None
        The model with the lowest mean absolute error, whether it may speak or not.
    best_model_mae : float or None
        Its mean absolute error, in purchase days a customer.
    best_rule : str
        The plain rule with the lowest mean absolute error.
    best_rule_mae : float
        Its mean absolute error.
    """

    speaks: bool
    model: str | None
    best_model: str | None
    best_model_mae: float | None
    best_rule: str
    best_rule_mae: float


def verdict(contested: pd.DataFrame) -> Verdict:
    """Say whether a model may speak: only if it errs less than every plain rule.

    Of the models that may, P(alive) is taken from MBG/NBD if it is among them, since BG/NBD calls
    everybody who bought once certainly alive; else from the one that errs least.

    Parameters
    ----------
    contested : pandas.DataFrame
        From `contest`: name, kind, mae.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> verdict(pd.DataFrame({"name": ["bg_nbd", "always_zero"], "kind": ["model", "rule"],
    ...                       "mae": [.79, .80]})).speaks
    True
    """
    by_error = contested.sort_values(["mae", "name"])
    models, rules = (by_error[by_error.kind == kind] for kind in ("model", "rule"))
    rule, bar = str(rules.name.iloc[0]), float(rules.mae.iloc[0])
    passed = models[models.mae < bar].name.tolist()
    best = None if models.empty else str(models.name.iloc[0])
    return Verdict(
        speaks=bool(passed),
        model=PREFERRED if PREFERRED in passed else next(iter(passed), None),
        best_model=best,
        best_model_mae=None if models.empty else float(models.mae.iloc[0]),
        best_rule=rule,
        best_rule_mae=bar,
    )
