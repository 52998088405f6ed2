"""Conditions over facts, and what is left of them once some facts are told.

What is left is `TRUE`, `FALSE`, or a smaller condition on the facts that are still open. A fact
that was asked twice and is not known (`dont_know`) leaves a condition on it open, unless the
condition says itself what that means.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

DONT_KNOW = "dont_know"
Truth = bool | None


class Condition:
    """A condition; combine with `&`, `|` and `~`. Equal ones that are left are the same object.

    Attributes:
        paths: The facts that it reads.
        tests: Its tests of single facts.
    """

    paths: frozenset[str] = frozenset()
    tests: tuple[Test, ...] = ()

    def given(self, path: str, value: Any) -> Condition:
        """What is left once this fact is told."""
        return _left(self, path, value) if path in self.paths else self

    def _given(self, path: str, value: Any) -> Condition:
        raise NotImplementedError

    def __and__(self, other: Condition) -> Condition:
        return all_of(self, other)

    def __or__(self, other: Condition) -> Condition:
        return ~all_of(~self, ~other)

    def __invert__(self) -> Condition:
        return _negation(self)


class Constant(Condition):
    """Decided."""


TRUE, FALSE = Constant(), Constant()


class Test(Condition):
    """One fact, tested."""

    def __init__(self, path: str, test: Callable[[Any], bool], dont_know: Truth = None) -> None:
        self.paths = frozenset({path})
        self.tests = (self,)
        self._test = test
        self._dont_know = dont_know

    def truth(self, value: Any) -> Truth:
        """Whether a value passes; its answer to `dont_know` was given, else it is None."""
        return self._dont_know if value == DONT_KNOW else self._test(value)

    def _given(self, path: str, value: Any) -> Condition:
        truth = self.truth(value)
        return self if truth is None else TRUE if truth else FALSE


class All(Condition):
    """All parts hold; made by `all_of`."""

    def __init__(self, parts: tuple[Condition, ...]) -> None:
        self.parts = parts
        self.paths = frozenset().union(*(part.paths for part in parts))
        self.tests = tuple(test for part in parts for test in part.tests)

    def _given(self, path: str, value: Any) -> Condition:
        return all_of(*(part.given(path, value) for part in self.parts))


class Negation(Condition):
    """The other does not hold; made by `~`."""

    def __init__(self, part: Condition) -> None:
        self.part = part
        self.paths, self.tests = part.paths, part.tests

    def _given(self, path: str, value: Any) -> Condition:
        return ~self.part.given(path, value)


def all_of(*parts: Condition) -> Condition:
    """All of these hold: `FALSE` as soon as one part is, whatever else is open."""
    flat: dict[Condition, None] = {}
    for part in parts:
        if part is FALSE:
            return FALSE
        if part is not TRUE:
            flat.update(dict.fromkeys(part.parts if isinstance(part, All) else (part,)))
    return _all(tuple(flat)) if len(flat) > 1 else next(iter(flat), TRUE)


@cache
def _left(condition: Condition, path: str, value: Any) -> Condition:
    return condition._given(path, value)


@cache
def _all(parts: tuple[Condition, ...]) -> Condition:
    return All(parts)


@cache
def _negation(part: Condition) -> Condition:
    if part is TRUE or part is FALSE:
        return FALSE if part is TRUE else TRUE
    return part.part if isinstance(part, Negation) else Negation(part)


def fact(path: str, *values: Any, dont_know: Truth = None) -> Condition:
    """The fact has one of these values; without values, it is true."""
    wanted = values or (True,)
    return Test(path, lambda value: value in wanted, dont_know)


def under(path: str, limit: int, dont_know: Truth = None) -> Condition:
    """The number is below the limit."""
    return Test(path, lambda value: value < limit, dont_know)


def at_least(path: str, limit: int, dont_know: Truth = None) -> Condition:
    """The number is the limit or more."""
    return Test(path, lambda value: value >= limit, dont_know)


def at_most(path: str, limit: int, dont_know: Truth = None) -> Condition:
    """The number is the limit or less."""
    return Test(path, lambda value: value <= limit, dont_know)
