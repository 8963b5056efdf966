"""What was wanted, and what was reached (10_targets)."""

from regulars.data.catalogue.model import Definition

__all__ = ["TARGETS"]

TARGETS = {
    "targets.on_track": Definition(
        "Targets on track",
        "targets",
        "Of the last 12 months: the interval of what was reached lies on the good side of the "
        "target.",
    ),
    "targets.behind": Definition(
        "Targets behind",
        "targets",
        "Of the last 12 months: the interval of what was reached lies on the bad side of the "
        "target.",
    ),
    "targets.not_knowable": Definition(
        "Targets not knowable yet",
        "targets",
        "Of the last 12 months: the target lies in the interval, or what was reached is not known.",
    ),
}
