"""Babel's locale data, read without keeping it.

`babel.Locale` keeps all data of every locale it ever opened: over 100 MB once the names of all
languages in themselves have been asked for. Here a file is opened, its part taken, and let go.
"""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any

from babel import localedata


def exists(identifier: str) -> bool:
    """Whether Babel knows a locale of that name."""
    return bool(localedata.exists(identifier))


@lru_cache(maxsize=1)
def identifiers() -> tuple[str, ...]:
    """All locales that Babel knows, sorted."""
    return tuple(sorted(localedata.locale_identifiers()))


def own_part(identifier: str, *keys: str) -> dict[Any, str]:
    """One part of a locale's own data, without what it inherits; empty if it has none.

    Args:
        identifier: A locale that exists, such as "ar_SY".
        keys: The way to the part, such as "months", "format", "wide".
    """
    # The package's own file, opened as Babel itself opens it.
    with open(localedata.resolve_locale_filename(identifier), "rb") as file:  # noqa: PTH123
        part: Any = pickle.load(file)  # noqa: S301
    for key in keys:
        part = part.get(key) if isinstance(part, dict) else None
    if not isinstance(part, dict):
        return {}
    return {key: value for key, value in part.items() if isinstance(value, str)}
