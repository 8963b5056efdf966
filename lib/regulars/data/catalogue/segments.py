"""Which customers belong together (04_segments)."""

from regulars.data.catalogue.model import Definition

__all__ = ["SEGMENTS"]


SEGMENTS = {
    "segments.customers.<segment>": Definition(
        "Customers: {segment}",
        "customers",
        "Customers whose R and F scores lie in the segment's cells of the grid.",
    ),
    "segments.importance.<class>": Definition(
        "Customers: {class}",
        "customers",
        "Customers of this importance, by weighted percentiles of volume, loyalty, contribution "
        "and fit among those active in the last period, and by predicted value.",
    ),
    "segments.vip_value_share": Definition(
        "Value from VIPs",
        "share",
        "Margin (where costs are known, else spend) of the VIPs in the last period, of that of all "
        "active customers; interval by bootstrap over customers, VIPs held fixed.",
    ),
    "segments.vip_kept": Definition(
        "VIPs under other weights",
        "share",
        "Share of the VIPs who stay VIP if the criteria are weighted at random: the median of "
        "1,000 weightings.",
    ),
    "segments.profit": Definition(
        "Profit",
        "money",
        "Margin less contacts, campaigns and handling of returns, of all customers whose margin "
        "is known, up to as_of; costs that are not known count nothing.",
    ),
    "segments.grade.<grade>": Definition(
        "Customers by profit: {grade}",
        "customers",
        "Customers by profit up to as_of: bad below zero, good from a stated share of spend.",
    ),
    "segments.natural_groups": Definition(
        "Natural groups",
        "groups",
        "Clusters that are clearer than those of made-up customers without groups, and that come "
        "back in other samples; 0 if there are none.",
    ),
}
