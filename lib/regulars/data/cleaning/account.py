"""The account of cleaning: what each rule did, and whether the two parts make the whole."""

from dataclasses import dataclass
from decimal import Decimal

import ibis.expr.types as ir
import pandas as pd

from regulars.data.cleaning.outliers import Spread
from regulars.errors import LedgerError
from regulars.parameters import Cleaning

__all__ = [
    "FAMILIES",
    "NOT_ASKED",
    "Statement",
    "account",
    "account_of",
    "known_customers",
    "statements",
    "steps_of",
]

FAMILIES = {
    "time": ("after_as_of",),
    "cancellations": ("cancelled_sale", "cancellation", "cancellation_without_sale"),
    "nobody": ("non_product", "customer_missing"),
    "returns": ("return", "return_without_sale", "zero_amount"),
    "outliers": ("outlier",),
}
"""Rules that answer one question."""

NOT_ASKED = "Not looked for."
"""What a rule that is switched off says."""


@dataclass(frozen=True)
class Statement:
    """What a rule does with the lines it touches, and which choice made it so."""

    rule: str
    what: str
    choice: str
    sentence: str


def statements(rules: Cleaning, spread: Spread, *, prefix_speaks: bool) -> list[Statement]:
    """Return what each rule does under these switches, in the order in which rules count.

    Parameters
    ----------
    rules : Cleaning
        The switches.
    spread : Spread
        Of the amounts of sales; without one no amount can be an outlier.
    prefix_speaks : bool
        Whether the prefix of order ids tells cancellations in this shop.

    Examples
    --------
    >>> found = statements(Cleaning(zero_amounts="set_aside"), Spread(2.3, .8), prefix_speaks=True)
    >>> [(one.what, one.sentence) for one in found if one.rule == "zero_amount"]
    [('set aside', 'Set aside: nothing was paid, so nothing was bought.')]
    """
    aside, kept = "set aside", "kept"
    match, known_by = rules.cancellations, _known_by(rules, prefix_speaks)
    return [
        Statement("after_as_of", aside, "always", "Set aside: not known on the day we look."),
        Statement("cancelled_sale", aside if match == "match" else kept, match, _cancelled(match)),
        Statement("cancellation", aside if match == "match" else kept, match, known_by),
        _switched(
            "non_product",
            rules.non_product_lines,
            kept=_found(rules.non_products, "Kept: counts like a product."),
            aside=_found(rules.non_products, "Set aside: a charge or a voucher, not a product."),
        ),
        Statement(
            "customer_missing", aside, "always", "Set aside: in the totals, in no customer measure."
        ),
        _switched(
            "return_without_sale",
            rules.returns_without_sale,
            kept="Kept: lowers spend, though no sale of it came before.",
            aside="Set aside: no sale of it came before.",
        ),
        _switched(
            "zero_amount",
            rules.zero_amounts,
            kept="Kept: the customer came, and paid nothing.",
            aside="Set aside: nothing was paid, so nothing was bought.",
        ),
        Statement("cancellation_without_sale", kept, match, _without_sale(match)),
        Statement("return", kept, "always", "Kept: lowers spend, makes no purchase day."),
        Statement("outlier", "flagged", f"{rules.outliers:g}", _outliers(rules.outliers, spread)),
    ]


def account(purchases: ir.Table, set_aside: ir.Table, accepted: dict, rules: list[dict]) -> dict:
    """Return the cleaning part of the ledger, if it adds up.

    Parameters
    ----------
    purchases, set_aside : ibis.expr.types.Table
        Both as read back; ``amount`` (decimal, currency).
    accepted : dict
        The ledger's entry of the purchases: ``rows_accepted``, ``money_accepted``.
    rules : list of dict
        ``rule``, ``what``, ``choice``, ``sentence``, ``rows``, ``money`` (decimal text) of each.

    Raises
    ------
    LedgerError
        If clean and set-aside lines together are not what was accepted.
    """
    (clean, kept), (aside, taken) = _total(purchases), _total(set_aside)
    came, money = accepted["rows_accepted"], Decimal(accepted["money_accepted"])
    by_rules = sum(rule["rows"] for rule in rules if rule["what"] == "set aside")
    if clean + aside != came or kept + taken != money or by_rules != aside:
        raise LedgerError(
            f"Cleaning does not add up: {came} lines and {money} of money were accepted, "
            f"{clean + aside} and {kept + taken} were written, {by_rules} of them set aside by a "
            f"rule where {aside} are. Run 01_ingest again, then 02_clean."
        )
    return {
        "rows_accepted": came,
        "rows_clean": clean,
        "rows_set_aside": aside,
        "money_accepted": str(money),
        "money_clean": str(kept),
        "money_set_aside": str(taken),
        "rules": rules,
    }


