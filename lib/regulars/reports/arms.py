"""Arms: who of a list is left alone by lot, so that what an action does can be told."""

from dataclasses import replace

import ibis

from regulars.reports.listed import Wanted

__all__ = ["ARM", "with_arms"]

ARM = "arm"
DIGITS = 8  # of the hash, in base 16


def with_arms(found: Wanted, hold_out: float) -> Wanted:
    """Draw by lot who of a list is left alone, and say it in a column ``arm``.

    The lot is the MD5 of the list's name and the pseudonym: whoever is left alone once is left
    alone each time this list is made, and nobody can choose. Those left alone come last.

    Parameters
    ----------
    found : Wanted
        The list; a column ``arm`` of its own is dropped.
    hold_out : float
        Share to leave alone (above 0, below 1).

    Returns
    -------
    Wanted
        With ``arm`` (treated, control) behind the customer's id.
    """
    customers = found.customers
    drawn = (ibis.literal(f"{found.name} ") + customers.customer_id).hexdigest("md5")
    first = f"{int(hold_out * 16**DIGITS):0{DIGITS}x}"
    arm = ibis.ifelse(drawn.substr(0, DIGITS) < first, "control", "treated")
    rest = [name for name in customers.columns if name not in ("customer_id", ARM)]
    marked = customers.mutate(**{ARM: arm}).select("customer_id", ARM, *rest)
    return replace(found, customers=marked, by=(ARM, *found.by))
