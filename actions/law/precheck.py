"""The finding for one person abroad: what the rule says, never a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.law.conditions import DONT_KNOW
from actions.law.derive import DATE, FROM_DATE, NO_WAY, derive, grow, today_of
from actions.law.memory import tidy
from actions.law.relevance import relevant
from actions.law.schema import ASKING_ORDER, SCHEMA, flatten
from actions.law.told import what_was_told
from actions.law.unknown import Resolved, resolve


@dataclass(frozen=True)
class Finding:
    """What the decision table says of one person.

    Attributes:
        row: The winning row, or None while facts are missing.
        outcome: Its outcome, or None.
        flags: The flags that are certain, sorted.
        facts: Ids of the facts that the row rests on.
        missing: Paths that could still change the finding, the next one to ask first.
        guidance: States of the documents that were told.
        reason: `dont_know:<path>` where a fact that is not known decides.
    """

    row: str | None
    outcome: str | None
    flags: tuple[str, ...]
    facts: tuple[str, ...]
    missing: tuple[str, ...]
    guidance: tuple[str, ...]
    reason: str | None = None

    def dump(self) -> dict[str, Any]:
        """The JSON object of the contract; `reason` only where there is one."""
        data: dict[str, Any] = {
            "row": self.row,
            "outcome": self.outcome,
            "flags": list(self.flags),
            "facts": list(self.facts),
            "missing": list(self.missing),
            "guidance": list(self.guidance),
        }
        return data | ({"reason": self.reason} if self.reason else {})


def precheck(facts: Mapping[str, Any]) -> Finding:
    """Say what the rule says of one person.

    Args:
        facts: The nested facts of the contract (docs/law.md); an absent key is not known yet.

    Returns:
        The finding. While a missing fact could still change it, row and outcome are None.

    Raises:
        FactsError: On an unknown key or value; the message is one clear line.
    """
    tidy()
    known = _known(facts)
    documents = tuple(known.pop("documents", ()))
    known |= {f"documents.{state}": state in documents for state in NO_WAY}
    resolved = resolve(what_was_told(known))
    missing = _missing(known, resolved.open) if resolved.open else ()
    if resolved.open and not missing:
        resolved = _complete(known)
    row = resolved.row
    if missing or row is None:
        return Finding(None, None, tuple(sorted(resolved.flags)), (), missing, documents)
    flags = tuple(sorted(resolved.flags))
    return Finding(row.id, row.outcome, flags, row.facts, (), documents, resolved.reason)


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    flat = flatten(facts)
    today = today_of(facts)
    return derive(grow(flat, facts.get("told_on", {}), today), today)


def _missing(known: Mapping[str, Any], open_paths: frozenset[str]) -> tuple[str, ...]:
    """The absent facts that matter, in the order of asking."""
    missing = {path for path in open_paths & relevant(known) if _askable(path, known)}
    if DATE not in known and any(_from_date(path, known, missing) for path in FROM_DATE):
        missing.add(DATE)
    return tuple(path for path in ASKING_ORDER if path in missing)


def _complete(known: Mapping[str, Any]) -> Resolved:
    """Resolve what is decided although some conditions are open: their facts do not matter."""
    told = what_was_told(known)
    resolved = resolve(told)
    while resolved.open:
        path = next(path for path in SCHEMA if path in resolved.open)
        told = told.given(path, SCHEMA[path].classes[0])
        resolved = resolve(told)
    return resolved


def _askable(path: str, known: Mapping[str, Any]) -> bool:
    """A refused visa is asked about only after an approval."""
    return path != "visa_refused" or known.get("application") == "approved"


def _from_date(path: str, known: Mapping[str, Any], missing: set[str]) -> bool:
    """Whether the date of the asylum application could tell a fact that matters."""
    if known.get(FROM_DATE[path]) == DONT_KNOW:
        return False
    if known.get(path) == DONT_KNOW:
        return path in relevant({name: v for name, v in known.items() if name != path})
    return path in missing
