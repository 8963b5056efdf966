"""The contract: which tables there are, which fields each has, and the rules a row must pass.

Adding a field or a rule is adding a line to the table's file in this package.
"""

from regulars.data.contract.business import CAMPAIGN_CONTACTS, CAMPAIGNS, OPPORTUNITIES, TARGETS
from regulars.data.contract.contacts import INTERACTIONS, SURVEYS
from regulars.data.contract.model import Field, Rule, Table, Waiting
from regulars.data.contract.people import CUSTOMERS, SUBSCRIPTIONS
from regulars.data.contract.purchases import PURCHASES

__all__ = ["TABLES", "Field", "Rule", "Table", "Waiting"]

TABLES = {
    table.name: table
    for table in (
        PURCHASES,
        CUSTOMERS,
        SURVEYS,
        INTERACTIONS,
        CAMPAIGNS,
        CAMPAIGN_CONTACTS,
        OPPORTUNITIES,
        TARGETS,
        SUBSCRIPTIONS,
    )
}
"""The tables a workbook can have, by name."""
