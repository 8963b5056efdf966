"""Groups of customers: Spark says of every customer what DuckDB says."""

import pytest

from regulars.errors import collect_doubts
from regulars.measures.base.changes import customer_changes
from regulars.measures.base.periods import periods_of
from regulars.measures.bootstrap import random_groups
from regulars.measures.engine import fetch, table_of
from regulars.measures.money import MONEY, customer_money
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.affinity import affinity, affinity_by_group
from regulars.measures.segments.cross_sell import cross_sell
from regulars.measures.segments.importance import importance, importance_summary
from regulars.measures.segments.migration import fell_from, migration
from regulars.measures.segments.needs import needs
from regulars.measures.segments.profiles import customer_profile
from regulars.measures.segments.profit import customer_profit, profit_grades
from regulars.measures.segments.tags import customer_tags
from regulars.measures.segments.tiers import tier_summary, value_tiers
from regulars.measures.segments.weights import weight_stability
from regulars.measures.segments.windows import windowed_segments
from regulars.parameters.segments import Costs

AS_OF, SINCE = "2025-12-31", "2024-12-31"
COSTS = Costs(margin_rate=0.35, contact=4, return_line=2.5)
TAGS = {
    "often": "orders >= 3 since 365 days",
    "silent": "days_since_last > 180",
    "one_channel": "(channel in [web] and orders >= 2) or (channel in [store] and spend >= 500.50)",
    "grown_up": "age_years >= 40 and region is not missing",
    "costly": "margin < 100 and quantity >= 3",
    "vip_of_old": "days_since_first >= 700 and segment = vip",
}


def lines(tables):
    return tables["purchases"]


def money(tables):
    return customer_money(lines(tables), as_of=AS_OF, margin_rate=0.35)


def important(tables, parameters):
    customers = customer_summary(lines(tables), as_of=AS_OF)
    predicted = customers.select("customer_id", predicted_spend=customers.spend.cast(MONEY))
    rows, _ = importance(
        lines(tables), parameters.importance, as_of=AS_OF, period_days=365, predicted=predicted
    )
    return rows


def classes(tables, parameters):
    """Return the groups as a notebook has them: computed once, and then a table of their own."""
    rows = important(tables, parameters)
    return table_of(fetch(rows.select("customer_id", segment=rows.importance)))


@pytest.mark.parametrize("by", ["spend", "margin"])
def test_tiers(equal, parameters, by):
    def tiered(tables):
        return value_tiers(money(tables), parameters.tiers, by=by)

    found = equal(tiered)
    assert found[["abc", "pyramid"]].nunique().tolist() == [3, 4]
    equal(lambda tables: tier_summary(tiered(tables), parameters.tiers), order_by=("tier",))


def test_importance(equal, parameters):
    found = equal(lambda tables: important(tables, parameters))
    assert found.importance.nunique() == 4
    equal(
        lambda tables: importance_summary(important(tables, parameters)), order_by=("importance",)
    )


def test_stability_of_weights_looks_at_the_same_customers(equal, parameters):
    def stability(tables):
        return weight_stability(important(tables, parameters), parameters.importance).draws

    equal(stability, order_by=("kept_from",))


def test_profit_and_grades(equal):
    def profit(tables):
        return customer_profit(lines(tables), tables, COSTS, as_of=AS_OF)[0]

    found = equal(profit)
    assert found.grade.nunique() >= 2
    assert min(found[["contact_cost", "campaign_cost", "return_cost"]].sum()) > 0
    equal(lambda tables: profit_grades(profit(tables)), order_by=("grade",))


def test_migration(equal, parameters):
    grid = [segment.model_dump() for segment in parameters.segments]

    def windows(tables):
        return windowed_segments(lines(tables), as_of=AS_OF, period_days=365, grid=grid)

    for day in (0, 1):
        assert equal(lambda tables, day=day: windows(tables)[day]).segment.nunique() > 5
    moves = equal(lambda tables: migration(*windows(tables)), order_by=("from", "to"))
    assert len(moves) > 20
    equal(lambda tables: fell_from(*windows(tables), "champions"))


def test_changes_between_two_periods(equal):
    def changes(tables):
        periods = periods_of(lines(tables), as_of=AS_OF, period_days=365)
        return customer_changes(lines(tables), periods=periods)

    assert equal(changes).status.nunique() >= 4


def test_needs(equal):
    found = equal(lambda tables: needs(lines(tables), as_of=AS_OF))
    assert found[["category", "channel", "price_level", "daypart"]].notna().any().all()
    equal(lambda tables: needs(lines(tables), as_of=AS_OF, since=SINCE))


def test_affinity(equal, parameters):
    found = equal(
        lambda tables: affinity(lines(tables), as_of=AS_OF), order_by=("customer_id", "category")
    )
    assert found.likes.any()
    equal(
        lambda tables: affinity_by_group(lines(tables), classes(tables, parameters), as_of=AS_OF),
        order_by=("segment", "category"),
    )


@pytest.mark.parametrize("by", ["order", "customer"])
def test_cross_sell(equal, by):
    equal(
        lambda tables: cross_sell(lines(tables), as_of=AS_OF, by=by), order_by=("first", "second")
    )


def test_tags(equal, parameters):
    def tags(tables):
        with collect_doubts():
            return customer_tags(
                lines(tables),
                TAGS,
                as_of=AS_OF,
                customers=tables["customers"],
                classes=classes(tables, parameters),
                margin_rate=0.35,
            )

    found = equal(tags, order_by=("tag", "customer_id"))
    counts = found[found["value"] == "yes"].tag.value_counts()
    assert set(counts.index) == set(TAGS)
    assert counts.min() > 0
    assert set(found[found.tag == "segment"]["value"]) == {
        "vip",
        "potential",
        "ordinary",
        "dormant",
    }


def test_profiles(equal):
    equal(
        lambda tables: customer_profile(
            lines(tables), as_of=AS_OF, since=SINCE, interactions=tables["interactions"]
        )
    )


def test_random_groups_hold_the_same_customers(equal):
    def groups(tables):
        rows = money(tables)
        return random_groups(rows, {"n": rows.count(), "spend": rows.spend.sum()}).reset_index()

    equal(groups, order_by=("index",))
