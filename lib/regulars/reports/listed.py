"""Listed: what the last run found of every customer, one row each, and who belongs on a list."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from regulars.data.facts import read_facts
from regulars.data.store import Store
from regulars.errors import DataError, ParameterError
from regulars.parameters import STRATEGIES, Parameters
from regulars.text import nearest

__all__ = ["Wanted", "customers_of", "groupings_of", "in_order", "tags_of", "wanted"]

FIRST = (
    *("customer_id", "segment", "importance", "abc", "pyramid", "grade"),
    *("warning", "win_back"),
)
BY_VALUE = ("predicted_spend", "profit", "spend")
TABLES = ("results/groups", "results/segments")
# What other notebooks found of some customers, and which of them wrote it.
BESIDE = {
    "results/churn": "06_churn",
    "results/warnings": "11_warnings",
    "results/win_back": "11_warnings",
}
# Groupings whose name alone makes a list, the columns it is ordered by, and which groups it holds:
# the first of them that has anybody, or all where there are none.
WHOLE = {
    "warning": (("at_stake",), ()),
    "win_back": (("expected_gain", "return_value"), ("worth_it", "to_test")),
}
TAG = "tag_"
LONGEST_NAME = 60


@dataclass(frozen=True)
class Wanted:
    """Which list: its file's name, what it says of itself, its customers, and their order."""

    name: str
    title: str
    customers: ir.Table
    by: tuple[str, ...] = ()


def customers_of(store: Store) -> ir.Table:
    """Return one row per customer: id, groupings, values, and a column ``tag_<name>`` per tag.

    Columns that a run did not find are not there. Scores, warnings and who is worth winning back
    stand beside them where those notebooks ran for the same day.

    Raises
    ------
    DataError
        If 04_segments left no table of customers.
    """
    tables = [store.read(name) for name in TABLES if store.path(name).exists()]
    if not tables:
        raise DataError(
            f"Expected {' or '.join(TABLES)} of {store.workbook}, found neither. Run the workbook "
            "first."
        )
    found = tables[0]
    for table in tables[1:]:
        found = _beside(found, table)
    for name in _of_the_same_day(store):
        found = _beside(found, store.read(name))
    if store.path("results/tags").exists():
        found = _beside(found, _wide(store.read("results/tags")))
    return found.select(*_ordered(found.columns))


def groupings_of(customers: ir.Table) -> list[str]:
    """Return the columns that put a customer into a group."""
    kinds = customers.schema().items()
    texts = [name for name, kind in kinds if kind.is_string() and not name.startswith(TAG)]
    return [name for name in texts if name != "customer_id"]


def tags_of(customers: ir.Table) -> list[str]:
    """Return the names of the tags."""
    return [name.removeprefix(TAG) for name in customers.columns if name.startswith(TAG)]


def in_order(customers: ir.Table, *, by: Sequence[str] = ()) -> ir.Table:
    """Order by these columns, then by what customers are worth, the most first, then by id."""
    values = [name for name in BY_VALUE if name in customers.columns][:1]
    values = [name for name in by if name in customers.columns] + values
    falling = [customers[name].desc(nulls_first=False) for name in values]
    return customers.order_by(*falling, "customer_id")


def wanted(
    customers: ir.Table,
    parameters: Parameters,
    *,
    segment: str = "",
    tag: str = "",
    everybody: bool = False,
) -> Wanted:
    """Return the one list that was asked for.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `customers_of`.
    parameters : Parameters
        Their segments, too, can be asked for where nobody is in them.
    segment : str, optional
        A group of any grouping, such as ``champions``; ``importance:vip`` where two groupings
        have groups of that name; ``warning`` or ``win_back`` for all who are warned of, or are
        worth winning back.
    tag : str, optional
        A tag's name.
    everybody : bool, optional
        All customers.

    Raises
    ------
    ParameterError
        Unless exactly one list is asked for, and is there.
    """
    if (bool(segment), bool(tag), everybody).count(True) != 1:
        raise ParameterError(
            f"Expected one of --segment NAME, --tag NAME and --all. {_there(customers, parameters)}"
        )
    if segment:
        return _of_segment(customers, parameters, segment)
    if tag:
        return _of_tag(customers, parameters, tag)
    return Wanted("customers", "all customers", customers)


def _of_tag(customers: ir.Table, parameters: Parameters, tag: str) -> Wanted:
    if tag not in tags_of(customers):
        hint = nearest(tag, tags_of(customers)) or "."
        later = " The parameters have it: run the workbook first." * (tag in parameters.tags)
        raise ParameterError(
            f"The last run has no tag {tag!r}{hint}{later} {_there(customers, parameters)}"
        )
    rule = f": {parameters.tags[tag]}" if tag in parameters.tags else ""
    chosen = customers.filter(customers[TAG + tag] == "yes")
    return Wanted(f"tag_{_file_name(tag)}", f"customers with the tag {tag}{rule}", chosen)


