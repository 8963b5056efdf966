"""Shop: one retail company with all nine tables, made up from a stated model, its truth beside it.

**Purchases** follow the Pareto/NBD model of Schmittlein, Morrison and Colombo (1987), "Counting
your customers": each customer buys as a Poisson process with a rate of their own, drawn from a
gamma, until they leave after a time that is exponential with a rate of their own, drawn from
another gamma. To it come what shops have and the model has not: the rate is multiplied by effects
of channel, region and season, and the dropout rate moves with the customer's satisfaction. So no
model of the workbook is exactly right.

**Spend** an order follows the Gamma-Gamma model of Fader and Hardie (2005), "RFM and CLV",
rounded to products with list prices. **Renewals** of the service line follow the shifted beta-
geometric of Fader and Hardie (2007), "How to project customer retention". **Satisfaction** is
hidden: an AR(1) around a level of the customer's own. It drives what surveys say, who answers
them, who complains and who leaves; a complaint that is resolved lifts it, one that is not lowers
it. **Campaigns** have a control group by lot and a known lift of the purchase rate.

Every number of the model stands in `regulars.data.simulate.coefficients`, and with the file in
``truth/parameters.json``. Customers are made in blocks with seeds of their own: customer k is the
same whatever the number of customers. Only targets and the costs of campaigns (and with them
the truth about profit) depend on it.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from regulars.data.simulate.block import Numbers, simulate_block
from regulars.data.simulate.campaigns import campaigns_table
from regulars.data.simulate.columns import Writer, writers
from regulars.data.simulate.company import BLOCK, LAST_DAY, Company
from regulars.data.simulate.messy import LEAST_CUSTOMERS, MOST_CUSTOMERS, write_messy
from regulars.data.simulate.profits import count_contacted
from regulars.data.simulate.targets import targets_table
from regulars.data.simulate.truth import TRUTH_COLUMNS, parameters, write_json
from regulars.errors import ParameterError

__all__ = ["write_shop"]

PARAMETERS = "truth/parameters.json"
MOST_CLEAN, MOST_YEARS = 100_000_000, 20


def write_shop(
    folder: Path, *, customers: int = 5000, years: int = 3, seed: int = 7, messy: bool = False
) -> Path:
    """Write the shop's files and its truth to a folder, and return the folder.

    Files of an earlier shop in the same folder are replaced or removed; others are left alone.

    Parameters
    ----------
    folder : Path
        Where the files go; the truth goes to ``truth`` below it.
    customers : int
        How many customers there are.
    years : int
        How many years the company has been there, up to 2025-12-31.
    seed : int
        The same seed gives the same bytes.
    messy : bool
        Write the same company as the files people really have, with planted defects that
        ``truth/defects.json`` lists.

    Raises
    ------
    ParameterError
        If a number is out of its range.

    Examples
    --------
    >>> import tempfile
    >>> folder = write_shop(Path(tempfile.mkdtemp()), customers=20, years=1)
    >>> (folder / "customers.csv").read_text(encoding="utf-8").count("C0000")
    20
    """
    least, most = (LEAST_CUSTOMERS, MOST_CUSTOMERS) if messy else (1, MOST_CLEAN)
    _check("customers", customers, least=least, most=most)
    _check("years", years, least=1, most=MOST_YEARS)
    company = Company(seed=seed, years=years)
    folder.mkdir(parents=True, exist_ok=True)
    # Made beside their place first: a shop that could not be finished replaces no file.
    with tempfile.TemporaryDirectory(prefix=".simulate-", dir=folder) as name:
        made, clean = Path(name) / "made", Path(name) / "clean"
        _write_clean(clean if messy else made, company, customers)
        if messy:
            write_messy(clean, made, company)
        files = [path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()]
        files.append(PARAMETERS)
        write_json(made / PARAMETERS, parameters(company, customers, files))
        _replace(folder, made, files)
    return folder


def _check(name: str, value: int, *, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ParameterError(
            f"{name}: expected a number from {least:,} to {most:,}, found {value:,}. "
            "A messy shop has narrower limits than a clean one."
        )


def _write_clean(folder: Path, company: Company, customers: int) -> None:
    files = dict(writers(folder))
    files["truth"] = Writer(folder / "truth" / "customers.csv", TRUTH_COLUMNS)
    months = len(company.months) - 1
    revenue, joined = np.zeros(months), np.zeros(months)
    contacted = count_contacted(company, customers)
    numbers = Numbers()
    for block in range(-(-customers // BLOCK)):
        size = min(BLOCK, customers - block * BLOCK)
        tables, numbers = simulate_block(company, block, numbers, size=size, contacted=contacted)
        for name, table in tables.items():
            files[name].append(table)
        purchases, people = tables["purchases"], tables["customers"]
        revenue += _by_month(company, purchases["ordered_at"], purchases["amount"])
        joined += _by_month(company, people["signed_up_at"], None)
    files["campaigns"].append(campaigns_table(company, contacted))
    files["targets"].append(targets_table(company, 100 * revenue, joined))
    for file in files.values():
        file.close()


def _by_month(
    company: Company, times: pa.ChunkedArray, amounts: pa.ChunkedArray | None
) -> np.ndarray:
    months = len(company.months) - 1
    last = LAST_DAY.astype("datetime64[M]")
    month = months - 1 - (last - times.to_numpy().astype("datetime64[M]")).astype(int)
    weights = None if amounts is None else amounts.cast(pa.float64()).to_numpy()
    return np.bincount(month, weights=weights, minlength=months)


def _replace(folder: Path, made: Path, files: list[str]) -> None:
    """Put the files in their place, and remove those of an earlier shop that are no longer made."""
    earlier = folder / PARAMETERS
    before = json.loads(earlier.read_text(encoding="utf-8"))["files"] if earlier.exists() else []
    for file in sorted(set(before) - set(files)):
        (folder / file).unlink(missing_ok=True)
    (folder / "truth").mkdir(exist_ok=True)
    for file in sorted(files):
        (made / file).replace(folder / file)
