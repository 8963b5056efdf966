"""Truth: what was put into the company comes out of its tables again, within four standard errors."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.special import beta

from regulars.data.simulate.block import Numbers, simulate_block
from regulars.data.simulate.campaigns import campaigns, contacts
from regulars.data.simulate.coefficients import COEFFICIENTS, changed, coefficient
from regulars.data.simulate.columns import WHO
from regulars.data.simulate.company import DAY, LAST_DAY, Company
from regulars.data.simulate.contracts import won_from
from regulars.data.simulate.invitations import invitations
from regulars.data.simulate.lives import Lives, lives
from regulars.data.simulate.orders import orders
from regulars.data.simulate.people import HOUSEHOLDS, People, by_household, customers, people
from regulars.data.simulate.shop import write_shop

COMPANY = Company(seed=11, years=3)
BLOCKS = range(20)
YEAR = 365.25


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """20,000 customers."""
    made: dict[str, list[pa.Table]] = {}
    numbers = Numbers()
    for block in BLOCKS:
        found, numbers = simulate_block(COMPANY, block, numbers, size=1000)
        for name, table in found.items():
            made.setdefault(name, []).append(table)
    return {name: pa.concat_tables(parts).to_pandas() for name, parts in made.items()}


@pytest.fixture(scope="module")
def lived() -> list[tuple[People, Lives]]:
    who = [people(COMPANY, block) for block in BLOCKS]
    return [(one, lives(COMPANY, one, block)) for block, one in enumerate(who)]


def assert_near(found: float, expected: float, standard_error: float) -> None:
    assert abs(found - expected) < 4 * standard_error, (found, expected, standard_error)


@pytest.mark.parametrize("name", ["purchase_rate", "dropout_rate"])
def test_rates_have_the_stated_mean_and_shape(tables: dict, name: str) -> None:
    rate = tables["truth"][name] * YEAR
    assert_near(rate.mean(), coefficient(f"{name}_mean"), rate.sem())
    shape = rate.mean() ** 2 / rate.var()
    assert shape == pytest.approx(coefficient(f"{name}_shape"), rel=0.1)


def test_purchases_come_at_each_customers_rate(tables: dict) -> None:
    """Customers no campaign contacted: orders after the first, against rate x season-days alive."""
    truth = tables["truth"].set_index("customer_id")
    treated = tables["campaign_contacts"].query("arm == 'treated'").customer_id
    alone = truth[truth.buys & ~truth.index.isin(treated)].index
    born = days(tables["customers"].set_index("customer_id").signed_up_at.loc[alone])
    left = days(truth.dropout_day.loc[alone]).fillna(COMPANY.days - 0.5) + 0.5
    passed = COMPANY.season_days(left) - COMPANY.season_days(born)
    expected = (truth.purchase_rate * truth.covariates).loc[alone] * passed
    sales = tables["purchases"].query("kind == 'sale'")
    found = sales.groupby("customer_id").order_id.nunique().reindex(alone).fillna(0)
    # One in a hundred orders has no customer id.
    kept = 1 - coefficient("guests")
    assert_near(found.sum(), (expected.sum() + len(alone)) * kept, np.sqrt(expected.sum()))


def days(dates: pd.Series) -> pd.Series:
    return (pd.to_datetime(dates) - pd.Timestamp(COMPANY.first_day)).dt.days.astype(float)


def test_spend_an_order_is_what_the_model_says(tables: dict) -> None:
    persons = tables["customers"].query("kind == 'person'").customer_id
    value = tables["truth"].set_index("customer_id").order_value
    p, q, gamma = (coefficient(f"spend_{name}") for name in ("p", "q", "gamma"))
    assert_near(value[persons].mean(), p * gamma / (q - 1), value[persons].sem())
    sales = tables["purchases"].query("kind == 'sale' and ordered_at < '2024'")
    gross = (sales.quantity * sales.unit_price.astype(float)).groupby(sales.order_id).sum()
    wanted = value.reindex(sales.groupby("order_id").customer_id.first()).to_numpy()
    ratio = gross[~np.isnan(wanted)].mean() / np.nanmean(wanted)
    assert ratio == pytest.approx(1, abs=0.04)


def test_customers_leave_at_the_rate_their_satisfaction_gives(lived: list) -> None:
    """Leavings against the integrated rate, in all and weighted with satisfaction."""
    left, expected, scored, spread = 0.0, 0.0, 0.0, 0.0
    for who, life in lived:
        since = np.maximum(COMPANY.months[:-1], who.signed_up[:, None])
        until = np.minimum(COMPANY.months[1:], life.dropout[:, None])
        rate = np.exp(coefficient("satisfaction_on_dropout") * life.satisfaction)
        hazard = who.dropout_rate[:, None] * rate * np.maximum(until - since, 0)
        event = (life.dropout[:, None] >= since) & (life.dropout[:, None] < COMPANY.months[1:])
        event &= np.cumsum(event, axis=1) == 1
        left, expected = left + event.sum(), expected + hazard.sum()
        scored += ((event - hazard) * life.satisfaction).sum()
        spread += (hazard * life.satisfaction**2).sum()
    assert_near(left, expected, np.sqrt(expected))
    assert_near(scored, 0, np.sqrt(spread))


def test_the_dissatisfied_leave_more_often(tables: dict) -> None:
    truth = tables["truth"]
    alive = truth.groupby(pd.qcut(truth.satisfaction_mean, 4)).alive.mean().to_numpy()
    assert (np.diff(alive) > 0.03).all()


def test_satisfaction_has_its_spread_and_its_carry_over(lived: list) -> None:
    """Customers who never complained: nothing but the level and the AR(1) moved them."""
    calm = [np.setdiff1d(np.arange(1000), life.complainer) for _, life in lived]
    swing = np.concatenate(
        [
            (life.satisfaction - who.level[:, None])[k]
            for (who, life), k in zip(lived, calm, strict=True)
        ]
    )
    now, later = swing[:, :-1].ravel(), swing[:, 1:].ravel()
    assert (now @ later) / (now @ now) == pytest.approx(coefficient("satisfaction_carry"), abs=0.01)
    assert swing.std() == pytest.approx(coefficient("satisfaction_swing_sd"), abs=0.03)


def test_a_resolved_complaint_lifts_and_an_unresolved_one_lowers(lived: list) -> None:
    moved, solved = [], []
    for who, life in lived:
        month = COMPANY.month_of(life.complained)
        inside = month < life.satisfaction.shape[1] - 1
        index, month = life.complainer[inside], month[inside]
        swing = life.satisfaction - who.level[:, None]
        moved.append(
            swing[index, month + 1] - coefficient("satisfaction_carry") * swing[index, month]
        )
        solved.append(life.resolved[inside])
    moved, solved = np.concatenate(moved), np.concatenate(solved)
    for which, name in ((solved, "resolved_effect"), (~solved, "unresolved_effect")):
        error = moved[which].std() / np.sqrt(which.sum())
        assert_near(moved[which].mean(), coefficient(name), error)
    share = coefficient("complaints_resolved")
    assert_near(solved.mean(), share, np.sqrt(share * (1 - share) / len(solved)))


def test_campaigns_lift_by_what_is_stated(tables: dict) -> None:
    """Orders of treated and control in the 30 days after the day of contact."""
    sales = tables["purchases"].query("kind == 'sale'").drop_duplicates("order_id")
    for one in campaigns(COMPANY):
        first = pd.Timestamp(COMPANY.day(np.array(one.start + 1)).item())
        inside = sales[
            (sales.ordered_at >= first) & (sales.ordered_at < first + pd.Timedelta(days=30))
        ]
        arms = (
            tables["campaign_contacts"]
            .query("campaign_id == @one.campaign_id")
            .set_index("customer_id")
        )
        count = inside.customer_id.value_counts().reindex(arms.index).fillna(0).groupby(arms.arm)
        mean, error = count.mean(), count.sem()
        ratio = mean.treated / mean.control
        spread = ratio * np.hypot(error.treated / mean.treated, error.control / mean.control)
        assert_near(ratio - 1, one.lift, spread)


def test_the_treated_buy_at_the_lifted_rate(tables: dict, lived: list) -> None:
    """All campaigns together, against each customer's own rate: sharper than treated to control."""
    sales = tables["purchases"].query("kind == 'sale'").drop_duplicates("order_id")
    day = (sales.ordered_at - pd.Timestamp(COMPANY.first_day)).dt.days
    expected, found = 0.0, 0
    for k, one in enumerate(campaigns(COMPANY)):
        inside = sales[day.between(one.start + 1, one.start + 30)].customer_id.value_counts()
        for block, (who, life) in enumerate(lived):
            made = contacts(COMPANY, who, block)
            index = made.who[(made.campaign == k) & made.treated & who.buys[made.who]]
            until = np.clip(life.dropout[index], one.start + 1, one.start + 31)
            passed = COMPANY.season_days(until) - COMPANY.season_days(one.start + 1)
            rate = (who.purchase_rate * who.covariates)[index]
            expected += (rate * passed).sum() * (1 + one.lift)
            found += inside.reindex([f"C{n:06d}" for n in who.number[index]]).sum()
    kept = 1 - coefficient("guests")
    assert_near(found, expected * kept, np.sqrt(expected))


