"""Groups: what is known of each customer that scores are shown and weighted by."""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis.expr.types as ir

from regulars.measures.engine import beside
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.baskets import sales_between
from regulars.measures.segments.needs import preferred
from regulars.measures.segments.rfm import name_segments, rfm_scores
from regulars.measures.segments.tiers import value_tiers
from regulars.parameters.segments import Tiers

__all__ = ["customer_groups"]

OWN = {"customer_id", "source_file", "source_line"}


def customer_groups(
    purchases: ir.Table,
    *,
    as_of: str | date,
    segments: Sequence[Mapping],
    tiers: Tiers,
    cut_points: Mapping[str, Sequence[float] | None] | None = None,
    customers: ir.Table | None = None,
) -> ir.Table:
    """Put every customer into groups: by how they buy, and by what else is known of them.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    as_of : str or datetime.date
        Last day known, inclusive.
    segments : sequence of mapping
        The RFM segments: name, r, f.
    tiers : Tiers
        Where the tiers of spend end.
    cut_points : mapping, optional
        Own cut points of the scores; see `rfm_scores`.
    customers : ibis.expr.types.Table, optional
        customer_id and attributes, of which those of text are taken, such as region.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer who had bought by then: customer_id, segment (RFM), tier (place in the
        pyramid of spend: top, second, third, rest), channel (of most orders), and the attributes;
        all text, missing where not known.
    """
    summary = customer_summary(purchases, as_of=as_of)
    scored, _ = rfm_scores(summary, cut_points=cut_points)
    tiered = value_tiers(name_segments(scored, segments), tiers)
    grouped = tiered.select("customer_id", "segment", tier="pyramid")
    channels = preferred(sales_between(purchases, as_of=as_of), "channel")
    grouped = beside(grouped, channels.select("customer_id", "channel"))
    if customers is None:
        return grouped
    new = [
        name
        for name in customers.columns
        if customers[name].type().is_string() and name not in {*OWN, *grouped.columns}
    ]
    return beside(grouped, customers.select("customer_id", *new))