def account_of(ledger: dict) -> pd.DataFrame:
    """Return where the accepted lines went.

    Parameters
    ----------
    ledger : dict
        As cleaning left it.

    Returns
    -------
    pandas.DataFrame
        ``lines_are`` (accepted, clean, set aside, and each rule that set lines aside), ``rows``
        (int), ``money`` (float, currency). Clean and set aside are all that was accepted.

    Examples
    --------
    >>> part = {f"rows_{p}": 1 for p in ("accepted", "clean", "set_aside")}
    >>> part |= {f"money_{p}": "2.5" for p in ("accepted", "clean", "set_aside")}
    >>> account_of({"cleaning": {**part, "rules": []}}).lines_are.tolist()
    ['accepted', 'clean', 'set_aside']
    """
    entry = ledger["cleaning"]
    ways = ("accepted", "clean", "set_aside")
    parts = [(way, entry[f"rows_{way}"], entry[f"money_{way}"]) for way in ways]
    parts += [
        (f"set aside: {rule['rule'].replace('_', ' ')}", rule["rows"], rule["money"])
        for rule in entry["rules"]
        if rule["what"] == "set aside" and rule["rows"]
    ]
    frame = pd.DataFrame(parts, columns=["lines_are", "rows", "money"])
    return frame.astype({"money": "float64"})


def steps_of(steps: pd.DataFrame, family: str) -> pd.DataFrame:
    """Return the steps of one family of rules, see `FAMILIES`.

    Examples
    --------
    >>> steps = pd.DataFrame({"rule": ["return", "outlier"], "rows": [2, 1]})
    >>> steps_of(steps, "outliers").rule.tolist()
    ['outlier']
    """
    return steps[steps["rule"].isin(FAMILIES[family])].reset_index(drop=True)


def known_customers(purchases: ir.Table, set_aside: ir.Table) -> pd.DataFrame:
    """Return how much of the sales has a customer.

    Parameters
    ----------
    purchases, set_aside : ibis.expr.types.Table
        As cleaning wrote them.

    Returns
    -------
    pandas.DataFrame
        Two rows; ``customer`` (known, unknown), ``sales`` (int, lines), ``sales_share`` (float),
        ``money`` (float, currency), ``money_share`` (float; missing where there is no money).
        Lines that other rules set aside are in neither.
    """
    nobody = set_aside.filter(set_aside.rule == "customer_missing")
    counted = [_total(table.filter(table.kind == "sale")) for table in (purchases, nobody)]
    frame = pd.DataFrame(counted, columns=["sales", "money"]).astype({"money": "float64"})
    return pd.DataFrame(
        {
            "customer": ["known", "unknown"],
            "sales": frame["sales"],
            "sales_share": frame["sales"] / (frame["sales"].sum() or float("nan")),
            "money": frame["money"],
            "money_share": frame["money"] / (frame["money"].sum() or float("nan")),
        }
    )


def _total(lines: ir.Table) -> tuple[int, Decimal]:
    found = lines.aggregate(rows=lines.count(), money=lines.amount.sum())
    row = found.to_pyarrow().to_pylist()[0]
    return row["rows"], row["money"] or Decimal(0)


def _switched(rule: str, choice: str, *, kept: str, aside: str) -> Statement:
    what = {"keep": "kept", "set_aside": "set aside"}[choice]
    return Statement(rule, what, choice, kept if choice == "keep" else aside)


def _found(pattern: str, sentence: str) -> str:
    return sentence if pattern else NOT_ASKED


def _cancelled(choice: str) -> str:
    return "Set aside with its cancellation." if choice == "match" else NOT_ASKED


def _known_by(rules: Cleaning, prefix_speaks: bool) -> str:
    done = {"match": "Set aside with the sale it takes back.", "keep": "Kept: a return."}
    silent = rules.cancellation_prefix and not prefix_speaks
    unless = f" By kind alone: {rules.cancellation_prefix} marks none." if silent else ""
    return done[rules.cancellations] + unless


def _without_sale(choice: str) -> str:
    return "Kept as a return: no such sale before it." if choice == "match" else NOT_ASKED


def _outliers(limit: float, spread: Spread) -> str:
    if not limit:
        return NOT_ASKED
    if spread.mad:
        return f"Flagged, never dropped: robust z above {limit:g}."
    if spread.mad is None:
        return "No sale has an amount above zero."
    return "Half of the sales have the same amount: no spread to judge by."