def test_control_is_never_contacted_and_three_in_ten(tables: dict) -> None:
    found = tables["campaign_contacts"]
    control = found[found.arm == "control"]
    assert control.contacted_at.isna().all()
    assert control.responded_at.isna().all()
    assert found[found.arm == "treated"].contacted_at.notna().all()
    share = coefficient("campaign_control")
    assert_near((found.arm == "control").mean(), share, np.sqrt(share * (1 - share) / len(found)))


def test_who_responded_did_so_after_the_contact(tables: dict) -> None:
    found = tables["campaign_contacts"].dropna(subset=["responded_at"])
    assert (found.responded_at > found.contacted_at).all()
    bought = tables["purchases"].dropna(subset=["campaign_id", "customer_id"])
    pairs = set(zip(found.campaign_id, found.customer_id, strict=True))
    assert set(zip(bought.campaign_id, bought.customer_id, strict=True)) <= pairs


def test_answers_come_with_the_stated_odds(lived: list) -> None:
    answered, expected, spread = 0.0, 0.0, 0.0
    for block, (who, life) in enumerate(lived):
        made = contacts(COMPANY, who, block)
        bought = orders(COMPANY, who, life, made=made, block=block)
        homes = customers(COMPANY, who, block)["household"]
        asked = invitations(COMPANY, who, life, bought=bought, households=homes, block=block)
        old = asked.invited < COMPANY.end - 60 * DAY
        satisfaction = life.satisfaction[asked.who, COMPANY.month_of(asked.invited)]
        odds = coefficient("response_base") + coefficient("satisfaction_on_response") * satisfaction
        odds += by_household("household_on_response", homes)[asked.who]
        share = (1 / (1 + np.exp(-odds)))[old]
        answered += asked.answered[old].sum()
        expected, spread = expected + share.sum(), spread + (share * (1 - share)).sum()
    assert_near(answered, expected, np.sqrt(spread))


