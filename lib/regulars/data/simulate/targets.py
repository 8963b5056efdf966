"""Targets: what the shop wanted to reach each month, a little off what it did reach."""

import numpy as np
import pyarrow as pa

from regulars.data.simulate.company import LAST_DAY, Company

__all__ = ["targets_table"]

SPREAD = 0.06
STRETCH = 1.02
NPS_FROM, NPS_TO = 20, 35
OWNERS = {"revenue": "sales", "new_customers": "marketing", "nps": "service"}


def targets_table(company: Company, revenue: np.ndarray, new_customers: np.ndarray) -> pa.Table:
    """Return the rows of the table of targets, one a month and metric.

    Revenue (EUR) and new customers are set near what the company really reached, so these two,
    alone among all figures, change when the number of customers does.

    Parameters
    ----------
    company : Company
        Its calendar and stream of chance.
    revenue, new_customers : array
        What was reached in each month, in cents and in customers.

    Examples
    --------
    >>> company = Company(seed=7, years=1)
    >>> targets_table(company, np.full(12, 1e6), np.full(12, 40)).num_rows
    36
    """
    rng = company.stream("targets")
    months = len(company.months) - 1
    stretch = STRETCH + SPREAD * rng.normal(size=(2, months))
    wanted = {
        "revenue": [
            f"{round(cents / 100 * s, -2):.2f}"
            for cents, s in zip(revenue, stretch[0], strict=True)
        ],
        "new_customers": [
            str(round(n * s)) for n, s in zip(new_customers, stretch[1], strict=True)
        ],
        "nps": [str(round(one)) for one in np.linspace(NPS_FROM, NPS_TO, months)],
    }
    first = (LAST_DAY + 1).astype("datetime64[M]") - months
    periods = np.datetime_as_string(first + np.arange(months)).tolist()
    rows = [
        (period, metric, wanted[metric][k], owner)
        for k, period in enumerate(periods)
        for metric, owner in OWNERS.items()
    ]
    columns = zip(*rows, strict=True)
    return pa.table(dict(zip(("period", "metric", "target", "owner"), columns, strict=True)))
