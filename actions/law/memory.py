"""What was found once is kept, up to a limit: what is left of the rows, never what was told."""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper, cache
from typing import Any, ParamSpec, TypeVar

# Some 0.6 kB each.
MOST_KEPT = 100_000
P = ParamSpec("P")
T = TypeVar("T")
_caches: list[_lru_cache_wrapper[Any]] = []


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function without effects gives, until `tidy` finds that it is too much."""
    wrapper = cache(function)
    _caches.append(wrapper)
    return wrapper  # type: ignore[return-value]


def amount() -> int:
    """How much is kept."""
    return sum(each.cache_info().currsize for each in _caches)


def tidy(most: int = MOST_KEPT) -> None:
    """Forget everything if more is kept than this; only where nobody holds a part of it."""
    if amount() > most:
        for each in _caches:
            each.cache_clear()
