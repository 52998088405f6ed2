"""What one person told, as far as the rows can tell it apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from actions.law.conditions import DONT_KNOW
from actions.law.derive import ADULT, follows
from actions.law.state import State, nothing_told

AGE = "sponsor.age"
# Rows and flags answer for these themselves: a value `dont_know` is one of their cases.
OWN_CASE = {
    "months_since_application",
    "sponsor.refusal_days",
    "person.in_origin_at_asylum_application",
    "sponsor.asylum_application",
}


class Told(NamedTuple):
    """Facts that were told.

    Attributes:
        state: How the rows stand; facts in doubt (`dont_know`) are left open in it.
        doubts: Facts in doubt on which something still depends.
        child: Whether the sponsor is known to be under 18; kept only where there are doubts.
    """

    state: State
    doubts: frozenset[str] = frozenset()
    child: bool = False

    @property
    def view(self) -> State:
        """How the rows stand if "not known" is an answer, as it is to some of them."""
        state = self.state
        for path in self.doubts:
            state = state.given(path, DONT_KNOW)
        return state

    @property
    def absent(self) -> frozenset[str]:
        """Facts on which something depends, and of which nothing was said."""
        return self.state.open - self.doubts

    def given(self, path: str, value: Any) -> Told:
        """With one more fact and what follows from it; a fact in doubt may be given, too."""
        state = self.state.given(path, value)
        certain = follows(value) if path == "application" else {}
        for name in certain.keys() - self.doubts:
            state = state.given(name, certain[name])
        child = value < ADULT if path == AGE and path not in self.doubts else self.child
        return _told(state, self.doubts - {path}, child)


def what_was_told(facts: Mapping[str, Any]) -> Told:
    """Read flat facts (path to value)."""
    state = nothing_told()
    doubts = {path for path, value in facts.items() if value == DONT_KNOW}
    for path, value in facts.items():
        if path not in doubts or path in OWN_CASE:
            state = state.given(path, value)
    age = facts.get(AGE)
    return _told(state, frozenset(doubts), isinstance(age, int) and age < ADULT)


def _told(state: State, doubts: frozenset[str], child: bool) -> Told:
    doubts &= state.open
    return Told(state, doubts, child and bool(doubts))
