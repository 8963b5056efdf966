"""An action among customers who had left, whose effect is planted."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import table_of
from regulars.measures.examples import purchases_of
from regulars.parameters.forecasts import WinBack

START = date(2024, 6, 1)


@dataclass(frozen=True)
class Planted:
    """Purchases, the tables of campaigns, and the rules they are judged by."""

    purchases: ir.Table
    tables: dict[str, ir.Table]
    rules: WinBack


def planted(
    seed: int, *, customers: int = 1500, rate: float = 0.1, lift: float = 0.0, control: float = 0.3
) -> Planted:
    """Make customers who all had left before the action, and return by chance in its 90 days."""
    rng = np.random.default_rng(seed)
    treated = rng.random(customers) >= control
    back = rng.random(customers) < rate * (1 + lift * treated)
    days = START + np.array([timedelta(days=int(day)) for day in rng.integers(0, 90, customers)])
    names = [f"c{place:05d}" for place in range(customers)]
    before = [(one, day, 20) for one in names for day in ("2023-01-05", "2023-02-05")]
    after = [(names[place], days[place], 50) for place in np.flatnonzero(back)]
    contacts = pd.DataFrame(
        {
            "campaign_id": "W1",
            "customer_id": names,
            "arm": np.where(treated, "treated", "control"),
            "contacted_at": pd.Series(
                np.where(treated, np.datetime64(START), None), dtype="M8[us]"
            ),
        }
    )
    return Planted(
        purchases_of([*before, *after]),
        {"campaigns": campaigns(), "campaign_contacts": table_of(contacts)},
        WinBack(contact_cost=1.0, offer_cost=5.0),
    )


def campaigns(**changed: object) -> ir.Table:
    """Return one campaign that was to win customers back."""
    about = {
        "campaign_id": "W1",
        "name": "Come back",
        "starts_on": START,
        "goal": "Reactivate ",
        "cost": 1500.0,
    }
    return table_of(pd.DataFrame([about | changed]))
