"""Value on the simulated shop, through intake and cleaning: against the truth, and in pandas."""

from pathlib import Path

import pandas as pd
import pytest

from regulars import paths
from regulars.data.cleaning import clean_tables
from regulars.data.intake.take_in import take_in
from regulars.data.simulate.columns import COLUMNS
from regulars.data.simulate.shop import write_shop
from regulars.data.store import Store
from regulars.measures.engine import fetch
from regulars.measures.money import customer_money
from regulars.measures.segments.bridge import profit_bridge
from regulars.measures.segments.importance import importance
from regulars.measures.segments.profit import customer_profit, profit_grades
from regulars.measures.segments.tiers import value_by, value_tiers
from regulars.parameters import Cleaning, Source
from regulars.parameters.segments import Costs, Importance, Tiers

AS_OF = "2025-12-31"
WHEN = {"as_of": AS_OF, "period_days": 365}
COSTS = Costs(good_from=0.35)  # where about a third of the customers lie on either side
TABLES = ("purchases", "interactions", "campaigns", "campaign_contacts")
TENTH_OF_A_CENT = 0.001


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Take in 400 simulated customers, clean them, and grade them."""
    root = tmp_path_factory.mktemp("profit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.ROOT_VARIABLE, str(root))
        write_shop(root / "data" / "raw" / "shop", customers=400)
        store = _clean_store(root)
        tables = {name: store.read(f"clean/{name}") for name in TABLES}
        profits, unknown = customer_profit(tables["purchases"], tables, COSTS, as_of=AS_OF)
        scored, _ = importance(tables["purchases"], Importance(), **WHEN)
        bought = customer_money(tables["purchases"], as_of=AS_OF)
        bought = bought.filter(bought.purchase_days > 0)
        tiered = value_tiers(bought, Tiers(), by=value_by(bought))
        return {
            "clean": fetch(tables["purchases"]),
            "scored": fetch(scored.order_by("customer_id")).set_index("customer_id"),
            "tiered": fetch(tiered.order_by("customer_id")).set_index("customer_id"),
            "found": fetch(profits).set_index("customer_id"),
            "bridge": profit_bridge(profits),
            "grades": profit_grades(profits).set_index("grade"),
            "unknown": unknown,
            "truth": _truth(root),
            "lines": pd.read_csv(root / "data/raw/shop/purchases.csv"),
            "costs": pd.read_csv(root / "data/raw/shop/campaigns.csv").cost,
        }


def _clean_store(root: Path) -> Store:
    sources = {
        name: Source(files=f"data/raw/shop/{name}.csv", columns={one: one for one in COLUMNS[name]})
        for name in TABLES
    }
    store = Store("shop")
    take_in(store, sources, as_of=AS_OF, currency="EUR", rules={"pseudonymise": False})
    clean_tables(store, Cleaning(), AS_OF)
    return store


def _truth(root: Path) -> pd.DataFrame:
    return pd.read_csv(root / "data/raw/shop/truth/customers.csv").set_index("customer_id")


def test_every_part_of_the_profit_is_the_true_one(shop):
    found, truth = shop["found"], shop["truth"].loc[shop["found"].index]
    for name in ("margin", "contact_cost", "campaign_cost", "profit"):
        assert (found[name].astype(float) - truth[name]).abs().max() < TENTH_OF_A_CENT, name
    assert truth.campaign_cost.gt(0).mean() > 0.5


def test_the_grades_are_the_true_ones(shop):
    found, truth = shop["found"], shop["truth"].loc[shop["found"].index]
    spend = shop["lines"].groupby("customer_id").amount.sum().loc[found.index]
    good = (truth.profit > 0) & (truth.profit >= COSTS.good_from * spend)
    expected = good.map({True: "good", False: "not_good"}).mask(truth.profit < 0, "bad")
    assert found.grade.tolist() == expected.tolist()
    assert shop["grades"].customers.to_dict() == expected.value_counts().to_dict()
    assert shop["grades"].customers.min() >= 10  # all three are there


def test_everybody_with_a_purchase_is_graded_once_and_nobody_else(shop):
    kept = shop["lines"].dropna(subset=["customer_id"])
    sold = kept[kept.kind == "sale"].groupby("customer_id").size()
    cancelled = kept[kept.kind == "cancellation"].groupby("customer_id").size()
    bought = sold.sub(cancelled, fill_value=0)
    assert sorted(shop["found"].index) == sorted(bought[bought > 0].index)


def test_the_bridge_adds_up_to_the_true_profit(shop):
    steps = shop["bridge"].set_index("step").value
    truth = shop["truth"].loc[shop["found"].index]
    assert steps["list_value"] + steps[["discounts", "goods", "contacts", "campaigns"]].sum() == (
        pytest.approx(truth.profit.sum(), abs=0.01)
    )
    assert steps["profit"] == pytest.approx(truth.profit.sum(), abs=0.01)
    assert steps["campaigns"] > -shop["costs"].sum()  # some were treated who never bought


def test_what_is_not_known_is_said(shop):
    returns, others = shop["unknown"]
    assert "handling a return costs is not known" in returns
    assert "went to people who have not bought" in others


def test_tiers_are_those_of_plain_pandas(shop):
    """Sort, add up, and give equal customers the class of the first of them."""
    lines = shop["clean"]
    margin = (lines.amount - lines.cost).groupby(lines.customer_id).sum()
    margin = margin[lines[lines.kind == "sale"].customer_id.unique()]
    ordered = margin.sort_values(ascending=False)
    above = (ordered.cumsum() - ordered).groupby(ordered).transform("min").astype(float)
    total = float(ordered[ordered > 0].sum())
    abc = pd.Series("C", index=ordered.index).mask(above < 0.95 * total, "B")
    abc = abc.mask(above < 0.8 * total, "A").mask(ordered <= 0, "C")
    assert shop["tiered"].abc.to_dict() == abc.to_dict()
    place = ordered.rank(ascending=False, method="min") - 1
    level = pd.cut(place / len(place), [-1, 0.00999, 0.04999, 0.19999, 1], labels=False)
    levels = level.map(dict(enumerate(["top", "second", "third", "rest"])))
    assert shop["tiered"].pyramid.to_dict() == levels.mask(ordered <= 0, "rest").to_dict()


def test_scores_are_those_of_plain_pandas(shop):
    """The four criteria, their percentiles and the classes, worked out row by row."""
    lines = shop["clean"]
    sales = lines[lines.kind == "sale"]
    first = sales.groupby("customer_id").day.min()
    period = lines[lines.day > pd.Timestamp(AS_OF) - pd.Timedelta(days=365)]
    sales = period[period.kind == "sale"]
    period = period[period.customer_id.isin(sales.customer_id)]
    amounts = period.amount.astype(float)
    back = (-amounts[amounts < 0]).groupby(period.customer_id).sum()
    paid = amounts[amounts > 0].groupby(period.customer_id).sum()
    back = back.reindex(paid.index).fillna(0)
    first = first.reindex(paid.index)
    new = (first >= pd.Timestamp("2025-01-01")).astype(int)
    months = 13 - first.clip(pd.Timestamp("2025-01-01")).dt.month - new
    by = sales.groupby("customer_id")
    bought = by.day.agg(lambda days: days.dt.month.nunique()) - new
    criteria = pd.DataFrame(
        {
            "volume": by.order_id.nunique(),
            "loyalty": (bought + 3 * bought.sum() / months.sum()) / (months + 3),
            "contribution": (period.amount - period.cost).groupby(period.customer_id).sum(),
            "fit": by.category.nunique() / sales.category.nunique() * (1 - back / paid),
        }
    ).astype(float)
    found = shop["scored"][shop["scored"].importance != "dormant"]
    assert sorted(found.index) == sorted(criteria.index)
    criteria = criteria.loc[found.index].round(9)
    for name in criteria:
        assert found[name].astype(float).to_numpy() == pytest.approx(criteria[name].to_numpy())
    percentiles = (criteria.rank() - 0.5) / len(criteria)
    assert found.score.to_numpy() == pytest.approx(percentiles.mean(axis=1).to_numpy())
    higher = percentiles.mean(axis=1).round(9).rank(ascending=False, method="min") - 1
    assert (found.importance == "vip").tolist() == (higher < 0.2 * len(found)).tolist()
