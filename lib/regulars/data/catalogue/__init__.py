"""The catalogue of metrics: each number a page can show, with its label, unit and definition.

One place for what a number means, so that a page, the overview and ``metrics.json`` cannot differ.
A part in angle brackets stands for a group, such as a segment or a cohort. A file each notebook.
"""

from regulars.data.catalogue.base import BASE
from regulars.data.catalogue.churn import CHURN
from regulars.data.catalogue.clean import CLEAN
from regulars.data.catalogue.contracts import CONTRACTS
from regulars.data.catalogue.intake import INTAKE
from regulars.data.catalogue.loyalty import LOYALTY
from regulars.data.catalogue.model import Definition
from regulars.data.catalogue.segments import SEGMENTS
from regulars.data.catalogue.targets import TARGETS
from regulars.data.catalogue.value import VALUE
from regulars.data.catalogue.warnings import WARNINGS

__all__ = ["CATALOGUE", "Definition"]

CATALOGUE = {
    **INTAKE,
    **CLEAN,
    **BASE,
    **SEGMENTS,
    **LOYALTY,
    **CHURN,
    **VALUE,
    **WARNINGS,
    **CONTRACTS,
    **TARGETS,
}
