"""KPIs: the monthly metrics that a target can name, what they are counted in, and which way is up.

One place for the names: whoever writes the table of targets finds them here, and in the sentence
that says a name is not known.
"""

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.behaviour.wallet import is_wallet
from regulars.measures.engine import fetch

__all__ = ["KPIS", "Kpi", "strange_targets", "with_labels"]


@dataclass(frozen=True)
class Kpi:
    """A monthly metric.

    Parameters
    ----------
    label : str
        Its name for readers.
    unit : str
        ``money``, ``share`` (0 to 1), ``points`` (NPS) or a noun.
    table : str
        The table it comes from.
    definition : str
        What is counted.
    more_is_better : bool
        Whether a target is reached from below.
    """

    label: str
    unit: str
    table: str
    definition: str
    more_is_better: bool = True


KPIS = {
    "revenue": Kpi(
        "Revenue", "money", "purchases", "Money of the month net of returns and discounts."
    ),
    "margin": Kpi(
        "Margin", "money", "purchases", "Revenue less cost; unknown if the cost of a line is."
    ),
    "orders": Kpi(
        "Orders", "orders", "purchases", "Distinct order ids; purchase days without them."
    ),
    "value_per_order": Kpi("Value per order", "money", "purchases", "Revenue per order."),
    "customers": Kpi("Customers", "customers", "purchases", "Who has a purchase day in the month."),
    "new_customers": Kpi(
        "New customers", "customers", "purchases", "Whose first purchase day is in the month."
    ),
    "repurchase_rate": Kpi(
        "Repurchase rate",
        "share",
        "purchases",
        "Of the month's customers, those with two or more purchase days in it.",
    ),
    "nps": Kpi(
        "NPS", "points", "surveys", "Share of promoters less share of detractors, -100 to 100."
    ),
    "csat": Kpi("CSAT", "share", "surveys", "Answers in the top boxes of the scale, of all."),
    "csat_mean": Kpi("CSAT, mean", "score", "surveys", "Mean score of csat."),
    "ces": Kpi("CES, mean", "score", "surveys", "Mean score of ces."),
    "ces_top_box": Kpi("CES", "share", "surveys", "Answers in the top boxes of the scale, of all."),
    "response_rate": Kpi(
        "Response rate", "share", "surveys", "Invitations of the month answered in time, of all."
    ),
    "complaints": Kpi(
        "Complaints",
        "complaints",
        "interactions",
        "Contacts of the kind complaint.",
        more_is_better=False,
    ),
}
"""Every metric that a target can name; shares are written 0 to 1."""


def strange_targets(targets: ir.Table) -> dict[str, list[str]]:
    """Return the metrics of targets that cannot be judged, by the reason.

    Parameters
    ----------
    targets : ibis.expr.types.Table
        Cleaned targets: metric, target.

    Returns
    -------
    dict
        not_known: names that no KPI has; not_a_share: KPIs that are shares, with a target below 0
        or above 1. Names in order. Wallets are no KPIs and not strange; see `behaviour.wallet`.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> told = pd.DataFrame({"metric": ["csat", "csat", "joy"], "target": [.8, 80, 9]})
    >>> strange_targets(table_of(told))
    {'not_known': ['joy'], 'not_a_share': ['csat']}
    """
    ends = targets.group_by("metric").agg(
        least=targets.target.min().cast("float64"), most=targets.target.max().cast("float64")
    )
    found = fetch(ends.order_by("metric"))
    found = found[~found.metric.map(is_wallet).astype(bool)]
    known = found[found.metric.isin(KPIS)]
    shares = known[known.metric.map(lambda name: KPIS[name].unit == "share").astype(bool)]
    outside = shares[(shares.least < 0) | (shares.most > 1)]
    unknown = found.metric[~found.metric.isin(KPIS)]
    return {"not_known": unknown.tolist(), "not_a_share": outside.metric.tolist()}


def with_labels(frame: pd.DataFrame) -> pd.DataFrame:
    """Add to each row of a frame with a column ``metric`` the KPI's label and unit.

    Examples
    --------
    >>> with_labels(pd.DataFrame({"metric": ["nps"]})).to_dict("records")
    [{'metric': 'nps', 'label': 'NPS', 'unit': 'points'}]
    """
    parts = ("label", "unit")
    named = {part: [getattr(KPIS[name], part) for name in frame.metric] for part in parts}
    return frame.assign(**{part: pd.Series(named[part], frame.index, dtype=str) for part in parts})
