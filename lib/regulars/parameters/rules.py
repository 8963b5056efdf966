"""Rules that can be switched: what intake and cleaning do with rows that are no plain purchase.

Every switch has a default and says in a sentence what each choice does.
"""

import zoneinfo
from decimal import Decimal
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AfterValidator, Field

from regulars.parameters.source import Strict
from regulars.text import nearest

__all__ = ["Cleaning", "Intake"]


def _readable(pattern: str) -> str:
    """Refuse what RE2, by which the engine compares, cannot read."""
    try:
        for whole in (pattern, f"(?i)^({pattern})$"):
            pc.match_substring_regex(pa.array([""]), pattern=whole)
    except pa.ArrowInvalid:
        raise ValueError("expected a regular expression (RE2, without look-around)") from None
    return pattern


def _known_zone(zone: str) -> str:
    known = zoneinfo.available_timezones() if zone else ()
    if zone and zone not in known:
        raise ValueError(f"there is no time zone {zone!r}{nearest(zone, known)}")
    return zone


Pattern = Annotated[str, AfterValidator(_readable)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Intake(Strict):
    """What intake does with rows, files and ids."""

    duplicates: Literal["merge", "redelivered", "keep"] = "merge"
    """Equal lines: all are one line; only those of different files are; each is a purchase."""

    conflicts: Literal["latest", "reject"] = "latest"
    """Same key, other values: the later line counts (by file name, then line), or is rejected."""

    pseudonymise: bool = True
    """Whether customer ids become pseudonyms (HMAC-SHA-256 with a key outside the project)."""

    customer_ids: Literal["exact", "normalise"] = "exact"
    """Whether cust_42, CUST-42 and CUST 42 are one customer."""

    same_customers: str = ""
    """A CSV file with the columns customer_id and same_as: ids that are one person."""

    test_customers: Pattern = r"(test|demo|dummy)([ _-]?(user|customer|account|kunde))?[ _-]?[0-9]*"
    """Customer ids that are tests (a regular expression for the whole id); empty: none."""

    rates: dict[Currency, Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=10)]] = {}
    """What one unit of another currency is worth in the workbook's, such as USD: 0.92."""

    timezone: Zone = ""
    """The shop's time zone, such as Europe/Berlin; needed where times carry an offset."""

    most_rejected: Share = 0.5
    """More than this share of a table's rows rejected stops the run."""


class Cleaning(Strict):
    """What cleaning does with accepted purchase lines. Set-aside lines stay in the totals."""

    cancellations: Literal["match", "keep"] = "match"
    """Whether a cancellation and the sale it takes back are both set aside."""

    cancellation_prefix: str = "C"
    """What an order id begins with when it cancels an order; empty: only kind says so."""

    returns_without_sale: Literal["keep", "set_aside"] = "keep"
    """Returns with no earlier sale of that customer and product: they lower spend, or do not."""

    zero_amounts: Literal["keep", "set_aside"] = "keep"
    """Sales of amount zero: the customer came, or it is no purchase."""

    non_products: Pattern = (
        r"(post|postage|shipping|freight|delivery|carriage|dotcom postage|dot|bank charges?|"
        r"amazon ?fee|adjust(ment)?|voucher|gift ?(card|voucher)|porto|versand|"
        r"运费|邮费|快递费|運費|郵費|礼品卡|禮品卡)"
    )
    """Product ids or categories that are no products (a regular expression for the whole of it);
    empty: none."""

    non_product_lines: Literal["set_aside", "keep"] = "set_aside"
    """Whether lines that are no products are set aside."""

    outliers: Annotated[float, Field(ge=0, le=100)] = 3.5
    """Robust z-score of log amounts beyond which a sale is flagged, never dropped; 0: none."""
