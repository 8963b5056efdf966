"""Small frames of forecasts, warnings, win-back and contracts, from which their charts are drawn."""

import numpy as np
import pandas as pd

CONTEST = pd.DataFrame(
    {
        "name": ["always_zero", "all_alike", "mbg_nbd", "nobody_leaves"],
        "gain": [np.nan, -0.09, 0.08, 0.0],
        "gain_low": [np.nan, -0.13, 0.05, 0.0],
        "gain_high": [np.nan, -0.06, 0.11, 0.0],
    }
)
STEPS = np.arange(21) / 20
PURCHASES_REACHED = pd.DataFrame(
    {
        "name": ["mbg_nbd"] * 21 + ["past_rate"] * 21,
        "customers_share": np.tile(STEPS, 2),
        "purchases_share": np.r_[STEPS**0.3, STEPS**0.5],
    }
)
SILENT_REACHED = pd.DataFrame(
    {
        "name": ["p_value"] * 3 + ["days_since_last"] * 3,
        "customers_share": [0, 0.25, 0.5] * 2,
        "silent_share": [0, 0.5, 0.7, 0, 0.4, 0.8],
    }
)

TENTHS = pd.DataFrame(
    {
        "tenth": [1, 5, 10],
        "customers": [240, None, 236],
        "predicted_chance": [0.10, np.nan, 0.74],
        "bought": [0.18, np.nan, 0.81],
        "low": [0.14, np.nan, 0.76],
        "high": [0.24, np.nan, 0.86],
        "hidden": [False, True, False],
    }
)
TENTHS_OF_MODELS = pd.DataFrame(
    {
        "name": ["mbg_nbd"] * 3 + ["supervised"] * 2,
        "tenth": [1, 5, 10, 1, 10],
        "customers": [None, 100, 100, 150, 150],
        "predicted_chance": [np.nan, 0.4, 0.8, 0.1, 0.7],
        "bought": [np.nan, 0.5, 0.7, 0.1, 0.7],
        "low": [np.nan, 0.4, 0.6, 0.05, 0.6],
        "high": [np.nan, 0.6, 0.8, 0.2, 0.8],
        "hidden": [True, False, False, False, False],
    }
)
WINDOWS = pd.DataFrame(
    {
        "repeat_days": [5, 1],
        "recency_age": [372, 111],
        "age": [495, 1611],
        "next_from": [10, 21],
        "next_median": [67, 125],
        "next_until": [221, 300],
        "chance": [0.68, 0.004],
    }
)
LIFE = pd.DataFrame(
    {
        "day": [0, 1, 2, 3],
        "p_alive": [0.6, 0.5, 0.8, 0.7],
        "low": [0.5, 0.4, 0.7, 0.6],
        "high": [0.7, 0.6, 0.9, 0.8],
        "purchase": [True, False, True, False],
    }
)
IMPORTANCE = pd.DataFrame(
    {
        "feature": ["repeat_days", "last_score", "contacts"],
        "importance": [0.25, 0.006, -0.001],
        "low": [0.23, 0.001, -0.003],
        "high": [0.27, 0.011, 0.001],
        "customers": 3457,
    }
)

VALUE_GROUPS = pd.DataFrame(
    {
        "segment": ["new", "champions", "at_risk"],
        "value": [400.0, 900.0, None],
        "low": [300.0, 800.0, None],
        "high": [500.0, 1000.0, None],
        "value_share": [0.3, 0.65, None],
        "hidden": [False, False, True],
    }
)
VALUE_MOVES = pd.DataFrame(
    {
        "assumption": ["discount", "discount", "margin", "model"],
        "changed_to": ["0", "0.2", "0.8", "bg_nbd"],
        "value": [120.0, 90.0, 80.0, 100.0],
        "share": [1.2, 0.9, 0.8, 1.0],
    }
)
VALUE_TENTHS = pd.DataFrame({"decile": [2, 1], "customers": [10, 10], "value_share": [0.2, 0.8]})
NEWCOMER = pd.DataFrame(
    {
        "day": [0.0, 500, 1095],
        "value": [30.0, 90, 120],
        "low": [28.0, 80, 100],
        "high": [32.0, 99, 140],
    }
)

