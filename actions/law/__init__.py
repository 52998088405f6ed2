"""The rules as code: what the Romanian rule says of a family member, and what is not known yet."""

from actions.law.precheck import Finding, precheck
from actions.law.rank import ROWS
from actions.law.row import Row
from actions.law.schema import ASKING_ORDER, SCHEMA, Fact, FactsError
from actions.law.sources import Source, sources

__all__ = [
    "ASKING_ORDER",
    "ROWS",
    "SCHEMA",
    "Fact",
    "FactsError",
    "Finding",
    "Row",
    "Source",
    "precheck",
    "sources",
]
