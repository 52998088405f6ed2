"""What follows when a fact was asked twice and is still not known.

Its possible values are tried. If they all lead to one row, that row stands. If not, and no row
that is certain outranks them, a counsellor must look: the finding is a handoff that names the
fact (`dont_know:<path>`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actions.law.conditions import DONT_KNOW
from actions.law.rank import ROWS
from actions.law.row import Row
from actions.law.schema import SCHEMA
from actions.law.state import State, evaluate

URGENT_PATHS = {
    "sponsor.age",
    "person.age",
    "person.age_at_asylum_application",
    "sponsor.turned_18",
}
# Rows and flags answer for these themselves: a value `dont_know` is one of their cases.
OWN_CASE = {
    "months_since_application",
    "sponsor.refusal_days",
    "person.in_origin_at_asylum_application",
    "sponsor.asylum_application",
}


@dataclass(frozen=True)
class Resolved:
    """A state after `dont_know` was weighed.

    Attributes:
        row: The winning row; None while facts are missing.
        flags: Certain flags.
        open: Paths of absent facts that may matter.
        reason: The fact that is not known, if it decides.
    """

    row: Row | None
    flags: frozenset[str]
    open: frozenset[str]
    reason: str | None = None

    @property
    def result(self) -> tuple[str | None, frozenset[str], str | None]:
        """What may differ between two situations."""
        return (self.row.id if self.row else None, self.flags, self.reason)


def resolve(facts: Mapping[str, Any]) -> Resolved:
    """Evaluate the facts; try the values of those not known once nothing absent is open."""
    state = evaluate(facts)
    doubtful = [path for path in _doubtful(facts) if path in state.open]
    absent = frozenset(path for path in state.open if path not in facts)
    if absent or not doubtful:
        return Resolved(state.row if not absent else None, state.flags, absent)
    return _weigh(facts, state, doubtful)


def _doubtful(facts: Mapping[str, Any]) -> list[str]:
    return [p for p in SCHEMA if facts.get(p) == DONT_KNOW and p not in OWN_CASE]


def _weigh(facts: Mapping[str, Any], state: State, doubtful: list[str]) -> Resolved:
    worlds = list(_worlds(dict(facts), doubtful))
    absent = frozenset(path for world in worlds for path in world.open)
    if absent:
        return Resolved(None, state.flags, absent)
    certain = frozenset.intersection(*(world.flags for world in worlds))
    rows = {world.row.id for world in worlds if world.row}
    if len(rows) == 1:
        return Resolved(worlds[0].row, certain | state.flags, frozenset())
    path = next(p for p in doubtful if _decides(facts, p, doubtful))
    urgent = {"URGENT"} if path in URGENT_PATHS else set()
    flags = certain | state.flags | {"HANDOFF"} | urgent
    return Resolved(_row(facts, path), frozenset(flags), frozenset(), f"{DONT_KNOW}:{path}")


def _worlds(facts: dict[str, Any], doubtful: list[str]) -> Iterator[State]:
    """The decided states of all values of the facts in doubt, as far as they matter."""
    state = evaluate(facts)
    live = [path for path in doubtful if path in state.open]
    if not live:
        yield State(state.row, state.flags, frozenset(p for p in state.open if p not in facts))
        return
    rest = [path for path in doubtful if path != live[0]]
    for value in SCHEMA[live[0]].classes:
        yield from _worlds({**facts, live[0]: value}, rest)


def _decides(facts: Mapping[str, Any], path: str, doubtful: list[str]) -> bool:
    """Whether the row can differ by this fact alone, the others in doubt taking any value."""
    others = [name for name in doubtful if name != path]
    return _differs_by(dict(facts), path, others)


def _differs_by(facts: dict[str, Any], path: str, others: list[str]) -> bool:
    rows = [evaluate({**facts, path: value}) for value in SCHEMA[path].classes]
    live = [name for name in others if any(name in state.open for state in rows)]
    if not live:
        return len({state.row.id if state.row else None for state in rows}) > 1
    rest = [name for name in others if name != live[0]]
    return any(
        _differs_by({**facts, live[0]: value}, path, rest) for value in SCHEMA[live[0]].classes
    )


def _row(facts: Mapping[str, Any], path: str) -> Row:
    if path == "sponsor.status":
        return ROWS["A12"]
    age = facts.get("sponsor.age")
    return ROWS["C14"] if isinstance(age, int) and age < 18 else ROWS["B24"]
