"""Work of training done in several processes, one for each processor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from joblib import Parallel, cpu_count, delayed

# From so many texts on, reading them takes longer than starting processes for it.
MANY_TEXTS = 20_000
Done = TypeVar("Done")


def in_parallel(
    work: Callable[..., Done], parts: Iterable[tuple[Any, ...]], *, worth: bool
) -> list[Done]:
    """Do the work for every part; what comes out is the same with any number of processes.

    Args:
        work: A function of a module that is quick to import: each process imports it anew.
        parts: Its arguments, one tuple a part.
        worth: Whether there is more to do than starting processes takes.

    Returns:
        What the work gave for each part, in their order.
    """
    if not worth:
        return [work(*part) for part in parts]
    done: list[Done] = Parallel(n_jobs=cpu_count())(delayed(work)(*part) for part in parts)
    return done
