"""Who is still a customer (06_churn)."""

from regulars.data.catalogue.model import Definition

__all__ = ["CHURN"]


PREDICTED = "Purchase days in the holdout, of all customers of the calibration period together"
ERROR = "Mean absolute error in the holdout: purchase days a customer, predicted against actual."

CHURN = {
    "churn.calibration.<model>.<parameter>": Definition(
        "{model} {parameter}",
        "parameter",
        "Maximum likelihood on the calibration period, time in weeks.",
    ),
    "churn.calibration.<model>.log_likelihood": Definition(
        "{model} log-likelihood", "log-likelihood", "Of the calibration period, time in weeks."
    ),
    "churn.calibration.<model>.p_alive_mean": Definition(
        "{model} mean P(alive)",
        "share",
        "Mean probability of still being a customer at the end of the calibration period.",
    ),
    "churn.calibration.<model>.holdout_predicted": Definition(
        "{model} predicted", "purchase days", f"{PREDICTED}, as predicted."
    ),
    "churn.calibration.<model>.holdout_mae": Definition("{model} MAE", "purchase days", ERROR),
    "churn.holdout_actual": Definition(
        "Purchase days in the holdout", "purchase days", f"{PREDICTED}, as counted."
    ),
    "churn.rule.<rule>.holdout_mae": Definition("{rule} MAE", "purchase days", ERROR),
    "churn.p_alive_mean": Definition(
        "Share still customers", "share", "Mean P(alive) of all customers at as_of."
    ),
    "churn.p_alive_mean.<model>": Definition(
        "Share still customers: {model}", "share", "The same by a model that does not speak here."
    ),
    "churn.expected_purchases": Definition(
        "Purchase days to expect",
        "purchase days",
        "Expected purchase days of all customers, over as many days after as_of as were held out; "
        "the interval holds how unsure the parameters are, and not that the model may be wrong.",
    ),
}
