"""What follows when a fact was asked twice and is still not known.

Its possible values are tried. If they all lead to one row, that row stands. If not, and no row
that is certain outranks them, a counsellor must look: the finding is a handoff that names the
fact (`dont_know:<path>`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from actions.law.conditions import DONT_KNOW
from actions.law.derive import settle
from actions.law.rank import ROWS
from actions.law.row import Row
from actions.law.schema import SCHEMA
from actions.law.state import State, evaluate

MOST_WORLDS = 500
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
    """Evaluate the facts; where some are not known, try their values."""
    state = evaluate(facts)
    doubtful = [path for path in _doubtful(facts) if path in state.open]
    absent = frozenset(path for path in state.open if path not in facts)
    if not doubtful:
        return Resolved(None if absent else state.row, state.flags, absent)
    worlds = list(islice(_worlds(dict(facts), doubtful), MOST_WORLDS))
    if len(worlds) == MOST_WORLDS and not absent:
        return _too_many(facts, state, doubtful[0])
    decided = [world for world in worlds if not world.open]
    if len({world.state.row for world in decided}) > 1:
        told = _told(facts, state, doubtful, worlds)
        if told is not None:
            return told
    absent = frozenset(path for world in worlds for path in world.open)
    if absent:
        return Resolved(None, state.flags, absent)
    flags = state.flags | _common(worlds)
    return Resolved(worlds[0].state.row, flags, frozenset())


def _too_many(facts: Mapping[str, Any], state: State, path: str) -> Resolved:
    """So much is in doubt that not all can be tried: a counsellor must look at it."""
    if state.row is not None:
        return Resolved(state.row, state.flags, frozenset())
    flags = state.flags | {"HANDOFF"} | ({"URGENT"} if path in URGENT_PATHS else set())
    return Resolved(_row(facts, path), flags, frozenset(), f"{DONT_KNOW}:{path}")


def _doubtful(facts: Mapping[str, Any]) -> list[str]:
    return [p for p in SCHEMA if facts.get(p) == DONT_KNOW and p not in OWN_CASE]


@dataclass(frozen=True)
class _World:
    """One possibility: values for the facts in doubt, and what the rows say then."""

    values: Mapping[str, Any]
    state: State
    open: frozenset[str]


def _worlds(facts: dict[str, Any], doubtful: list[str]) -> Iterator[_World]:
    """All values of the facts in doubt, as far as they matter; absent facts stay absent."""
    state = evaluate(facts)
    live = [path for path in doubtful if path in state.open]
    if not live:
        absent = frozenset(path for path in state.open if path not in facts)
        yield _World({path: facts[path] for path in facts}, state, absent)
        return
    rest = [path for path in doubtful if path != live[0]]
    for value in SCHEMA[live[0]].classes:
        yield from _worlds(settle({**facts, live[0]: value}), rest)


def _told(
    facts: Mapping[str, Any], state: State, doubtful: list[str], worlds: list[_World]
) -> Resolved | None:
    """The handoff that names the fact in doubt; None while an absent fact may change it."""
    path = _deciding(doubtful, worlds)
    if path is None:
        return None
    flags = state.flags | {"HANDOFF"} | ({"URGENT"} if path in URGENT_PATHS else set())
    most = _common([world for world in worlds if not world.open])
    if most - flags and any(world.open for world in worlds):
        return None
    return Resolved(_row(facts, path), flags | most, frozenset(), f"{DONT_KNOW}:{path}")


def _deciding(doubtful: list[str], worlds: list[_World]) -> str | None:
    """The first fact in doubt by which alone the row differs; None if that is still open."""
    for path in doubtful:
        rows: dict[frozenset[tuple[str, Any]], set[str | None]] = {}
        open_group = False
        for world in worlds:
            others = frozenset((name, world.values[name]) for name in doubtful if name != path)
            if world.open:
                open_group = True
            else:
                row = world.state.row
                rows.setdefault(others, set()).add(row.id if row else None)
        if any(len(found) > 1 for found in rows.values()):
            return path
        if open_group:
            return None
    return doubtful[0]


def _common(worlds: list[_World]) -> frozenset[str]:
    """The flags of all these worlds."""
    return frozenset.intersection(*(world.state.flags for world in worlds))


def _row(facts: Mapping[str, Any], path: str) -> Row:
    if path == "sponsor.status":
        return ROWS["A12"]
    age = facts.get("sponsor.age")
    return ROWS["C14"] if isinstance(age, int) and age < 18 else ROWS["B24"]
