"""Churn: the measures of 06_churn and 11_warnings under one name, as the notebooks call them.

They live in `purchase_models`, `contest`, `forecasts`, `supervised`, `warning` and `win_back`, a
file a noun.
"""

from regulars.measures.contest.checks import alive_check, error_difference
from regulars.measures.contest.discrimination import discrimination, gains_curve
from regulars.measures.contest.holdout import calibration_by_past_purchases, predictions
from regulars.measures.contest.origins import across_origins, rolling_origins
from regulars.measures.contest.recorded import recorded_contest, recorded_fits
from regulars.measures.contest.sensitivity import sensitivity, ties
from regulars.measures.contest.speaking import forecast
from regulars.measures.contest.tracking import before_the_cut, by_week, tracking
from regulars.measures.forecasts.chances import brier_score, calibration_of_chances
from regulars.measures.forecasts.held import windows_held
from regulars.measures.forecasts.history import (
    made_up_customer,
    p_alive_history,
    regular_customer,
    typical_gap,
)
from regulars.measures.forecasts.missed import missed_totals
from regulars.measures.forecasts.soon import expectations, typical_expectations
from regulars.measures.forecasts.totals import total_of, totals
from regulars.measures.purchase_models.cells import count_cells, hidden_histories, typical_histories
from regulars.measures.purchase_models.scores import (
    expected_total,
    join_scores,
    p_alive_distribution,
    p_alive_mean,
    score,
)
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.windows import earlier_day
from regulars.measures.supervised.comparing import supervised_beside, supervised_chances
from regulars.measures.warning.compared import reasons_compared
from regulars.measures.warning.histories import REACH_DAYS
from regulars.measures.warning.judged import false_alarms, last_list, lift_ratio, lists_judged
from regulars.measures.warning.order import gains, ordering
from regulars.measures.warning.reasons import with_reasons
from regulars.measures.warning.rhythm import least_for_falling, overdue_p
from regulars.measures.warning.shown import (
    kinds_shown,
    list_estimate,
    lists_shown,
    new_shown,
    warned_shown,
)
from regulars.measures.warning.stake import at_stake, warning_list
from regulars.measures.warning.watch import watch, watched_customers
from regulars.measures.win_back.actions import goals_of, newest_action, past_actions
from regulars.measures.win_back.gains import expected_gain, worth_by_group
from regulars.measures.win_back.left import (
    fitted_at,
    leaving_model,
    left_by_silence,
    left_customers,
)
from regulars.measures.win_back.listing import (
    WIN_BACK,
    left_share,
    needed_for,
    on_the_list,
    worth_writing,
)
from regulars.measures.win_back.returns import return_rates, with_chances, with_rates
from regulars.measures.win_back.study import study_action
from regulars.measures.win_back.why import WHY, last_seen
from regulars.measures.win_back.worth import margin_share, valued

__all__ = [
    "REACH_DAYS",
    "WHY",
    "WIN_BACK",
    "across_origins",
    "alive_check",
    "at_stake",
    "before_the_cut",
    "brier_score",
    "by_week",
    "calibration_by_past_purchases",
    "calibration_of_chances",
    "count_cells",
    "customer_summary",
    "discrimination",
    "earlier_day",
    "error_difference",
    "expectations",
    "expected_gain",
    "expected_total",
    "false_alarms",
    "fitted_at",
    "forecast",
    "gains",
    "gains_curve",
    "goals_of",
    "hidden_histories",
    "join_scores",
    "kinds_shown",
    "last_list",
    "last_seen",
    "least_for_falling",
    "leaving_model",
    "left_by_silence",
    "left_customers",
    "left_share",
    "lift_ratio",
    "list_estimate",
    "lists_judged",
    "lists_shown",
    "made_up_customer",
    "margin_share",
    "missed_totals",
    "needed_for",
    "new_shown",
    "newest_action",
    "on_the_list",
    "ordering",
    "overdue_p",
    "p_alive_distribution",
    "p_alive_history",
    "p_alive_mean",
    "past_actions",
    "predictions",
    "reasons_compared",
    "recorded_contest",
    "recorded_fits",
    "regular_customer",
    "return_rates",
    "rolling_origins",
    "score",
    "sensitivity",
    "study_action",
    "supervised_beside",
    "supervised_chances",
    "ties",
    "total_of",
    "totals",
    "tracking",
    "typical_expectations",
    "typical_gap",
    "typical_histories",
    "valued",
    "warned_shown",
    "warning_list",
    "watch",
    "watched_customers",
    "windows_held",
    "with_chances",
    "with_rates",
    "with_reasons",
    "worth_by_group",
    "worth_writing",
]
