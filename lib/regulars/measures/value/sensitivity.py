"""Sensitivity: how far the value of the base hangs on what was assumed."""

import pandas as pd

from regulars.measures.value.book import Book
from regulars.measures.value.worth import cell_worth

__all__ = ["sensitivity", "value_moves"]

DISCOUNTS = (0.0, 0.10, 0.20)
MARGINS = {"less": 0.8, "value": 1.0, "more": 1.2}


def sensitivity(book: Book) -> pd.DataFrame:
    """Value the base by every model, at several discounts and with more or less margin.

    Parameters
    ----------
    book : Book
        Which is not withheld.

    Returns
    -------
    pandas.DataFrame
        A row per model and discount: name (the model; the one that speaks first), discount_rate
        (of a year), less, value, more (money: with 0.8, 1 and 1.2 times the margin). The discount
        of the parameters is among 0, .10 and .20.
    """
    speaking = book.fitted.model
    models = sorted(book.fits, key=lambda name: (name != speaking, name))
    rates = sorted({*DISCOUNTS, book.rules.discount_rate})
    rows = []
    for model in models:
        for rate in rates:
            ahead = {"horizon_days": book.rules.horizon_days, "discount_rate": rate}
            value = cell_worth(book.fits[model], book.money, book.cells, **ahead)["value"].sum()
            moved = {name: times * float(value) for name, times in MARGINS.items()}
            rows.append({"name": model, "discount_rate": rate, **moved})
    return pd.DataFrame(rows)


def value_moves(table: pd.DataFrame, *, discount_rate: float) -> pd.DataFrame:
    """Say how the value moves if one assumption is changed and all others stay.

    Parameters
    ----------
    table : pandas.DataFrame
        From `sensitivity`; its first row's model speaks.
    discount_rate : float
        Of the parameters.

    Returns
    -------
    pandas.DataFrame
        A row per changed assumption: assumption (discount, margin, model), changed_to (0 to 1,
        times, or the model's name, as text), value, share (of the value as it stands).

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["mbg_nbd"] * 2, "discount_rate": [0, .1],
    ...                       "less": [96, 80], "value": [120, 100], "more": [144, 120]})
    >>> value_moves(table, discount_rate=.1)[["assumption", "changed_to", "share"]].values.tolist()
    [['discount', '0', 1.2], ['margin', '0.8', 0.8], ['margin', '1.2', 1.2]]
    """
    speaking = table["name"].iloc[0]
    own = table[table["name"] == speaking].set_index("discount_rate")
    base = own.loc[discount_rate]
    rows = [("discount", f"{rate:g}", row["value"]) for rate, row in own.iterrows()]
    rows = [row for row in rows if row[1] != f"{discount_rate:g}"]
    rows += [("margin", f"{MARGINS[name]:g}", base[name]) for name in ("less", "more")]
    others = table[(table["name"] != speaking) & (table.discount_rate == discount_rate)]
    rows += [("model", one["name"], one["value"]) for _, one in others.iterrows()]
    found = pd.DataFrame(rows, columns=["assumption", "changed_to", "value"])
    return found.assign(share=found["value"] / base["value"])