def _of_segment(customers: ir.Table, parameters: Parameters, asked: str) -> Wanted:
    groups = _groups(customers, parameters)
    grouping, _, name = asked.rpartition(":")
    if asked in WHOLE and asked in groups and not any(asked in names for names in groups.values()):
        return _whole(customers, asked, groups[asked])
    found = [g for g in groups if name in groups[g] and grouping in ("", g)]
    if len(found) > 1:
        ways = " or ".join(f"{one}:{name}" for one in found)
        raise ParameterError(f"{name!r} is a group of {' and of '.join(found)}. Say {ways}.")
    if not found:
        named = [one for grouping in FIRST for one in groups.get(grouping, [])]
        raise ParameterError(
            f"The last run has no segment {asked!r}{nearest(name, named) or '.'} "
            f"{_there(customers, parameters)}"
        )
    chosen = customers.filter(customers[found[0]] == name)
    by, _ = WHOLE.get(found[0], ((), ()))
    title = f"customers with {found[0]} {name}"
    return Wanted(f"{found[0]}_{_file_name(name)}", title, chosen, by)


def _whole(customers: ir.Table, grouping: str, groups: list[str]) -> Wanted:
    """Return the list that the name of a grouping stands for."""
    by, best = WHOLE[grouping]
    names = [name for name in best if name in groups][:1] if best else groups
    chosen = customers.filter(customers[grouping].isin(names or [*best]))
    return Wanted(grouping, f"customers with {grouping} {' or '.join(names) or 'none'}", chosen, by)


def _groups(customers: ir.Table, parameters: Parameters) -> dict[str, list[str]]:
    """Return the groups of each grouping; those that the parameters name may have nobody."""
    known = {
        "segment": {segment.name for segment in parameters.segments},
        "importance": {card.group for card in STRATEGIES},
    }
    return {
        name: sorted({*_values(customers, name), *known.get(name, ())})
        for name in groupings_of(customers)
    }


def _values(customers: ir.Table, name: str) -> list[str]:
    found = customers.filter(customers[name].notnull()).select(name).distinct()
    return found.to_pyarrow()[name].to_pylist()


def _there(customers: ir.Table, parameters: Parameters) -> str:
    """Say what can be asked for; groups that are made of the data's own values stay unnamed."""
    groups = {g: names for g, names in _groups(customers, parameters).items() if g in FIRST}
    groups["tag"] = tags_of(customers) or ["none"]
    listed = [f"{grouping}: {', '.join(names)}" for grouping, names in groups.items()]
    return f"There are, {'; '.join(listed)}."


def _of_the_same_day(store: Store) -> list[str]:
    """Return the tables that stand beside, and were not left over from another day."""
    days = {}
    for writer in ("04_segments", *BESIDE.values()):
        place = store.folder / "facts" / f"{writer}.json"
        days[writer] = read_facts(place)["as_of"] if place.exists() else ""
    day = days.pop("04_segments")
    return [
        name
        for name, writer in BESIDE.items()
        if store.path(name).exists() and days[writer] == day != ""
    ]


def _wide(tags: ir.Table) -> ir.Table:
    """Make a column of each rule's tag; groupings are columns already."""
    ruled = tags.filter(tags.rule != tags.tag)
    names = ruled.select("tag").distinct().order_by("tag").to_pyarrow()["tag"].to_pylist()
    return ruled.group_by("customer_id").agg(
        **{TAG + name: ruled["value"].max(where=ruled.tag == name) for name in names}
    )


def _beside(found: ir.Table, table: ir.Table) -> ir.Table:
    new = [name for name in table.columns if name not in found.columns]
    if not new:
        return found
    return found.left_join(table.select("customer_id", *new), "customer_id").drop(
        "customer_id_right"
    )


def _ordered(columns: Sequence[str]) -> list[str]:
    first = [name for name in FIRST if name in columns]
    return first + [name for name in columns if name not in first]


def _file_name(name: str) -> str:
    """Return a name a file can have anywhere; one that had to be changed ends in its own hash.

    Examples
    --------
    >>> _file_name("champions"), _file_name("../x")
    ('champions', 'x-d6b96a97')
    """
    plain = re.sub("[^A-Za-z0-9_]+", "-", name).strip("-")[:LONGEST_NAME]
    if plain and plain == name:
        return name
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")
