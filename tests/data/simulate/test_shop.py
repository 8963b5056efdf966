"""Shop: twenty customers whose files a reader can check, and bytes that follow from the seed."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from simulated import KEYS

from regulars.data.simulate.columns import COLUMNS
from regulars.data.simulate.company import BLOCK
from regulars.data.simulate.shop import write_shop
from regulars.errors import ParameterError

LAST_MOMENT = "2025-12-31 23:59:59"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("small"), customers=20)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two blocks, the second of them not full."""
    return write_shop(tmp_path_factory.mktemp("large"), customers=BLOCK + 300)


def read(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)


def cents(amounts: pd.Series) -> pd.Series:
    assert amounts.str.fullmatch(r"-?\d+\.\d\d").all()
    return amounts.str.replace(".", "").astype(int)


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("table", COLUMNS)
def test_a_file_is_plain_text_with_the_contracts_columns(large: Path, table: str) -> None:
    content = (large / f"{table}.csv").read_bytes()
    header, *lines = content.decode("utf-8").splitlines()
    assert header == ",".join(COLUMNS[table])
    assert lines
    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")


def test_an_amount_is_quantity_times_price_less_discount(large: Path) -> None:
    lines = read(large, "purchases")
    made = lines.quantity.astype(int) * cents(lines.unit_price) - cents(lines.discount)
    assert (made == cents(lines.amount)).all()
    back = lines.kind != "sale"
    assert (cents(lines.amount)[back] < 0).all()
    assert (cents(lines.amount)[~back] > 0).all()
    assert (cents(lines.cost)[back] <= 0).all()


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique(large: Path, table: str) -> None:
    rows = read(large, table)
    if table == "purchases":
        rows["sign"] = rows.amount.str.startswith("-")
    assert not rows.duplicated(KEYS[table]).any()


def test_references_resolve(large: Path) -> None:
    customers = set(read(large, "customers").customer_id)
    for table in COLUMNS:
        rows = read(large, table)
        if "customer_id" in rows:
            assert set(rows.customer_id) - {""} <= customers, table
        if table != "purchases" and "customer_id" in rows:
            assert (rows.customer_id != "").all(), table
    named = set(read(large, "purchases").campaign_id) - {""}
    assert named <= set(read(large, "campaigns").campaign_id)
    assert set(pd.read_csv(large / "truth" / "customers.csv").customer_id) == customers


def test_nothing_happens_after_the_last_day_or_before_the_customer(large: Path) -> None:
    signed_up = read(large, "customers").set_index("customer_id").signed_up_at
    for table, columns in COLUMNS.items():
        rows = read(large, table)
        for name in (one for one in columns if one.endswith(("_at", "_on"))):
            there = rows[rows[name] != ""]
            assert there[name].str.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?").all()
            assert there[name].max() <= LAST_MOMENT, (table, name)
            if "customer_id" in rows and table != "customers":
                there = there[there.customer_id != ""]
                assert (there[name] >= there.customer_id.map(signed_up)).all(), (table, name)


def test_what_comes_back_was_sold_before(large: Path) -> None:
    lines = read(large, "purchases")
    sold = lines[lines.kind == "sale"].set_index(["order_id", "product_id"])
    for kind, prefix in (("return", ""), ("cancellation", "C")):
        back = lines[lines.kind == kind]
        assert len(back) > 10
        assert back.order_id.str.startswith("C").all() == (prefix == "C")
        pairs = list(zip(back.order_id.str.removeprefix("C"), back.product_id, strict=True))
        sale = sold.loc[pairs]
        assert (sale.ordered_at.to_numpy() < back.ordered_at.to_numpy()).all()
        assert (sale.quantity.astype(int).to_numpy() >= -back.quantity.astype(int).to_numpy()).all()
        part = -back.quantity.astype(int).to_numpy() / sale.quantity.astype(int).to_numpy()
        paid = cents(sale.amount).to_numpy() * part
        assert (abs(paid + cents(back.amount).to_numpy()) <= 1).all()
        whole = -cents(back.amount).to_numpy() == cents(sale.amount).to_numpy()
        assert whole.all() == (kind == "cancellation")


def test_ids_look_as_they_should(small: Path) -> None:
    assert read(small, "customers").customer_id.tolist() == [f"C{k:06d}" for k in range(1, 21)]
    lines = read(small, "purchases")
    assert lines.order_id.str.fullmatch(r"C?\d{6}").all()
    assert lines.product_id.str.fullmatch(r"P\d{4}").all()


def test_companies_have_no_attributes_of_persons(large: Path) -> None:
    customers = read(large, "customers")
    personal = ["birth_date", "gender", "occupation", "income_band", "education", "household"]
    companies = customers[customers.kind == "company"]
    assert 0.04 < len(companies) / len(customers) < 0.13
    assert (companies[personal] == "").all(axis=None)
    assert set(read(large, "opportunities").customer_id) <= set(companies.customer_id)


def test_identifiers_are_made_up_and_some_stand_in_comments(large: Path) -> None:
    customers = read(large, "customers")
    assert customers.email.is_unique
    assert customers.email.str.fullmatch(r"[a-z]+\.\d+@example\.(com|org|net)").all()
    shapes = r"1[3-9]\d{9}|\+49 151 0\d{7}|\+33 6 39 98 \d\d \d\d"
    assert customers.phone.str.fullmatch(shapes).all()
    assert customers.name.str.contains(r"[\u4e00-\u9fff]").mean() > 0.1
    assert customers.address.str.contains(",").any()
    comments = read(large, "surveys").comment
    assert comments.str.contains("@example|\\+49|\\+33|1[3-9]\\d{9}").sum() >= 5