def test_the_satisfied_say_so_and_answer_more(tables: dict) -> None:
    truth = tables["truth"].set_index("customer_id")
    quarter = pd.qcut(truth.satisfaction_mean, 4, labels=False)
    surveys = tables["surveys"].dropna(subset=["score"])
    for _, answers in surveys.groupby("question"):
        means = answers.groupby(quarter.reindex(answers.customer_id).to_numpy()).score.mean()
        assert (means.diff().dropna() > 0).all()
    sums = truth.groupby(quarter)[["surveys_answered", "surveys_invited"]].sum()
    assert ((sums.surveys_answered / sums.surveys_invited).diff().dropna() > 0).all()
    said = surveys.drop_duplicates(["customer_id", "responded_at"])
    assert truth.satisfaction_mean[said.customer_id].mean() > truth.satisfaction_mean.mean() + 0.1


def test_an_invitation_without_an_answer_is_a_row(tables: dict) -> None:
    surveys, truth = tables["surveys"], tables["truth"].set_index("customer_id")
    silent = surveys[surveys.score.isna()]
    assert silent[["responded_at", "comment"]].isna().all(axis=None)
    assert set(silent.question) == {"nps", "csat", "ces"}
    asked = surveys[~surveys.question.str.startswith("driver:")].customer_id.value_counts()
    assert (asked.reindex(truth.index).fillna(0) == truth.surveys_invited).all()
    answered = asked - silent.customer_id.value_counts().reindex(asked.index).fillna(0)
    assert (answered == truth.surveys_answered[asked.index]).all()
    given = surveys.dropna(subset=["responded_at"])
    assert (given.invited_at < given.responded_at).all()


def test_households_answer_as_stated_and_see_the_shop_in_their_own_light(tables: dict) -> None:
    """Answers of each household against those of customers who state none."""
    home = tables["customers"].set_index("customer_id").household
    asked = tables["surveys"].query("question == 'csat'")
    satisfaction = tables["truth"].set_index("customer_id").satisfaction_mean
    asked = asked.assign(
        home=home[asked.customer_id].fillna("").to_numpy(),
        gap=asked.score - coefficient("csat_line")[1] * satisfaction[asked.customer_id].to_numpy(),
    )
    rate, gap = (
        asked.groupby("home").score.count() / asked.home.value_counts(),
        asked.groupby("home").gap,
    )
    odds, spread = (
        np.log(rate / (1 - rate)),
        1 / np.sqrt(asked.home.value_counts() * rate * (1 - rate)),
    )
    for one in HOUSEHOLDS:
        stated = coefficient("household_on_response")[one]
        assert_near(odds[one] - odds[""], stated, np.hypot(spread[one], spread[""]))
        moved = coefficient("household_on_answers")[one] * coefficient("csat_line")[1]
        # A few answers are cut off at the ends of the scale, so the whole effect is not seen.
        seen = gap.mean()[one] - gap.mean()[""]
        assert 0.6 < seen / moved < 1.3, one