LISTS = pd.DataFrame(
    {
        "list": ["warned", "new_warning", "silent_rule", "everybody"],
        "customers": pd.array([226, pd.NA, 602, 1599], "Int64"),
        "share": [0.76, np.nan, 0.67, 0.4],
        "low": [0.7, np.nan, 0.63, 0.38],
        "high": [0.81, np.nan, 0.7, 0.42],
        "hidden": [False, True, False, False],
    }
)
REASONS = pd.DataFrame(
    {
        "reason": ["open_complaint", "low_score"],
        "share": [0.12, np.nan],
        "low": [0.08, np.nan],
        "high": [0.17, np.nan],
        "others_share": [0.06, np.nan],
        "others_low": [0.05, np.nan],
        "others_high": [0.08, np.nan],
        "hidden": [False, True],
    }
)

RETURNS = pd.DataFrame(
    {
        "silence": ["91 to 180 days", "over 360 days", "all"],
        "customers": pd.array([None, 1433, 1675], "Int64"),
        "rate": [np.nan, 0.03, 0.05],
        "low": [np.nan, 0.02, 0.04],
        "high": [np.nan, 0.04, 0.06],
        "predicted": [np.nan, 0.036, 0.046],
        "hidden": [True, False, False],
    }
)
WORTH = pd.DataFrame(
    {
        "silence": ["91 to 180 days", "over 360 days"],
        "value": ["low", "high"],
        "p_return": [0.2, 0.03],
        "break_even": [0.01, 0.02],
        "uplift": [-0.02, -0.005],
    }
)
ARMS = pd.DataFrame(
    {
        "group": ["everybody"] * 2 + ["had_left"] * 2,
        "arm": ["treated", "control"] * 2,
        "customers": pd.array([1189, 513, None, None], "Int64"),
        "rate": [0.28, 0.27, np.nan, np.nan],
        "low": [0.25, 0.24, np.nan, np.nan],
        "high": [0.31, 0.31, np.nan, np.nan],
        "hidden": [False, False, True, True],
    }
)

CONTRACTS = pd.DataFrame(
    [
        ("plus", 0, 1.0, 1.0, 1.0, 60),
        ("plus", 1, 0.8, 0.7, 0.9, 60),
        ("plus", 2, 0.7, 0.6, 0.8, 40),
        ("basic", 0, 1.0, 1.0, 1.0, 200),
        ("basic", 1, 0.7, 0.65, 0.75, 190),
        ("basic", 2, 0.5, 0.42, 0.58, 90),
        ("basic", 3, 0.4, 0.3, 0.5, 9),
    ],
    columns=["plan", "period", "survived", "low", "high", "at_risk"],
)
RENEWALS = pd.DataFrame(
    {
        "period_from": [1, 2, 4],
        "period_to": [1, 3, 12],
        "due": [300, 420, 500],
        "rate": [0.8, 0.88, 0.95],
        "low": [0.75, 0.84, 0.93],
        "high": [0.84, 0.91, 0.97],
        "predicted": [0.82, 0.88, 0.94],
        "predicted_low": [0.79, 0.86, 0.92],
        "predicted_high": [0.85, 0.9, 0.96],
    }
)
AHEAD = pd.DataFrame(
    {
        "plan": "all plans",
        "period": [0, 1, 2],
        "survived": [1, 0.8, 0.7],
        "low": [1, 0.7, 0.6],
        "high": [1, 0.9, 0.8],
    }
)
RATIOS = pd.DataFrame(
    {
        "driver": ["plan", "region", "bought_before"],
        "level": ["plus", "south", "yes"],
        "against": ["basic", "north", "no"],
        "hazard_ratio": [0.5, 1.2, 1.0],
        "low": [0.4, 0.8, 0.7],
        "high": [0.65, 1.8, 1.4],
        "p_holm": [0.001, 0.6, 1.0],
    }
)


def seen(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the hidden rows, and that any were."""
    return frame[~frame["hidden"]].drop(columns="hidden").reset_index(drop=True)
