"""Which facts that are not known could still change the finding.

A fact matters if there is one completion of everything else in which two of its values lead to
different results. All completions together make a decision diagram in which equal parts are the
same object and a fact that changes nothing is left out: what it still asks for matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.law.conditions import DONT_KNOW
from actions.law.derive import ADULT
from actions.law.memory import kept
from actions.law.schema import ASKING_ORDER, SCHEMA
from actions.law.state import Flags, State
from actions.law.told import AGE, Told, what_was_told
from actions.law.unknown import handoff

CONTEXT = {
    "months_since_application": "application",
    "visa_refused": "application",
    "sponsor.refusal_days": "sponsor.status",
    "person.place": "",
    "person.in_origin_at_asylum_application": "",
    "person.relation": "",
}
# The order within diagrams: what parts the tables first keeps them small.
_FIRST = (AGE, "sponsor.status", "person.place", "person.relation")
_ORDER = {path: number for number, path in enumerate(dict.fromkeys((*_FIRST, *ASKING_ORDER)))}
# The row, the flags, and the fact in doubt that decides.
Result = tuple[str | None, Flags, str | None]


class Diagram:
    """What the result is, by the values of the facts that are absent.

    Attributes:
        path: The first fact by which it differs; an empty string in a leaf.
        parts: What it is for each value of that fact.
        result: The result, in a leaf.
        paths: All facts by which it differs.
    """

    def __init__(self, path: str, parts: tuple[Diagram, ...], result: Result | None) -> None:
        self.path = path
        self.parts = parts
        self.result = result
        below = (part.paths for part in parts)
        self.paths: frozenset[str] = frozenset({path} if path else ()).union(*below)

    def at(self, path: str, place: int) -> Diagram:
        """What is left of it for one value of the fact that is decided next."""
        return self.parts[place] if self.path == path else self


def relevant(facts: Mapping[str, Any]) -> frozenset[str]:
    """The facts, absent from these, by which some completion of them differs.

    With one fact in doubt (`dont_know`) this is exact. Several count as not told, which may be
    one question too many: their diagrams grow too large.
    """
    told = what_was_told(facts)
    certain = {path: value for path, value in facts.items() if value != DONT_KNOW}
    if len(facts) - len(certain) > 1:
        paths = frozenset(
            path for path in relevant(certain) if facts.get(context_of(path)) != DONT_KNOW
        )
    else:
        paths = _diagram_of(told).paths
    return (paths & told.view.open) - facts.keys()


def context_of(path: str) -> str:
    """The fact without which a question makes no sense: no marriage of an unknown relation."""
    if path in CONTEXT:
        return CONTEXT[path]
    return "person.relation" if path.startswith("person.") else AGE


def _diagram_of(told: Told) -> Diagram:
    """The diagram of what was told, with one fact in doubt at most."""
    if not told.doubts:
        return _diagram(told.state)
    (doubt,) = told.doubts
    worlds = frozenset(_diagram(told.given(doubt, v).state) for v in SCHEMA[doubt].classes)
    return _in_doubt(worlds, None if AGE in told.absent else told.child, doubt)


@kept
def _diagram(state: State) -> Diagram:
    if not state.open:
        return _leaf((state.row.id if state.row else None, state.flags, None))
    path = _first(state.open)
    values = SCHEMA[path].classes
    return _parted(path, [_diagram(Told(state).given(path, value).state) for value in values])


@kept
def _in_doubt(worlds: frozenset[Diagram], child: bool | None, doubt: str) -> Diagram:
    """What the result is where each of these worlds may be the true one.

    Args:
        worlds: The diagrams of the values of the fact in doubt.
        child: Whether the sponsor is under 18; None while that is not told.
        doubt: The fact in doubt.
    """
    path = AGE if child is None else _first(world.path for world in worlds)
    if child is None or path:
        parts = []
        for place, value in enumerate(SCHEMA[path].classes):
            left = frozenset(world.at(path, place) for world in worlds)
            parts.append(_in_doubt(left, value < ADULT if path == AGE else child, doubt))
        return _parted(path, parts)
    results = [world.result for world in worlds if world.result]
    return _leaf(_weighed(results, child, doubt))


def _weighed(results: list[Result], child: bool, doubt: str) -> Result:
    flags = frozenset.intersection(*(flags for _, flags, _ in results))
    if len({row for row, _, _ in results}) == 1:
        return results[0][0], flags, None
    row, flags = handoff(doubt, child, flags)
    return row.id, flags, doubt


def _first(paths: Iterable[str]) -> str:
    return min((path for path in paths if path), key=_ORDER.__getitem__, default="")


def _parted(path: str, parts: list[Diagram]) -> Diagram:
    return parts[0] if len(set(parts)) == 1 else _branch(path, tuple(parts))


@kept
def _branch(path: str, parts: tuple[Diagram, ...]) -> Diagram:
    return Diagram(path, parts, None)


@kept
def _leaf(result: Result) -> Diagram:
    return Diagram("", (), result)
