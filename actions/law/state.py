"""How the rows stand once some facts are told: which can still win, which flags may still come.

A state is the table with everything taken away that cannot happen any more. Whatever was told to
reach it, the same rest is the same object, so what follows from it is found once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.law.conditions import FALSE, TRUE, Condition, Test, all_of
from actions.law.memory import kept
from actions.law.rank import LAST, RANKED, ROWS
from actions.law.row import Row
from actions.law.rows_c import ANYWHERE
from actions.law.schema import SCHEMA

Flags = frozenset[str]
Contender = tuple[str, Condition]
Extra = tuple[Flags, Condition]


class State:
    """The rows after some facts.

    Attributes:
        row: The winning row, or None while a row of higher rank is open or none holds.
        flags: The flags that are certain.
        open: Paths on which what is not decided depends; empty when all is decided.
    """

    def __init__(
        self, contenders: tuple[Contender, ...], extras: tuple[Extra, ...], flags: Flags
    ) -> None:
        self._contenders = contenders
        self._extras = extras
        won = contenders and contenders[0][1] is TRUE
        self.row: Row | None = ROWS[contenders[0][0]] if won else None
        self.flags = flags
        self.open: frozenset[str] = frozenset().union(
            *(when.paths for _, when in (*contenders, *extras))
        )

    @property
    def tests(self) -> frozenset[Test]:
        """All tests of single facts that are left."""
        conditions = (when for _, when in (*self._contenders, *self._extras))
        return frozenset(test for when in conditions for test in when.tests)

    def given(self, path: str, value: Any) -> State:
        """The state once this fact is told, too."""
        return _given(self, path, _class_of(path, value)) if path in self.open else self

    def reduced(self, path: str, value: Any) -> State:
        """The same, found anew."""
        return _reduced(
            [(row, when.given(path, value)) for row, when in self._contenders],
            [(flags, when.given(path, value)) for flags, when in self._extras],
            self.flags,
        )


@kept
def nothing_told() -> State:
    """The whole table."""
    extras: list[Extra] = [(frozenset(rule.flags), rule.when) for rule in ANYWHERE]
    for row in RANKED:
        if row.id not in LAST:
            extras.append((frozenset(row.flags), row.when))
            extras += [(frozenset({flag}), all_of(row.when, when)) for flag, when in row.sometimes]
    return _reduced([(row.id, row.when) for row in RANKED], extras, frozenset())


def _reduced(contenders: list[Contender], extras: list[Extra], flags: Flags) -> State:
    """Take away what cannot win any more, and flags that cannot come or are certain already."""
    possible = _possible(contenders)
    flags = flags.union(*(added for added, when in extras if when is TRUE))
    if possible:  # what all of them add comes whichever wins
        flags |= frozenset.intersection(*(frozenset(ROWS[row].flags) for row, _ in possible))
    coming = dict.fromkeys(e for e in extras if e[1] is not FALSE and not e[0] <= flags)
    return _state(possible, tuple(coming), flags)


def _possible(contenders: Iterable[Contender]) -> tuple[Contender, ...]:
    """Those that can still win, by rank: none below one that holds, the last ones only alone."""
    possible: list[Contender] = []
    for row, when in contenders:
        if when is not FALSE:
            possible.append((row, when))
        if when is TRUE and (row not in LAST or len(possible) == 1):
            break
    return tuple(possible)


@kept
def _state(contenders: tuple[Contender, ...], extras: tuple[Extra, ...], flags: Flags) -> State:
    return State(contenders, extras, flags)


@kept
def _given(state: State, path: str, value: Any) -> State:
    return state.reduced(path, value)


@kept
def _class_of(path: str, value: Any) -> Any:
    """The value that stands for all that the rows cannot tell from this one."""
    said = [(test, test.truth(value)) for test in nothing_told().tests if path in test.paths]
    for known in SCHEMA[path].classes if path in SCHEMA else ():
        if all(test.truth(known) is truth for test, truth in said):
            return known
    return value
