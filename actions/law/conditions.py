"""Conditions over facts that may not be known yet.

A condition is true, false, or None: not decided by what is known. `dont_know` is a value like
any other in the facts; a condition on it is None, unless it names `dont_know` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

DONT_KNOW = "dont_know"
Facts = Mapping[str, Any]
Truth = bool | None
NOTHING: frozenset[str] = frozenset()


class Condition:
    """A condition; combine with `&`, `|` and `~`."""

    paths: frozenset[str] = frozenset()

    def holds(self, facts: Facts) -> Truth:
        """Whether it holds in these facts (path to value); None if they do not decide it."""
        raise NotImplementedError

    def open(self, facts: Facts) -> frozenset[str]:
        """The paths on which it still depends; empty once it is decided."""
        raise NotImplementedError

    def __and__(self, other: Condition) -> Condition:
        return All(self, other)

    def __or__(self, other: Condition) -> Condition:
        return Either(self, other)

    def __invert__(self) -> Condition:
        return Negation(self)


class Test(Condition):
    """One fact, tested."""

    def __init__(self, path: str, test: Callable[[Any], bool], dont_know: Truth = None) -> None:
        self.paths = frozenset({path})
        self._path = path
        self._test = test
        self._dont_know = dont_know

    def holds(self, facts: Facts) -> Truth:
        """Test the fact's value; its answer to `dont_know` is given, else None."""
        value = facts.get(self._path)
        if value is None:
            return None
        if value == DONT_KNOW:
            return self._dont_know
        return self._test(value)

    def open(self, facts: Facts) -> frozenset[str]:
        """The fact's path while it is not decided."""
        return self.paths if self.holds(facts) is None else NOTHING


class All(Condition):
    """Both hold."""

    _parts: tuple[Condition, ...]

    def __init__(self, *parts: Condition) -> None:
        self._parts = tuple(
            inner for part in parts for inner in (part._parts if isinstance(part, All) else (part,))
        )
        self.paths = frozenset().union(*(part.paths for part in parts))

    def holds(self, facts: Facts) -> Truth:
        """False as soon as one part is false, whatever else is not known."""
        known = True
        for part in self._parts:
            truth = part.holds(facts)
            if truth is False:
                return False
            known = known and truth is True
        return True if known else None

    def open(self, facts: Facts) -> frozenset[str]:
        """The open paths of its parts, unless one part already decides."""
        return NOTHING if self.holds(facts) is not None else _open(self._parts, facts)


class Either(Condition):
    """At least one holds."""

    _parts: tuple[Condition, ...]

    def __init__(self, *parts: Condition) -> None:
        self._parts = tuple(
            inner
            for part in parts
            for inner in (part._parts if isinstance(part, Either) else (part,))
        )
        self.paths = frozenset().union(*(part.paths for part in parts))

    def holds(self, facts: Facts) -> Truth:
        """True as soon as one part is true, whatever else is not known."""
        known = True
        for part in self._parts:
            truth = part.holds(facts)
            if truth is True:
                return True
            known = known and truth is False
        return False if known else None

    def open(self, facts: Facts) -> frozenset[str]:
        """The open paths of its parts, unless one part already decides."""
        return NOTHING if self.holds(facts) is not None else _open(self._parts, facts)


class Negation(Condition):
    """The other does not hold."""

    def __init__(self, part: Condition) -> None:
        self._part = part
        self.paths = part.paths

    def holds(self, facts: Facts) -> Truth:
        """The opposite; None stays None."""
        truth = self._part.holds(facts)
        return None if truth is None else not truth

    def open(self, facts: Facts) -> frozenset[str]:
        """The other's open paths."""
        return self._part.open(facts)


def _open(parts: tuple[Condition, ...], facts: Facts) -> frozenset[str]:
    return NOTHING.union(*(part.open(facts) for part in parts))


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
