"""The glossary: the words of this workbook, each with one meaning."""

from html import escape

from regulars.show.output import publish

__all__ = ["WORDS", "show"]

WORDS = {
    "Accepted, merged, rejected": (
        "The three ends a row can have: kept; found to be the same as another; set aside with "
        "its reason."
    ),
    "Affinity": "How many times as often a group's orders hold a category as orders of the same size do.",
    "Age": "Days from a customer's first purchase day to the day we look.",
    "Age of a cohort": ("Months or quarters of the calendar since the one of the first purchase."),
    "As of": "The last day a report knows about. Nothing later is used.",
    "BG/NBD, MBG/NBD": (
        "Two models of how customers buy and leave. In the first nobody leaves before the "
        "second purchase day; in the second some leave after the first."
    ),
    "Calibration, holdout": (
        "The part of history models are fitted on, and the later part they are checked on."
    ),
    "Came back, left, stayed": (
        "By purchase days: in this period and long ago, but not in the one before; only in the one before; in both."
    ),
    "Cancellation": ("A line that takes a sale back as if it had never been; both are set aside."),
    "Cell": (
        "All customers with the same repeat days, recency age and age, which the models cannot "
        "tell apart."
    ),
    "Censored": "Not seen yet: we know that it takes longer than we have watched, and no more.",
    "Chance": "What would differ if other customers of the same kind had come.",
    "Class A, B, C": "The customers by what they bring, cut by value: A brings the first part of all value, B the next, C the rest.",
    "Cluster": "Customers alike among each other and unlike the rest, found without a rule of ours.",
    "Cohort": "All customers whose first purchase fell in the same month, or quarter.",
    "Complete, valid, consistent, unique": (
        "Filled; readable and within its rules; found in the table it points to; no repeat of another row."
    ),
    "Contract": "The list of tables, fields and rules that incoming data has to keep.",
    "Customer": "Whoever has at least one purchase day up to the day named as of.",
    "Customer pyramid": "The customers by what they bring, cut by places: a small top, a second and a third tier, and the rest.",
    "Cut point": "One of the four numbers that divide the base into fifths for a score.",
    "Decile": "A tenth of the customers, lined up by what they have spent.",
    "Direct identifier": (
        "What tells by itself who somebody is: a name, an address, a telephone or card number."
    ),
    "Effect": (
        "What one factor alone adds to a change, as the mean over all orders in which the factors can change."
    ),
    "Equal lines": (
        "Lines that agree in every column: separate purchases or one delivered twice, as the "
        "parameters say."
    ),
    "False discovery rate": "Of the findings claimed, the share expected to be chance; we keep it at 5 % or below.",
    "Fingerprint": "A short text made from a file (SHA-256): the same fingerprint, the same file.",
    "Flagged": ("Accepted, and counted because something about the row deserves a look."),
    "Gini coefficient": (
        "How uneven spend is: 0 if all spend alike, near 1 if one customer spends everything."
    ),
    "Good, not good, bad": "Grades by profit: from a stated share of spend on; between; below zero.",
    "Importance": "VIP, potential, ordinary or dormant, by weighted criteria, predicted value and stated rules.",
    "Index": "Orders of a group with a category, by those expected from orders of the same size; 1 is as often as all.",
    "Information quality": (
        "How much of what came can be relied on: complete, valid, consistent, unique, and how new it is."
    ),
    "Interval": (
        "The 95 % confidence interval: made this way, 95 of 100 such intervals hold the true value."
    ),
    "Kaplan–Meier": (
        "A way to estimate how long something takes when for some it has not happened yet."
    ),
    "Layer": ("The part of a month's spend that one cohort brings."),
    "Ledger": (
        "The account of all rows and money: what came in is what was accepted, merged and rejected."
    ),
    "Lift": "Orders with both things by what would fall together by chance; above 1 they are bought together.",
    "Lift of a pair": "How many times as often two things are bought together as by chance.",
    "Likes": "Buys a category more often than orders of the same size do, beyond chance.",
    "Log-likelihood": "How well a model fits what it has seen; nearer to zero is better.",
    "Lorenz curve": (
        "Spend by share of customers, those who spend least first: what share of all spend they"
        " bring."
    ),
    "Margin": ("Spend less what the goods cost."),
    "Mean absolute error (MAE)": (
        "The average distance between what was predicted and what happened."
    ),
    "n": "The number of cases a number rests on.",
    "New, returning": (
        "New in the month of the first purchase; returning in every later month with a purchase."
    ),
    "Order": "A distinct order number; where the files have none, a purchase day.",
    "Outlier": (
        "An amount far from the usual, told by the median so that it cannot hide itself. Flagged, never dropped."
    ),
    "P(alive)": "The probability of still being a customer, given a purchase model.",
    "Percentile": "The share of the customers compared who have less, and half of those who have as much.",
    "Period": (
        "The last so many days up to the day named as of, as the parameters say; before it lies one as long."
    ),
    "Portrait": "What a group is, brings, does and needs, what tells it from all others, and what we do for it.",
    "Predicted value": "What a customer is expected to spend in the next period, by a purchase model that has beaten the plain rules.",
    "Profit": "Margin less what serving cost: contacts, campaigns, handling of returns.",
    "Pseudonym": (
        "A name made from a customer id with a secret key: the same in all tables, and without the key no way back."
    ),
    "Purchase day": (
        "A calendar day on which a customer bought at least one thing. A return makes none."
    ),
    "Recency age": "Days from a customer's first to the last purchase day.",
    "Repeat days": "A customer's purchase days after the first.",
    "Repurchase rate": (
        "Of the customers who bought in a window, the share with two or more purchase days in it."
    ),
    "Retention cell": (
        "The share of a cohort who bought in the k-th calendar month after their first."
    ),
    "Return": "A line that gives money back. It lowers spend and makes no purchase day.",
    "RFM": "Days since the last purchase (R), orders (F) and spend (M), each scored from 1 to 5.",
    "Segment": (
        "A rectangle in the grid of R and F scores with a name, and what to do for its customers."
    ),
    "Set aside": ("Kept apart by a cleaning rule: part of the totals, and of no customer measure."),
    "Silent": "A customer who bought nothing in a period.",
    "Silhouette": "How much nearer customers are to their own group than to the next one: 1 is wholly, 0 not at all.",
    "Spend": "Money net of returns and discounts.",
    "Standard deviation": "The usual distance of customers from their mean; a scale on which days, money and shares can be compared.",
    "Tag": "A short statement about a customer, by a rule in the parameters.",
    "Volume, loyalty, contribution, fit of needs": "The criteria of importance: orders; share of months with a purchase; margin, else spend; share of our categories bought from, less what came back.",
    "Waterfall": ("A chart of what came in, what was taken away step by step, and what is left."),
    "Whale curve": "Profit added up from the most profitable customer on; above the whole where some cost more than they bring.",
    "Withheld": "Not shown, because it would mislead; the reason stands in its place.",
    "Zero amount": "A line that cost nothing, such as a gift. It is kept unless the parameters say otherwise.",
}
"""Each word with its meaning, in the order of the alphabet."""


def show() -> None:
    """Display the words with their meanings."""
    text = "\n".join(f"{word}: {meaning}" for word, meaning in WORDS.items())
    items = "".join(
        f"<li><strong>{escape(word)}</strong>: {escape(meaning)}</li>"
        for word, meaning in WORDS.items()
    )
    publish({"text/plain": text, "text/html": f"<ul>{items}</ul>"})
