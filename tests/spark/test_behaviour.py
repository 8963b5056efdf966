"""How customers come back, and what months bring: Spark counts what DuckDB counts."""

import ibis
import pytest

from regulars.measures.behaviour.first_purchase import ATTRIBUTES, first_purchase
from regulars.measures.behaviour.regularity import gap_spread
from regulars.measures.behaviour.repeats import repeat_rates
from regulars.measures.behaviour.segment_rates import segment_rates
from regulars.measures.behaviour.waiting import waiting_counts
from regulars.measures.behaviour.wallet import wallet_share, wallet_targets
from regulars.measures.behaviour.window_rates import window_rates
from regulars.measures.retention import aged_spend, grouped_retention
from regulars.measures.targets.judged import judged_targets
from regulars.measures.targets.reached import kpi_months

AS_OF, SINCE, DAYS = "2025-12-31", "2024-12-31", 90


def lines(tables):
    """Return the purchases; toys are of a campaign, since those of the shop bring nobody new."""
    purchases = tables["purchases"]
    campaign = ibis.ifelse(purchases.category == "toys", "spring", purchases.campaign_id)
    return purchases.mutate(campaign_id=campaign)


def firsts(tables):
    return first_purchase(lines(tables), as_of=AS_OF)


def test_first_purchase(equal):
    found = equal(firsts)
    assert found[list(ATTRIBUTES)].notna().any().all()


@pytest.mark.parametrize("by", ["channel", "campaign_id"])
def test_waiting(equal, by):
    found = equal(
        lambda tables: waiting_counts(lines(tables), as_of=AS_OF, by=by),
        order_by=("group", "days", "observed"),
    )
    assert found.group.nunique() > 1


def test_repeats(equal):
    found = equal(
        lambda tables: repeat_rates(lines(tables), as_of=AS_OF, days=DAYS), order_by=("purchase",)
    )
    assert len(found) > 2


def test_gaps(equal):
    equal(lambda tables: gap_spread(lines(tables), as_of=AS_OF))


@pytest.mark.parametrize("every", ["week", "month", "quarter"])
def test_money_by_age(equal, every):
    found = equal(
        lambda tables: aged_spend(lines(tables), as_of=AS_OF, every=every),
        order_by=("customer_id", "age"),
    )
    assert found.age.max() > 3


def test_retention_by_group(equal):
    def cells(tables):
        groups = firsts(tables).select("customer_id", group="channel")
        return grouped_retention(lines(tables), groups, as_of=AS_OF, every="quarter")

    equal(cells, order_by=("group", "cohort", "age"))


def test_rates_of_segments_and_of_quarters(equal):
    def rates(tables):
        known = firsts(tables).select("customer_id", segment="channel", day="first_day")
        before = known.filter(known.day <= ibis.date(SINCE))
        return segment_rates(lines(tables), before, known, as_of=AS_OF, since=SINCE, days=DAYS)

    found = equal(rates, order_by=("segment",))
    assert "came_since" in set(found.segment)
    equal(lambda tables: window_rates(lines(tables), as_of=AS_OF), order_by=("first_day",))


def test_wallet(equal):
    def share(tables):
        told = tables["targets"].mutate(metric=ibis.literal("wallet.Web"))
        wallets = wallet_targets(told, as_of=AS_OF, since=SINCE)
        segments = firsts(tables).select("customer_id", segment="channel")
        return wallet_share(lines(tables), wallets, segments, as_of=AS_OF, since=SINCE)

    assert equal(share, order_by=("segment",)).share.notna().all()


def test_months_and_their_targets(equal):
    as_of = "2025-11-17"
    found = equal(lambda tables: kpi_months(tables, as_of=as_of), order_by=("metric", "month"))
    assert {"revenue", "nps", "ces", "response_rate", "complaints"} < set(found.metric)
    assert (found.basis == "projected").any()
    equal(
        lambda tables: judged_targets(tables["targets"], found, as_of=as_of),
        order_by=("month", "metric", "owner"),
    )
