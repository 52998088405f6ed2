"""What the rows say of facts that are known in part: decided, or open and on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.law.rank import LAST, RANKED
from actions.law.row import Row
from actions.law.rows_c import ANYWHERE

# Flags that may still come, and the paths on which that depends.
Possible = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class State:
    """The rows evaluated.

    Attributes:
        row: The winning row, or None while a row of higher rank is open or none holds.
        flags: The flags that are certain.
        open: Paths on which what is not decided depends; empty when all is decided.
    """

    row: Row | None
    flags: frozenset[str]
    open: frozenset[str]

    @property
    def result(self) -> tuple[str | None, frozenset[str]]:
        """What may differ between two situations: the row and the flags."""
        return (self.row.id if self.row else None, self.flags)


def evaluate(facts: Mapping[str, Any]) -> State:
    """Evaluate all rows over flat facts (path to value; absent is not known)."""
    flags: set[str] = set()
    maybe: list[Possible] = []
    rivals: set[str] = set()
    contested = False
    winner: Row | None = None
    others_open = False
    possible: list[Row] = []
    for row in RANKED:
        truth = row.when.holds(facts)
        if truth is not False and winner is None:
            possible.append(row)
        if row.id in LAST:
            if winner is not None:
                break
            if truth is False:
                continue
            if others_open:
                contested = True
                rivals |= row.when.open(facts)
                maybe.append((frozenset(row.flags), row.when.open(facts)))
                continue
        if truth is False:
            continue
        if truth is None:
            others_open = True
            if winner is None:
                contested = True
                rivals |= row.when.open(facts)
            _consider(row, facts, maybe)
            continue
        if winner is None:
            winner = row
        _collect(row, facts, flags, maybe)
    for rule in ANYWHERE:
        truth = rule.when.holds(facts)
        if truth:
            flags |= set(rule.flags)
        elif truth is None:
            maybe.append((frozenset(rule.flags), rule.when.open(facts)))
    if winner is not None or others_open:
        flags |= _of_all(possible)
    for flags_possible, paths in maybe:
        if flags_possible - flags:
            rivals |= paths
    return State(None if contested else winner, frozenset(flags), frozenset(rivals))


def _of_all(rows: list[Row]) -> frozenset[str]:
    """The flags that come whichever of these rows wins."""
    return frozenset.intersection(*(frozenset(row.flags) for row in rows)) if rows else frozenset()


def _consider(row: Row, facts: Mapping[str, Any], maybe: list[Possible]) -> None:
    open_paths = row.when.open(facts)
    if row.flags:
        maybe.append((frozenset(row.flags), open_paths))
    for flag, when in row.sometimes:
        if when.holds(facts) is not False:
            maybe.append((frozenset({flag}), open_paths | when.open(facts)))


def _collect(row: Row, facts: Mapping[str, Any], flags: set[str], maybe: list[Possible]) -> None:
    flags.update(row.flags)
    for flag, when in row.sometimes:
        truth = when.holds(facts)
        if truth:
            flags.add(flag)
        elif truth is None:
            maybe.append((frozenset({flag}), when.open(facts)))
