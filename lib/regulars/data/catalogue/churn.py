"""Who is still a customer (06_churn)."""

from regulars.data.catalogue.model import Definition

__all__ = ["CHURN"]


WEEKS = "time in weeks; where the years show a season, of season days."
PREDICTED = "Purchase days in the holdout, of all customers of the calibration period together"
TO_COME = (
    "95 % prediction interval: parameters and chance; where the same forecast missed the days held "
    "back, widened by what it missed by."
)
ERROR = "Mean absolute error in the holdout: purchase days a customer, predicted against actual."

CHURN = {
    "churn.calibration.<model>.<parameter>": Definition(
        "{model} {parameter}, calibration",
        "parameter",
        f"Maximum likelihood on the calibration period, {WEEKS}",
    ),
    "churn.calibration.<model>.log_likelihood": Definition(
        "{model} log-likelihood", "log-likelihood", f"Of the calibration period, {WEEKS}"
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
    "churn.expected_purchases_<days>": Definition(
        "Purchase days to expect in {days} days",
        "purchase days",
        f"Expected purchase days of the customers known at as_of, in the days after; {TO_COME}",
    ),
    "churn.expected_purchases_365": Definition(
        "Purchase days to expect in a year",
        "purchase days",
        f"Expected purchase days of the customers known at as_of, in the next 365 days; {TO_COME}",
    ),
    "churn.buyers_<days>": Definition(
        "Customers to buy in {days} days",
        "customers",
        "Of the customers known at as_of, those expected to have a purchase day in the days after; "
        f"{TO_COME}",
    ),
    "churn.calibration.<model>.log_score": Definition(
        "{model} log score",
        "log-likelihood",
        "Log score in the holdout: the mean logarithm of the probability given to what came.",
    ),
    "churn.calibration.<model>.slope": Definition(
        "{model} calibration slope",
        "number",
        "Purchase days more that came in the holdout where one more was predicted; 1 is right.",
    ),
    "churn.<model>.<parameter>": Definition(
        "{model} {parameter}", "parameter", f"Maximum likelihood up to as_of, {WEEKS}"
    ),
    "churn.model": Definition(
        "Model that speaks",
        "name",
        "Of the purchase models that foretold the holdout better than every plain rule, the one "
        "with the highest log score.",
    ),
    "churn.grade": Definition(
        "Grade of the forecast",
        "name",
        "A: beyond chance better than the plain forecasts, total within 10 %, calibration slope "
        ".85 to 1.15. B: beyond chance better, total within 25 %, slope .70 to 1.30. C: better. "
        "Total and slope miss only if their whole 95 % intervals lie outside; where one is wider "
        "than the limits of A, customers are too few to tell, and B is the best.",
    ),
    "churn.supervised.log_loss_gain": Definition(
        "Supervised model: log loss saved",
        "log loss",
        "Mean −ln of the probability given to what each customer did (bought or not) in the last "
        "period: the purchase model's less the supervised model's. Above 0 the supervised model is "
        "better.",
    ),
    "churn.supervised.auc": Definition(
        "Supervised model: AUC",
        "AUC",
        "How often a customer who bought in the last period had been given a higher chance to buy "
        "than one who did not; .5 is a lot.",
    ),
}
