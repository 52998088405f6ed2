"""What a row of the decision table is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from actions.law.conditions import Condition

CHECKED_ON = "2026-11-21"
RANGE = re.compile(r"^(F\d+)\.(\d+)-(\d+)$")


@dataclass(frozen=True)
class Row:
    """One row: a norm, when it holds, and what follows.

    Attributes:
        id: The row's name in the fact sheet, such as `B9`.
        norm: The norm in one sentence, for lawyers.
        when: The condition under which it holds.
        outcome: What it leads to (`ELIG`, `NOT_NAMED`, …).
        flags: Flags that it adds whenever it holds.
        sometimes: Flags that it adds under a further condition.
        sources: Ids of the facts it rests on; `F12.1-6` names a range.
        checked_on: ISO day on which a person last compared it with its sources.
    """

    id: str
    norm: str
    when: Condition
    outcome: str
    flags: tuple[str, ...] = ()
    sometimes: tuple[tuple[str, Condition], ...] = ()
    sources: tuple[str, ...] = ()
    checked_on: str = CHECKED_ON
    facts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", tuple(f for s in self.sources for f in _expand(s)))


@dataclass(frozen=True)
class FlagRule:
    """Flags that hold whatever the status, the place and the earlier application are."""

    norm: str
    when: Condition
    flags: tuple[str, ...]


def _expand(source: str) -> list[str]:
    match = RANGE.match(source)
    if not match:
        return [source]
    head, first, last = match.groups()
    return [f"{head}.{number}" for number in range(int(first), int(last) + 1)]
