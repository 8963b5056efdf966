"""What is foretold rests on the same customers: Spark says what DuckDB says."""

import ibis
import pytest

from regulars.measures.contest.holdout import holdout_cells
from regulars.measures.contest.tracking import daily_counts
from regulars.measures.contracts.lives import contract_lives, count_lives, count_since, lives_at
from regulars.measures.examples import few_cells
from regulars.measures.forecasts.held import windows_held
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.scores import join_scores, score
from regulars.measures.purchases import customer_summary
from regulars.measures.supervised.features import customer_features
from regulars.measures.supervised.samples import sample
from regulars.measures.value.customer_days import customer_days
from regulars.measures.value.spend_cells import own_cells, own_money, spend_cells
from regulars.measures.warning.histories import by_history
from regulars.measures.warning.watch import watch, watched_customers
from regulars.measures.win_back.left import left_customers
from regulars.parameters.forecasts import EarlyWarning, WinBack

AS_OF, SINCE, DAYS = "2025-12-31", "2024-12-31", 365
CELL = ("repeat_days", "recency_age", "age")
ENDS = {"calibration_end": SINCE, "as_of": AS_OF}


@pytest.fixture(scope="module")
def fitted():
    """A model of other customers; any will do."""
    return fit(few_cells())


def lines(tables):
    return tables["purchases"]


def valued(tables):
    """Return what customers have brought; a third of the lines has no cost."""
    purchases = lines(tables)
    known = purchases.day.day() % 3 > 0
    purchases = purchases.mutate(cost=ibis.ifelse(known, purchases.amount * 0.4, None))
    purchases = purchases.mutate(cost=purchases.cost.cast("decimal(18, 4)"))
    return customer_days(purchases, as_of=AS_OF)


def test_who_came_in_the_days_held_back(equal):
    found = equal(lambda tables: holdout_cells(lines(tables), **ENDS), order_by=(*CELL, "later"))
    assert found.later.max() > 3


def test_days_of_first_and_repeat_purchases(equal):
    def counted(tables):
        firsts, repeats = daily_counts(lines(tables), **ENDS)
        return repeats.to_frame("repeats").assign(firsts=firsts).reset_index()

    found = equal(counted, order_by=("day",))
    assert found.firsts.notna().any()
    assert found.repeats.sum() > 1000


def test_scores_of_customers(equal, fitted):
    def scored(tables):
        customers = customer_summary(lines(tables), as_of=AS_OF)
        return join_scores(customers, score(fitted, count_cells(customers), horizon_days=DAYS))

    assert equal(scored).p_alive.notna().all()


def test_next_purchases_against_what_was_foretold(equal, fitted):
    def held(tables):
        cells = holdout_cells(lines(tables), **ENDS)
        return windows_held(fitted, lines(tables), cells, **ENDS)

    assert equal(held, order_by=("place",)).customers.sum() > 100


def test_days_and_money_of_customers(equal):
    found = equal(valued)
    assert 0 < found.known_sales.sum() < found.sales.sum()
    assert (found.spend < found.day_money).any()


@pytest.mark.parametrize("method", ["gamma_gamma", "credibility"])
def test_own_money(equal, method):
    def money(tables):
        return own_money(valued(tables), method=method)

    assert equal(money)["days"].sum() > 1000
    equal(lambda tables: own_cells(money(tables)), order_by=(*CELL, "days"))


def test_cells_of_spend(equal):
    found = equal(lambda tables: spend_cells(valued(tables)), order_by=("days", "log_mean"))
    assert found.customers.sum() > 100


def test_histories_to_watch(equal):
    rules = EarlyWarning()

    def histories(tables):
        return by_history(lines(tables), as_of=SINCE, rules=rules, later_until=AS_OF)

    found = equal(histories, order_by=(*CELL, "recent_days", "came"))
    assert set(found.came) == {True, False}

    def watched(tables):
        return watched_customers(lines(tables), watch(lines(tables), as_of=SINCE, rules=rules))

    assert equal(watched).warning.notna().any()


def test_features(equal):
    found = equal(lambda tables: customer_features(tables, as_of=SINCE))
    assert found.customer_id.is_unique
    assert (found.drop(columns="customer_id").nunique() > 1).all()


def test_a_sample_draws_the_same_customers(equal):
    def drawn(tables):
        return sample(tables, cut=SINCE, horizon_days=DAYS, most=200)

    # Its rows have no names, and come in the order of the lot in either engine.
    found = equal(
        lambda tables: drawn(tables).rename_axis("place").reset_index(), order_by=("place",)
    )
    assert len(found) == 200
    assert set(found.bought) == {True, False}


@pytest.mark.parametrize("by_model", [True, False], ids=["by a model", "by the rule"])
def test_who_has_left(equal, fitted, by_model):
    told = {"rules": WinBack(), "fitted": fitted if by_model else None, "period_days": DAYS}
    found = equal(lambda tables: left_customers(lines(tables), as_of=AS_OF, **told))
    assert set(found.has_left) == {True, False}


@pytest.mark.parametrize("every", ["month", "quarter"])
def test_lives_of_contracts(equal, every):
    def lives(tables):
        return contract_lives(tables["subscriptions"], as_of=AS_OF, every=every)

    found = equal(lives, order_by=("customer_id", "started_on", "plan", "age"))
    assert found.ended.any()
    assert found.running.any()
    kinds = ("plan", "periods", "ended")
    equal(lambda tables: count_lives(lives(tables)), order_by=kinds)
    equal(
        lambda tables: lives_at(lives(tables), cut=SINCE, every=every),
        order_by=("customer_id", "started_on", "plan", "age"),
    )
    equal(
        lambda tables: count_since(lives(tables), cut=SINCE, every=every),
        order_by=("plan", "before", "due", "periods", "ended"),
    )
