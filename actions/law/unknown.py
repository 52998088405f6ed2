"""What follows when a fact was asked twice and is still not known.

Its possible values are tried. If they all lead to one row, that row stands. If not, and no row
that is certain outranks them, a counsellor must look: the finding is a handoff that names the
fact (`dont_know:<path>`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from actions.law.conditions import DONT_KNOW
from actions.law.memory import kept
from actions.law.rank import ROWS
from actions.law.row import Row
from actions.law.schema import SCHEMA
from actions.law.state import Flags, State
from actions.law.told import OWN_CASE, Told

URGENT_PATHS = {
    "sponsor.age",
    "person.age",
    "person.age_at_asylum_application",
    "sponsor.turned_18",
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
    flags: Flags
    open: frozenset[str]
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Worlds:
    """All that the facts in doubt may turn out to be, as a tree; a leaf is one possibility.

    Attributes:
        rows: The rows that win in the worlds where all is decided.
        flags: The flags that all of these have; None if there are none.
        open: Absent facts on which the others depend.
        path: The fact in doubt whose values part the worlds here; None in a leaf.
        parts: The worlds of each of its values.
    """

    rows: frozenset[str | None]
    flags: Flags | None
    open: frozenset[str]
    path: str | None = None
    parts: tuple[Worlds, ...] = ()


@kept
def resolve(told: Told) -> Resolved:
    """Say what is certain; where facts are in doubt, over all their values."""
    view = told.view
    doubtful = tuple(p for p in SCHEMA if p in told.doubts - OWN_CASE and p in view.open)
    if not doubtful:
        absent = view.open - told.doubts
        return Resolved(None if absent else view.row, view.flags, absent)
    worlds = _worlds(told, doubtful)
    decided = _handed_over(told, doubtful, worlds) if len(worlds.rows) > 1 else None
    if decided is not None:
        return decided
    if worlds.open or worlds.flags is None:
        return Resolved(None, view.flags, worlds.open)
    (row,) = worlds.rows
    return Resolved(ROWS[row] if row else None, view.flags | worlds.flags, frozenset())


def handoff(doubt: str, child: bool, flags: Flags) -> tuple[Row, Flags]:
    """The row and the flags where a fact in doubt decides; `child`: the sponsor is under 18."""
    row = "A12" if doubt == "sponsor.status" else "C14" if child else "B24"
    return ROWS[row], flags | {"HANDOFF"} | ({"URGENT"} if doubt in URGENT_PATHS else set())


@kept
def _worlds(told: Told, doubtful: tuple[str, ...]) -> Worlds:
    """The worlds as far as the facts in doubt matter; absent facts stay absent."""
    view = told.view
    path = next((path for path in doubtful if path in view.open), None)
    if path is None:
        return _world(view, view.open - told.doubts)
    rest = tuple(other for other in doubtful if other != path)
    parts = tuple(_worlds(told.given(path, value), rest) for value in SCHEMA[path].classes)
    flags = [part.flags for part in parts if part.flags is not None]
    return Worlds(
        rows=frozenset().union(*(part.rows for part in parts)),
        flags=frozenset.intersection(*flags) if flags else None,
        open=frozenset().union(*(part.open for part in parts)),
        path=path,
        parts=parts,
    )


def _world(state: State, absent: frozenset[str]) -> Worlds:
    if absent:
        return Worlds(rows=frozenset(), flags=None, open=absent)
    row = state.row.id if state.row else None
    return Worlds(rows=frozenset({row}), flags=state.flags, open=absent)


def _handed_over(told: Told, doubtful: tuple[str, ...], worlds: Worlds) -> Resolved | None:
    """The handoff that names the fact in doubt; None while an absent fact may change it."""
    path = _deciding(doubtful, worlds)
    if path is None:
        return None
    row, flags = handoff(path, told.child, told.view.flags)
    common = worlds.flags or frozenset()
    if worlds.open and common - flags:
        return None
    return Resolved(row, flags | common, frozenset(), f"{DONT_KNOW}:{path}")


def _deciding(doubtful: tuple[str, ...], worlds: Worlds) -> str | None:
    """The first fact in doubt by which alone the row differs; None if that is still open."""
    if worlds.open:
        return doubtful[0] if _decides(worlds, doubtful[0]) else None
    return next((path for path in doubtful if _decides(worlds, path)), doubtful[0])


@kept
def _decides(worlds: Worlds, path: str) -> bool:
    """Whether somewhere the row differs by this fact alone."""
    if worlds.path == path:
        return any(_differ(*two) for two in combinations(worlds.parts, 2))
    return any(_decides(part, path) for part in worlds.parts)


@kept
def _differ(some: Worlds, others: Worlds) -> bool:
    """Whether the row differs between them where all other facts in doubt are the same."""
    if some is others or some.path != others.path:
        return False
    if some.path is None:
        return some.rows != others.rows and not (some.open or others.open)
    return any(_differ(*two) for two in zip(some.parts, others.parts, strict=True))
