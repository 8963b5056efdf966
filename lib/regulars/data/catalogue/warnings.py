"""Whom to warn of, and whom to win back (11_warnings)."""

from regulars.data.catalogue.model import Definition

__all__ = ["WARNINGS"]

WARNINGS = {
    "churn.warning.precision": Definition(
        "Right warnings",
        "share",
        "Of the customers who would have been warned of early_warning.period_days before "
        "as_of, by what was known then: those who have bought nothing since (Wilson's "
        "interval).",
    ),
    "churn.warning.lift": Definition(
        "Lift of the warnings",
        "times",
        "The share of right warnings, by the share of all customers looked at who have bought "
        "nothing since; interval by the delta method.",
    ),
    "churn.warning.rule_lift": Definition(
        "Lift of the plain rule",
        "times",
        "The same for everybody silent for early_warning.silent_days, of the same customers "
        "looked at.",
    ),
    "churn.warning.false_alarms": Definition(
        "False alarms",
        "share",
        "Of the customers looked at then who have bought since: those who had been warned of, "
        "by either test.",
    ),
    "churn.warning.customers": Definition(
        "Customers warned of",
        "customers",
        "With at least early_warning.least_days purchase days and a purchase in the last 365 "
        "days: overdue by their own rhythm or with falling orders, each by a one-sided test "
        "at the false-alarm rate.",
    ),
    "churn.warning.at_stake": Definition(
        "At stake",
        "money",
        "What those warned of would be expected to spend in 365 days if they went on; the "
        "interval holds how unsure the model's parameters are, and nothing else. Where no "
        "model speaks: what they spent in the last 365 days.",
    ),
    "churn.left": Definition(
        "Have left",
        "share",
        "Customers whose P(alive) at as_of is below win_back.left_below, of all; where no "
        "model speaks, who is silent for longer than twice their own mean gap "
        "(win_back.return_days at least; bought on one day only: period_days).",
    ),
    "churn.win_back.customers": Definition(
        "Worth writing to, or to test",
        "customers",
        "Of those who left, for whom writing pays at the upper end of the measured uplift's "
        "interval at least; where the uplift is unknown, for whom it could pay.",
    ),
    "churn.win_back.expected_gain": Definition(
        "Expected gain of writing to them",
        "money",
        "Uplift times the value of a return within win_back.value_days, less contacts and "
        "offers, added up over these customers; the interval holds how unsure the uplift is, "
        "and nothing else.",
    ),
    "churn.win_back.uplift": Definition(
        "Uplift of the last win-back action",
        "difference of shares",
        "Share who bought within win_back.return_days of its first day, treated less control, "
        "by intention to treat, of those who had left when it began, or of all it drew where "
        "these are too few; Newcombe's interval.",
    ),
}
