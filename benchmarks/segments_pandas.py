"""Five measures of 04_segments in plain pandas: what `segments` is held against.

Written as a practised analyst would: all rows in memory, vectorised, money as floats rounded to a
ten-thousandth where groups are decided.
"""

from pathlib import Path

import numpy as np
import pandas as pd

COLUMNS = [
    *("customer_id", "day", "ordered_at", "amount", "order_id", "category", "quantity"),
    *("unit_price", "cost", "discount", "channel", "kind"),
]
GRID = [
    {"name": "best", "r": "4-5", "f": "4-5", "action": "thank"},
    {"name": "new", "r": "4-5", "f": "1-3", "action": "welcome"},
    {"name": "fading", "r": "2-3", "f": "1-5", "action": "remind"},
    {"name": "gone", "r": "1", "f": "1-5", "action": "ask why"},
]
MONEY = ["amount", "quantity", "unit_price", "cost", "discount"]


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the tables, money as floats."""
    names = ("interactions", "campaigns", "campaign_contacts")
    tables = {name: pd.read_parquet(folder / "clean" / f"{name}.parquet") for name in names}
    rows = pd.read_parquet(folder / "clean" / "purchases.parquet", columns=COLUMNS)
    rows[MONEY] = rows[MONEY].astype(float)
    rows["day"] = pd.to_datetime(rows.day)
    for name in ("category", "channel", "kind"):
        rows[name] = rows[name].astype("category")
    return tables | {"purchases": rows}


def rfm(tables: dict, folder: Path, as_of: str, period: int) -> pd.Series:
    """Sum up customers, score them by fifths, name their segments."""
    customers = _customers(tables["purchases"], as_of)
    customers["segment"] = _segments(customers, _cuts(customers))
    customers.to_parquet(folder / "pandas_segments.parquet")
    return customers.segment.value_counts()


def tiers(tables: dict, folder: Path, as_of: str, period: int) -> pd.Series:
    """Give classes by cumulative margin, equal customers the same."""
    rows = tables["purchases"]
    rows = rows.assign(margin=rows.amount - rows.cost)
    money = rows.groupby("customer_id")[["amount", "margin"]].sum().round(4)
    by_value = money.groupby("margin").margin.sum().sort_index(ascending=False)
    total = by_value[by_value.index > 0].sum()
    above = money.margin.map((by_value.cumsum() - by_value) / total)
    abc = np.where(above < 0.8, "A", np.where(above < 0.95, "B", "C"))
    place = money.margin.rank(method="min", ascending=False) - 1
    bounds = np.ceil(np.array([0.01, 0.05, 0.2]) * len(money) - 1e-9)
    money["abc"] = np.where(money.margin > 0, abc, "C")
    money["level"] = np.where(money.margin > 0, np.searchsorted(bounds, place, side="right"), 3)
    money.to_parquet(folder / "pandas_tiers.parquet")
    return money.abc.value_counts()


def grades(tables: dict, folder: Path, as_of: str, period: int) -> pd.Series:
    """Take contacts and campaigns from the margin, and grade what is left."""
    rows, contacts = tables["purchases"], tables["campaign_contacts"]
    customers = rows[rows.kind == "sale"].customer_id.unique()
    rows = rows.assign(margin=rows.amount - rows.cost)
    money = rows.groupby("customer_id")[["amount", "margin"]].sum().reindex(customers)
    costs = tables["campaigns"].set_index("campaign_id").cost.astype(float)
    each = contacts.campaign_id.map(costs / contacts.campaign_id.value_counts())
    served = tables["interactions"].assign(cost=lambda one: one.cost.astype(float))
    served = served.groupby("customer_id").cost.sum()
    spent = each.groupby(contacts.customer_id).sum()
    money["profit"] = (
        money.margin
        - served.reindex(customers, fill_value=0)
        - spent.reindex(customers, fill_value=0)
    ).round(4)
    good = (money.profit > 0) & (money.profit >= (money.amount * 0.1).round(4))
    money["grade"] = np.where(money.profit < 0, "bad", np.where(good, "good", "not_good"))
    money.to_parquet(folder / "pandas_profit.parquet")
    return money.grade.value_counts()


def migration(tables: dict, folder: Path, as_of: str, period: int) -> pd.Series:
    """Name the segments of two periods by the cut points of the first, and count the moves."""
    rows, last = tables["purchases"], pd.Timestamp(as_of)
    sides, cuts = [], None
    for end in (last - pd.Timedelta(days=period), last):
        known = rows[rows.day <= end]
        customers = _customers(known[known.day > end - pd.Timedelta(days=period)], end)
        cuts = cuts or _cuts(customers)
        everybody = known.customer_id[known.kind == "sale"].unique()
        named = _segments(customers, cuts).reindex(everybody, fill_value="silent")
        named.to_frame("segment").to_parquet(folder / f"pandas_{len(sides)}.parquet")
        sides.append(named)
    pairs = pd.DataFrame({"from": sides[0], "to": sides[1]}).fillna("not_yet")
    return pairs.value_counts()


def needs(tables: dict, folder: Path, as_of: str, period: int) -> pd.Series:
    """Find what each customer prefers, the price level, discounts, time of day and weekends."""
    rows = tables["purchases"]
    sales = rows[rows.kind == "sale"]
    sales = sales.assign(daypart=sales.ordered_at.dt.hour // 6, weekend=sales.day.dt.weekday >= 5)
    grouped = sales.groupby("customer_id")
    found = pd.DataFrame({"orders": grouped.order_id.nunique()})
    for name in ("category", "channel", "daypart"):
        found[name] = _preferred(sales, name)
    usual = sales.groupby("category", observed=True).unit_price.transform("mean")
    ratio = np.log(sales.unit_price) - np.log(usual)
    found["price_ratio"] = ratio.groupby(sales.customer_id).mean().round(6)
    below = (found.price_ratio.rank(method="min") - 1) * 3
    levels = [below < len(found), below < 2 * len(found)]
    found["price_level"] = np.select(levels, ["low", "middle"], "high")
    money = grouped[["discount", "amount"]].sum()
    found["discount_share"] = money.discount / (money.discount + money.amount)
    weekend = sales[sales.weekend].groupby("customer_id").order_id.nunique()
    found["weekend_share"] = weekend.reindex(found.index, fill_value=0) / found.orders
    found.to_parquet(folder / "pandas_needs.parquet")
    return found.astype({"category": "str"})[["price_level", "category"]].value_counts()


MEASURES = {
    "customers, scores, segments": rfm,
    "value tiers": tiers,
    "profit grades": grades,
    "migration": migration,
    "needs": needs,
}


def as_groups(found: pd.DataFrame | pd.Series) -> list[str]:
    """Return how many customers each group has, as sorted text, whichever side it comes from."""
    if isinstance(found, pd.Series):
        found = found.rename("customers").reset_index()
    names = [one for one in GROUPS if one in found.columns]
    return sorted("/".join(map(str, row)) for row in found[[*names, "customers"]].to_numpy())


GROUPS = ("segment", "abc", "label", "grade", "from", "to", "price_level", "category")


def _customers(rows: pd.DataFrame, as_of: object) -> pd.DataFrame:
    sales = rows[rows.kind == "sale"].groupby("customer_id")
    found = sales.agg(first=("day", "min"), last=("day", "max"), orders=("order_id", "nunique"))
    found["days"] = sales.day.nunique()
    found["spend"] = rows.groupby("customer_id").amount.sum().reindex(found.index).round(4)
    return found.assign(days_since_last=(pd.Timestamp(as_of) - found["last"]).dt.days)


def _cuts(customers: pd.DataFrame) -> dict[str, np.ndarray]:
    steps = [0.2, 0.4, 0.6, 0.8]
    return {
        name: np.quantile(customers[name], steps, method="inverted_cdf")
        for name in ("days_since_last", "orders", "spend")
    }


def _segments(customers: pd.DataFrame, cuts: dict[str, np.ndarray]) -> pd.Series:
    below = {name: np.searchsorted(cuts[name], customers[name]) for name in cuts}
    r, f = 5 - below["days_since_last"], 1 + below["orders"]
    near = np.where(f >= 4, "best", "new")
    names = np.where(r >= 4, near, np.where(r >= 2, "fading", "gone"))
    return pd.Series(names, index=customers.index, name="segment")


def _preferred(sales: pd.DataFrame, name: str) -> pd.Series:
    counts = sales.groupby(["customer_id", name], observed=True).agg(
        times=("order_id", "nunique"), spend=("amount", "sum")
    )
    counts["spend"] = counts.spend.round(4)
    order = ["customer_id", "times", "spend", name]
    ranked = counts.reset_index().sort_values(order, ascending=[True, False, False, True])
    return ranked.drop_duplicates("customer_id").set_index("customer_id")[name]