def nps(scores: pd.Series) -> float:
    return 100 * ((scores >= 9).mean() - (scores <= 6).mean())


@pytest.fixture(scope="module")
def told() -> dict[str, pd.DataFrame]:
    """4,000 customers, of whom everybody answers."""
    with changed(response_base=20.0):
        made = [simulate_block(COMPANY, block, Numbers(), size=1000)[0] for block in range(4)]
    names = ("surveys", "truth")
    return {name: pa.concat_tables([one[name] for one in made]).to_pandas() for name in names}


def test_the_truth_says_what_all_would_have_answered(tables: dict, told: dict) -> None:
    """Over all invitations, and customer by customer; whether they answered changes nothing."""
    truth = told["truth"]
    known = [name for name in truth if name not in ("surveys_answered", "campaign_cost", "profit")]
    expected = tables["truth"].head(len(truth))[known]
    pd.testing.assert_frame_equal(truth[known].drop(columns=WHO), expected.drop(columns=WHO))
    answers = told["surveys"].query("question == 'nps'").dropna(subset=["score"])
    stated = np.average(truth.nps_if_all_answered.fillna(0), weights=truth.nps_invited)
    assert_near(nps(answers.score), stated, 100 * np.sqrt(0.7 / len(answers)))
    recommends = truth.set_index("customer_id").would_recommend[answers.customer_id].to_numpy()
    inside = (recommends > 2) & (recommends < 8.5)
    gap = answers.score.to_numpy()[inside] - recommends[inside]
    assert_near(gap.mean(), 0, 0.02 + gap.std() / np.sqrt(len(gap)))
    assert truth.would_recommend.isna().equals(truth.nps_invited == 0)


def test_weighting_by_household_mends_what_households_bias() -> None:
    """Where satisfaction does not decide who answers, answers weighted by household are unbiased."""
    with changed(satisfaction_on_response=0.0):
        made = [simulate_block(COMPANY, block, Numbers(), size=1000)[0] for block in range(8)]
    found = {
        name: pa.concat_tables([one[name] for one in made]).to_pandas()
        for name in ("surveys", "truth", "customers")
    }
    home = found["customers"].set_index("customer_id").household.fillna("")
    asked = found["surveys"].query("question == 'nps'")
    asked = asked.assign(home=home[asked.customer_id].to_numpy())
    given = asked.dropna(subset=["score"])
    truth = np.average(
        found["truth"].nps_if_all_answered.fillna(0), weights=found["truth"].nps_invited
    )
    by_home = given.groupby("home").score.apply(nps)
    weighted = (by_home * asked.home.value_counts(normalize=True)).sum()
    error = 100 * np.sqrt(2 * 0.7 / len(given))
    assert nps(given.score) - truth > 2 * error
    assert_near(weighted, truth, error)


def test_driver_weights_can_be_found_again(tables: dict) -> None:
    wide = tables["surveys"].pivot_table(
        index=["customer_id", "responded_at"], columns="question", values="score"
    )
    names = [f"driver:{name}" for name in coefficient("driver_weights")]
    wide = wide.dropna(subset=["nps", *names])
    wide = wide[wide.nps.between(1, 9)]
    design = np.column_stack([np.ones(len(wide)), wide[names]])
    slopes = np.linalg.lstsq(design, wide.nps, rcond=None)[0][1:]
    stated = np.array(list(coefficient("driver_weights").values()))
    assert slopes / slopes.sum() == pytest.approx(stated, abs=0.05)


def test_opportunities_are_won_as_often_as_stated(tables: dict) -> None:
    old = tables["opportunities"][pd.to_datetime(tables["opportunities"].created_at) < "2025"]
    share = won_from()["lead"]
    assert share == pytest.approx(0.6 * 0.7 * 0.65 * 0.6)
    assert_near((old.won == True).mean(), share, np.sqrt(share * (1 - share) / len(old)))  # noqa: E712