def test_one_order_in_a_hundred_has_no_customer(large: Path) -> None:
    lines = read(large, "purchases")
    assert 0.003 < (lines.customer_id == "").mean() < 0.02
    assert not lines.drop_duplicates(["order_id", "customer_id"]).order_id.duplicated().any()


def test_same_seed_same_bytes_and_another_seed_others(small: Path, tmp_path: Path) -> None:
    again = write_shop(tmp_path / "again", customers=20)
    other = write_shop(tmp_path / "other", customers=20, seed=8)
    assert hashes(again) == hashes(small)
    same = [name for name, one in hashes(other).items() if one == hashes(small)[name]]
    assert same == []


@pytest.mark.parametrize(
    "table", [name for name in COLUMNS if name not in ("campaigns", "targets")]
)
def test_a_customer_is_the_same_whatever_their_number(small: Path, large: Path, table: str) -> None:
    few, many = read(small, table), read(large, table)
    known = set(read(small, "customers").customer_id)
    kept = many[many.customer_id.isin(known)].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, few[few.customer_id != ""].reset_index(drop=True))


def test_the_truth_is_the_same_too(small: Path, large: Path) -> None:
    few, many = (pd.read_csv(one / "truth" / "customers.csv") for one in (small, large))
    shared = few.columns.drop(["campaign_cost", "profit"])  # divided among all who were treated
    pd.testing.assert_frame_equal(many.head(20)[shared], few[shared])


def test_order_numbers_count_on_from_block_to_block(large: Path) -> None:
    numbers = read(large, "purchases").order_id.str.removeprefix("C").astype(int).unique()
    assert numbers.min() == 100_001
    block = read(large, "customers").customer_id.str.removeprefix("C").astype(int)
    assert block.max() == BLOCK + 300
    lines = read(large, "purchases")
    who = lines.customer_id.str.removeprefix("C").replace("", "0").astype(int)
    number = lines.order_id.str.removeprefix("C").astype(int)
    assert number[who.between(1, BLOCK)].max() < number[who > BLOCK].min()


def test_no_block_is_another_one_again(large: Path) -> None:
    truth = pd.read_csv(large / "truth" / "customers.csv")
    for name in ("purchase_rate", "order_value", "satisfaction_mean"):
        first, second = truth[name].head(300).tolist(), truth[name].tail(300).tolist()
        assert sum(a == b for a, b in zip(first, second, strict=True)) < 5, name


def test_targets_are_near_what_was_reached(large: Path) -> None:
    targets = read(large, "targets").set_index(["period", "metric"])
    lines = read(large, "purchases")
    revenue = cents(lines.amount).groupby(lines.ordered_at.str[:7]).sum() / 100
    wanted = targets.xs("revenue", level="metric").target.astype(float)
    assert (wanted / revenue).mean() == pytest.approx(1.02, abs=0.04)
    new = read(large, "customers").signed_up_at.str[:7].value_counts()
    wanted = targets.xs("new_customers", level="metric").target.astype(float)
    assert (wanted / new).mean() == pytest.approx(1.02, abs=0.04)


def test_a_campaign_costs_by_whom_it_reached(large: Path) -> None:
    campaigns = read(large, "campaigns").set_index("campaign_id")
    contacts = read(large, "campaign_contacts")
    treated = contacts[contacts.arm == "treated"].campaign_id.value_counts()
    assert campaigns.cost["K01"] == f"{800 + 0.05 * treated['K01']:.2f}"
    assert campaigns.cost["K02"] == f"{800 + 0.95 * treated['K02']:.2f}"


def test_the_season_shows(large: Path) -> None:
    """December has 1.40 of the rate, February 0.80."""
    lines = read(large, "purchases")
    sales = lines[(lines.kind == "sale") & (lines.ordered_at > "2025")]
    months = sales.groupby(sales.ordered_at.str[5:7]).order_id.nunique()
    assert months["12"] > 1.3 * months["02"]


@pytest.mark.parametrize("seed", range(4))
def test_one_customer_is_a_company_too(tmp_path: Path, seed: int) -> None:
    folder = write_shop(tmp_path, customers=1, years=1, seed=seed)
    assert len(read(folder, "customers")) == 1
    assert len(read(folder, "targets")) == 36


def test_own_files_stay_and_a_second_shop_replaces_the_first(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine\n", encoding="utf-8")
    write_shop(tmp_path, customers=20, years=1)
    before = (tmp_path / "purchases.csv").read_bytes()
    write_shop(tmp_path, customers=30, years=1)
    assert (tmp_path / "mine.csv").read_text(encoding="utf-8") == "mine\n"
    assert (tmp_path / "purchases.csv").read_bytes() != before
    listed = json.loads((tmp_path / "truth" / "parameters.json").read_text(encoding="utf-8"))[
        "files"
    ]
    assert sorted([*listed, "mine.csv"]) == sorted(hashes(tmp_path))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"customers": 0}, "customers: expected a number from 1 to 100,000,000, found 0"),
        ({"years": 0}, "years: expected a number from 1 to 20, found 0"),
        ({"customers": 50_001, "messy": True}, "from 200 to 50,000, found 50,001"),
    ],
)
def test_numbers_out_of_range_are_refused(tmp_path: Path, wrong: dict, sentence: str) -> None:
    with pytest.raises(ParameterError, match=sentence):
        write_shop(tmp_path / "shop", **wrong)
    assert not (tmp_path / "shop").exists()
