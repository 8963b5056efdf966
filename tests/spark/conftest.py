"""One simulated shop in two engines: DuckDB, and a local Apache Spark."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pytest

from regulars import paths
from regulars.data.cleaning import clean_tables
from regulars.data.intake.take_in import take_in
from regulars.data.people.pseudonyms import KEY_VARIABLE
from regulars.data.samples import put_sample
from regulars.data.store import Store
from regulars.measures.engine import fetch
from regulars.parameters import Cleaning, Parameters, read_parameters

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
TABLES = (
    *("purchases", "customers", "surveys", "interactions", "campaigns", "campaign_contacts"),
    *("subscriptions", "targets"),
)
CUSTOMERS = 1000
QUIET = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c: %m%n
"""
WARNINGS = [
    # pyspark 4.3 says of itself that it was not tried out on pandas 3; nothing here uses that part.
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
    # The same version hands pandas 3 a keyword that it no longer needs.
    "ignore:The copy keyword is deprecated",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip with the reason where there is no Spark, and let its own warnings pass."""
    reason = missing()
    for item in items:
        if HERE in item.path.parents:
            for warning in WARNINGS:
                item.add_marker(pytest.mark.filterwarnings(warning))
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


def missing() -> str | None:
    """Say what Spark would need that is not here."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed; it comes with the extra spark"
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java") and not (home and (Path(home) / "bin" / "java").exists()):
        return "Spark needs Java, and there is no java on the path and no JAVA_HOME"
    return None


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    """What the shop's workbook is told."""
    return read_parameters(REPOSITORY / "parameters" / "shop.yaml")


@pytest.fixture(scope="session")
def shop(parameters: Parameters, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A thousand customers of the simulated shop, taken in and cleaned."""
    root = tmp_path_factory.mktemp("spark_shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.ROOT_VARIABLE, str(root))
        patch.setenv(KEY_VARIABLE, "a key for tests only")
        put_sample("shop", customers=CUSTOMERS)
        store = Store("shop")
        sources = {name: source for name, source in parameters.sources.items() if name in TABLES}
        take_in(store, sources, as_of=str(parameters.as_of), currency=parameters.currency)
        clean_tables(store, Cleaning(), str(parameters.as_of))
    return store


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ibis.BaseBackend]:
    """Spark within this process, two threads wide, for small tables."""
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    (folder / "log4j2.properties").write_text(QUIET)
    told = {
        "spark.driver.bindAddress": "127.0.0.1",
        # The second compiler takes longer than it saves within a few minutes.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "
        f"-Dlog4j2.configurationFile={folder}/log4j2.properties",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(folder),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Planning costs more than a thousand rows do; none of the three changes a result.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.autoBroadcastJoinThreshold": "100m",
    }
    builder = SparkSession.builder.master("local[2]").appName("regulars")
    for name, value in told.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.fixture(scope="session")
def both(shop: Store, spark: ibis.BaseBackend) -> dict[str, dict[str, ir.Table]]:
    """The cleaned tables by engine and name."""
    in_spark = {}
    for name in TABLES:
        in_spark[name] = spark.read_parquet(str(shop.path(f"clean/{name}")), table_name=name)
        spark._session.catalog.cacheTable(name)
    return {
        "duckdb": {name: shop.read(f"clean/{name}") for name in TABLES},
        "pyspark": in_spark,
    }


@pytest.fixture
def equal(both: dict[str, dict[str, ir.Table]]) -> Callable[..., pd.DataFrame]:
    """Check that a measure gives the same rows in both engines; return those of DuckDB."""

    def check(
        measure: Callable[[dict[str, ir.Table]], ir.Table | pd.DataFrame],
        *,
        order_by: tuple[str, ...] = ("customer_id",),
    ) -> pd.DataFrame:
        found = {name: _rows(measure(tables), order_by) for name, tables in both.items()}
        assert_same_rows(found["duckdb"], found["pyspark"])
        return found["duckdb"]

    return check


def _rows(table: ir.Table | pd.DataFrame, order_by: tuple[str, ...]) -> pd.DataFrame:
    """Bring the rows here, sorted in pandas, so that no engine's own order counts."""
    frame = table if isinstance(table, pd.DataFrame) else fetch(table)
    return frame.sort_values(list(order_by), ignore_index=True)


def assert_same_rows(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Compare exactly, but for fractions, whose last digit depends on the order of addition."""
    assert list(one.columns) == list(other.columns)
    assert len(one) == len(other) > 0
    for name in one.columns:
        pair = (one[name], other[name])
        assert [*pair[0].isna()] == [*pair[1].isna()], name
        values = [column.dropna().tolist() for column in pair]
        if pd.api.types.is_float_dtype(one[name]):
            values[1] = pytest.approx(values[1], rel=1e-12, abs=1e-12)
        assert values[0] == values[1], name