def test_renewals_follow_the_shifted_beta_geometric(tables: dict) -> None:
    """Fader and Hardie (2007): S(t) = B(alpha, beta + t) / B(alpha, beta)."""
    found = tables["subscriptions"].astype(
        {"started_at": "datetime64[s]", "ended_at": "datetime64[s]"}
    )
    start = found.started_at.dt.to_period("M")
    months = (found.ended_at.dt.to_period("M") - start).map(
        lambda n: n.n if pd.notna(n) else np.inf
    )
    a, b = coefficient("renewal_alpha"), coefficient("renewal_beta")
    observed = (pd.Period(LAST_DAY, "M") - start).map(lambda n: n.n)
    for t in (1, 2, 6, 12):
        old = months[observed > t]
        expected = beta(a, b + t) / beta(a, b)
        assert_near((old > t).mean(), expected, np.sqrt(expected * (1 - expected) / len(old)))


def test_the_truth_says_when_each_customer_left(tables: dict) -> None:
    truth = tables["truth"].set_index("customer_id")
    last = tables["purchases"].query("kind == 'sale'").groupby("customer_id").ordered_at.max()
    left = pd.to_datetime(truth.dropout_day).reindex(last.index).dropna() + pd.Timedelta(days=1)
    assert (last[left.index] < left).all()
    assert (truth.alive == truth.dropout_day.isna()).all()
    assert 0.3 < truth.alive.mean() < 0.7
    assert tables["truth"][WHO].is_unique


def test_parameters_name_every_coefficient_once(tmp_path: Path) -> None:
    folder = write_shop(tmp_path, customers=20, years=1)
    told = json.loads((folder / "truth" / "parameters.json").read_text(encoding="utf-8"))
    names = [one["name"] for one in told["coefficients"]]
    assert names == [one.name for one in COEFFICIENTS]
    assert [one["value"] for one in told["coefficients"]] == [
        list(one.value) if isinstance(one.value, tuple) else one.value for one in COEFFICIENTS
    ]
    assert len(set(names)) == len(names)
    assert all(one["sentence"].endswith(".") for one in told["coefficients"])
    assert told["company"]["currency"] == "EUR"
    assert [one["lift"] for one in told["campaigns"]] == [0.5, 0.3, 0.8]


def test_another_truth_is_simulated_and_told_and_then_forgotten(tmp_path: Path) -> None:
    with changed(satisfaction_on_dropout=0.0):
        other = write_shop(tmp_path / "other", customers=300, years=1)
    usual = write_shop(tmp_path / "usual", customers=300, years=1)
    value = {
        folder: {
            one["name"]: one["value"]
            for one in json.loads((folder / "truth" / "parameters.json").read_text())[
                "coefficients"
            ]
        }["satisfaction_on_dropout"]
        for folder in (other, usual)
    }
    assert value == {other: 0.0, usual: -0.6}
    truth = [pd.read_csv(one / "truth" / "customers.csv") for one in (other, usual)]
    assert not truth[0].dropout_day.equals(truth[1].dropout_day)
    assert truth[0].purchase_rate.equals(truth[1].purchase_rate)


def test_households_move_nothing_but_surveys(tmp_path: Path) -> None:
    none = dict.fromkeys(HOUSEHOLDS, 0.0)
    with changed(household_on_response=none, household_on_answers=none):
        other = write_shop(tmp_path / "other", customers=300, years=1)
    usual = write_shop(tmp_path / "usual", customers=300, years=1)
    same = {
        path.name
        for path in other.glob("*.csv")
        if path.read_bytes() == (usual / path.name).read_bytes()
    }
    assert same == {path.name for path in usual.glob("*.csv")} - {"surveys.csv"}
    assert len(same) == 8


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"satisfaction": 1.0}, "There is no coefficient 'satisfaction'"),
        ({"household_on_answers": {"single": 1.0}}, "household_on_answers: expected .*'couple'"),
        ({"csat_line": (1.0, 2.0)}, "csat_line: expected a value of the form 3"),
        ({"csat_line": 1.0}, "csat_line: expected a value of the form 3"),
    ],
)
def test_a_change_the_model_does_not_know_is_refused(values: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence), changed(**values):
        pass


def test_changes_add_up_and_end_with_their_block() -> None:
    with changed(nps_base=1.0), changed(nps_slope=2.0):
        assert (coefficient("nps_base"), coefficient("nps_slope")) == (1.0, 2.0)
    with pytest.raises(RuntimeError), changed(nps_base=1.0):
        raise RuntimeError
    assert coefficient("nps_base") == 7.3
