"""How long contracts last, and what they are worth (12_contracts)."""

from regulars.data.catalogue.model import Definition

__all__ = ["CONTRACTS"]

KEPT = "Kaplan-Meier; contracts that have not come so far count as long as they were watched."
FITTED = "Of the shifted beta-geometric model, by maximum likelihood on all contracts"
PARAMETERS = "the interval holds how unsure the parameters are, and not what chance will do."
MONEY = "fees, or margin where costs say what part of them it is"

CONTRACTS = {
    "contracts.known": Definition("Contracts", "contracts", "Contracts begun by as_of."),
    "contracts.running": Definition(
        "Running contracts", "contracts", "Contracts begun by as_of that had not ended by then."
    ),
    "contracts.mrr": Definition(
        "Monthly recurring fees",
        "money",
        "Sum of the monthly fees of the running contracts whose fee is known, at as_of.",
    ),
    "contracts.retention.<plan>": Definition(
        "Last a year: {plan}",
        "share",
        f"Share of the plan's contracts that come through twelve months of renewals: {KEPT}",
    ),
    "contracts.median_life.<plan>": Definition(
        "Half have ended: {plan}",
        "periods",
        f"Renewal periods after which half of the plan's contracts have ended: {KEPT}",
    ),
    "contracts.ended_share_12": Definition(
        "Ended within a year",
        "share",
        f"Share of all contracts that end within twelve months of renewals: {KEPT}",
    ),
    "contracts.alpha": Definition("α", "parameter", f"{FITTED}; per renewal period."),
    "contracts.beta": Definition("β", "parameter", f"{FITTED}; per renewal period."),
    "contracts.survival_<periods>": Definition(
        "Last {periods}",
        "share",
        f"Share of new contracts that come through so many renewals. {FITTED}; {PARAMETERS}",
    ),
    "contracts.survival_<periods>.<plan>": Definition(
        "Last {periods}: {plan}",
        "share",
        f"The same of a plan, where plans have curves of their own; {PARAMETERS}",
    ),
    "contracts.log_score_lead": Definition(
        "Lead over a constant rate",
        "log score",
        "Mean difference, a contract, of the logarithms of the probabilities that the best model "
        "and the best plain rule gave to the renewals of the days held back.",
    ),
    "contracts.holdout_predicted": Definition(
        "Contracts expected to end",
        "contracts",
        "Of those with a renewal in the days held back, by the best model fitted before; the "
        "interval holds how unsure the parameters are, and chance.",
    ),
    "contracts.holdout_actual": Definition(
        "Contracts that ended", "contracts", "Of those with a renewal in the days held back."
    ),
    "contracts.value_new.<plan>": Definition(
        "Value of a new contract: {plan}",
        "money",
        f"Expected {MONEY}, of a new contract over the horizon, each discounted to its beginning, "
        f"at the mean fee of the plan's running contracts; {PARAMETERS}",
    ),
    "contracts.value_base": Definition(
        "Value of the running contracts",
        "money",
        f"Expected {MONEY}, of the running contracts from their next renewal on, over the horizon, "
        f"discounted to as_of; {PARAMETERS}",
    ),
}
