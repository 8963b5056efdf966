"""Cut points: where one score ends and the next begins, read from the base or given by hand."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandas as pd

from regulars.errors import ParameterError
from regulars.measures.engine import fetch

__all__ = ["base_cut_points", "cuts_below", "given_cut_points", "in_type", "order_statistics"]

BEYOND = 10**17  # steps of a column; no day, order or money comes near it, and 18 digits hold it


def base_cut_points(
    customers: ir.Table, measures: Iterable[str], *, bins: int
) -> dict[str, list[Any]]:
    """Find the cut points that divide the customers into `bins` equal parts, as far as ties let.

    The k-th cut point is the smallest value that at least k / bins of the customers do not exceed
    (definition 1 of Hyndman & Fan 1996, The American Statistician 50, 361-365). All measures are
    read in one pass over the customers.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        One row per customer, with the measures.
    measures : iterable of str
        Names of whole-number, decimal or float columns without missing values.
    bins : int
        How many parts.

    Returns
    -------
    dict of list
        Per measure its bins − 1 cut points in the column's own type; none without customers.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"orders": [1, 1, 2, 3, 9]}))
    >>> base_cut_points(customers, ["orders"], bins=5)
    {'orders': [1, 1, 2, 3]}
    """

    def places(n: Any) -> list:
        return [(n * cut + (bins - 1)) // bins for cut in range(1, bins)]  # rounded up

    found = order_statistics(customers, measures, places)
    return {name: list(values.values()) for name, values in found.items()}


def in_type(cut: Any, kind: dt.DataType, rounded: Callable[[Fraction], int]) -> ir.NumericValue:
    """Write a cut point in the type of a column, on the grid of the values that it can hold.

    Rounded down, ``value > cut`` says the same as before; rounded up, ``value >= cut`` does.

    Examples
    --------
    >>> in_type(2.5, dt.int64, math.floor).to_pyarrow().as_py()
    2
    """
    if not isinstance(kind, dt.Integer | dt.Decimal):
        return ibis.literal(float(cut), "float64")
    scale = kind.scale if isinstance(kind, dt.Decimal) else 0
    steps = rounded((cut if isinstance(cut, Fraction) else Fraction(str(cut))) * 10**scale)
    steps = max(min(steps, BEYOND), -BEYOND)
    if isinstance(kind, dt.Integer):
        return ibis.literal(steps, "int64")
    wide = dt.Decimal(max(kind.precision or 0, len(str(BEYOND))), scale)
    return ibis.literal(Decimal((steps < 0, tuple(map(int, str(abs(steps)))), -scale)), wide)


def order_statistics(
    customers: ir.Table, measures: Iterable[str], places: Callable[[Any], list]
) -> dict[str, dict[int, Any]]:
    """Read the values that stand at certain places once each measure is sorted, in one pass.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        One row per customer, with the measures.
    measures : iterable of str
        Names of columns without missing values.
    places : callable
        From the number of customers to the places wanted (1 is first), in whole numbers; it is
        asked once with a column and once with a number.

    Returns
    -------
    dict of dict
        Per measure the values by the number of the place wanted (0 is first), in the column's own
        type; places past the end are absent. Without customers nothing at all.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"orders": [7, 1, 5]}))
    >>> order_statistics(customers, ["orders"], lambda n: [1, n, n + 1])
    {'orders': {0: 1, 1: 7}}
    """
    names = list(measures)
    if not names:
        return {}
    ranks = {f"rank_of_{name}": ibis.row_number().over(order_by=name) + 1 for name in names}
    ranked = customers.select(*names, n=customers.count().over(), **ranks)
    wanted = [ranked[rank] == place for rank in ranks for place in places(ranked.n)]
    found = fetch(ranked.filter(ibis.or_(*wanted)))
    return {name: _at(places, found, name) for name in names} if len(found) else {}


def given_cut_points(
    cut_points: Mapping[str, Sequence[float] | None], *, known: Iterable[str], bins: int
) -> dict[str, list[float]]:
    """Check cut points given by hand, and leave out the measures for which there are none.

    Cut points may be equal, as those of a base with many ties are, but never fall.

    Raises
    ------
    ParameterError
        Naming the measure that is unknown, or whose cut points are too few, too many, no numbers
        or falling.

    Examples
    --------
    >>> given_cut_points({"orders": [1, 3], "spend": None}, known=["orders", "spend"], bins=3)
    {'orders': [1.0, 3.0]}
    """
    given = {name: cuts for name, cuts in cut_points.items() if cuts is not None}
    for name, cuts in given.items():
        _check(name, cuts, known=list(known), bins=bins)
    return {name: [float(cut) for cut in cuts] for name, cuts in given.items()}


def cuts_below(value: ir.NumericValue, cuts: Iterable[Any]) -> ir.NumericValue:
    """Count the cut points strictly below a value, without turning the value into a float.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> orders = table_of(pd.DataFrame({"orders": [1, 2, 3]})).orders
    >>> cuts_below(orders, [1.5, 2]).to_pyarrow().to_pylist()
    [0, 1, 2]
    """
    above = (value > in_type(cut, value.type(), math.floor) for cut in cuts)
    return sum((each.cast("int64") for each in above), start=ibis.literal(0, "int64"))


def _at(places: Callable[[Any], list], found: pd.DataFrame, name: str) -> dict[int, Any]:
    values = found.set_index(f"rank_of_{name}")[name].to_dict()
    wanted = places(int(found.n.iloc[0]))
    return {number: values[place] for number, place in enumerate(wanted) if place in values}


def _check(name: str, cuts: Sequence[float], *, known: list[str], bins: int) -> None:
    if name not in known:
        raise ParameterError(
            f"Cut points are given for {name!r}; expected one of {', '.join(known)}."
        )
    numbers = [isinstance(cut, int | float | Decimal) and math.isfinite(cut) for cut in cuts]
    if len(cuts) != bins - 1 or not all(numbers):
        raise ParameterError(
            f"Expected {bins - 1} numbers as cut points of {name} for {bins} scores, found "
            f"{list(cuts)}. Give one number between each score and the next."
        )
    if any(later < earlier for earlier, later in pairwise(cuts)):
        raise ParameterError(
            f"The cut points of {name} fall: {list(cuts)}. Give them from lowest to highest."
        )
