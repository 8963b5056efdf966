"""Loyalty: the measures of 05_loyalty, 08_surveys, 09_retention and 10_targets under one name.

They live in `surveys`, `deeds`, `drivers`, `behaviour` and `targets`, a file a noun; here they only
stand together, as the notebooks call them.
"""

from regulars.measures.behaviour.cohort_groups import cohort_groups
from regulars.measures.behaviour.rate_change import rate_change
from regulars.measures.behaviour.regularity import regularity, spread_quartiles
from regulars.measures.behaviour.repeats import repeat_rates
from regulars.measures.behaviour.segment_rates import segment_estimates, segment_rates
from regulars.measures.behaviour.shown_cohorts import shown_cohorts
from regulars.measures.behaviour.soonest import soonest_group
from regulars.measures.behaviour.waiting import (
    waiting_counts,
    waiting_curves,
    waiting_groups,
    waiting_tests,
)
from regulars.measures.behaviour.wallet import wallet_share, wallet_targets
from regulars.measures.behaviour.window_rates import compared_windows, window_rates
from regulars.measures.calendar_units import name_of
from regulars.measures.deeds.foresight import foresight
from regulars.measures.deeds.word_and_deed import word_and_deed
from regulars.measures.drivers.importance import drivers
from regulars.measures.loyalty_ends import began_with, describe_ends, sets_apart, with_word
from regulars.measures.loyalty_index import index_stability, loyalty_index
from regulars.measures.repurchase import (
    gaps_between_purchases,
    median_days_to_second,
    repurchase_curve,
    repurchase_rate,
    repurchase_within,
)
from regulars.measures.segments.profiles import customer_profile, with_attributes
from regulars.measures.segments.windows import earlier_day, windowed_segments
from regulars.measures.surveys.answers import answers, newest_answers
from regulars.measures.surveys.comments import comments, how_many_wrote
from regulars.measures.surveys.comparisons import compare_groups, compare_waves
from regulars.measures.surveys.groups import customer_groups
from regulars.measures.surveys.invitations import (
    base_asked,
    first_asked,
    invitations,
    names_unanswered,
)
from regulars.measures.surveys.periods import scores_by_period
from regulars.measures.surveys.responders import known_before, who_answered
from regulars.measures.surveys.response import response_by_question, response_rate
from regulars.measures.surveys.scores import MAIN, estimate_of, in_groups, tallies
from regulars.measures.surveys.shown import overall_scores, suppressed_scores, survey_metrics
from regulars.measures.surveys.topics import topic_counts
from regulars.measures.surveys.weighted import weighted_estimate, weighted_scores
from regulars.measures.targets.judged import judged_targets, recent_targets, verdict_counts
from regulars.measures.targets.kpis import KPIS, strange_targets
from regulars.measures.targets.limits import kpi_limits
from regulars.measures.targets.reached import kpi_months

__all__ = [
    "KPIS",
    "MAIN",
    "answers",
    "base_asked",
    "began_with",
    "cohort_groups",
    "comments",
    "compare_groups",
    "compare_waves",
    "compared_windows",
    "customer_groups",
    "customer_profile",
    "describe_ends",
    "drivers",
    "earlier_day",
    "estimate_of",
    "first_asked",
    "foresight",
    "gaps_between_purchases",
    "how_many_wrote",
    "in_groups",
    "index_stability",
    "invitations",
    "judged_targets",
    "known_before",
    "kpi_limits",
    "kpi_months",
    "loyalty_index",
    "median_days_to_second",
    "name_of",
    "names_unanswered",
    "newest_answers",
    "overall_scores",
    "rate_change",
    "recent_targets",
    "regularity",
    "repeat_rates",
    "repurchase_curve",
    "repurchase_rate",
    "repurchase_within",
    "response_by_question",
    "response_rate",
    "scores_by_period",
    "segment_estimates",
    "segment_rates",
    "sets_apart",
    "shown_cohorts",
    "soonest_group",
    "spread_quartiles",
    "strange_targets",
    "suppressed_scores",
    "survey_metrics",
    "tallies",
    "topic_counts",
    "verdict_counts",
    "waiting_counts",
    "waiting_curves",
    "waiting_groups",
    "waiting_tests",
    "wallet_share",
    "wallet_targets",
    "weighted_estimate",
    "weighted_scores",
    "who_answered",
    "window_rates",
    "windowed_segments",
    "with_attributes",
    "with_word",
    "word_and_deed",
]
