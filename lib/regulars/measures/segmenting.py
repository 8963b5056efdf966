"""Segmenting: the measures of 04_segments under one name, as a notebook calls them.

They live in `regulars.measures.segments`, a file a noun; here they only stand together, so that a
notebook's parameters can be called tiers, importance or tags without hiding a module.
"""

from regulars.measures.base.periods import periods_of
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.affinity import affinity, affinity_by_group
from regulars.measures.segments.bridge import profit_bridge, whale_curve
from regulars.measures.segments.clusters import assign_clusters, find_clusters
from regulars.measures.segments.cross_sell import cross_sell
from regulars.measures.segments.differences import differences, most_distinct
from regulars.measures.segments.importance import (
    importance,
    importance_summary,
    rule_table,
    vip_value_share,
)
from regulars.measures.segments.migration import (
    fell_from,
    known_on_both,
    migration,
    migration_shares,
    migration_summary,
)
from regulars.measures.segments.moves_shown import moves_shown
from regulars.measures.segments.needs import needs, what_is_known
from regulars.measures.segments.portraits import portraits
from regulars.measures.segments.predicted import predicted_value
from regulars.measures.segments.profiles import customer_profile, with_attributes
from regulars.measures.segments.profit import customer_profit, profit_grades
from regulars.measures.segments.rfm import name_segments, rfm_grid, rfm_scores, segment_summary
from regulars.measures.segments.tags import customer_tags, tag_summary
from regulars.measures.segments.tiers import tier_summary, value_by, value_tiers
from regulars.measures.segments.weights import weight_stability
from regulars.measures.segments.windows import earlier_day, windowed_segments
from regulars.measures.surveys.answers import answers, newest_answers

__all__ = [
    "affinity",
    "affinity_by_group",
    "answers",
    "assign_clusters",
    "cross_sell",
    "customer_profile",
    "customer_profit",
    "customer_summary",
    "customer_tags",
    "differences",
    "earlier_day",
    "fell_from",
    "find_clusters",
    "importance",
    "importance_summary",
    "known_on_both",
    "migration",
    "migration_shares",
    "migration_summary",
    "most_distinct",
    "moves_shown",
    "name_segments",
    "needs",
    "newest_answers",
    "periods_of",
    "portraits",
    "predicted_value",
    "profit_bridge",
    "profit_grades",
    "rfm_grid",
    "rfm_scores",
    "rule_table",
    "segment_summary",
    "tag_summary",
    "tier_summary",
    "value_by",
    "value_tiers",
    "vip_value_share",
    "weight_stability",
    "whale_curve",
    "what_is_known",
    "windowed_segments",
    "with_attributes",
]
