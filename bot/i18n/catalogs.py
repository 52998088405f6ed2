"""The catalogs of translations, read from `locales/<language>/LC_MESSAGES/<name>.po`.

There are two: `impreuna` holds what people read, `desk` what staff reads, in fewer languages.

A translation counts only if somebody finished it: what is fuzzy or empty is not served, English is.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"
CATALOG_NAME, DESK_CATALOG = "impreuna", "desk"
UNREVIEWED = "unreviewed: machine"
"""The translator's comment on a sentence that no person has read."""
DEFAULT_LOCALES = Path(__file__).resolve().parents[2] / "locales"

Key = tuple[str | None, str]


class _Loaded(NamedTuple):
    mtime: int
    texts: dict[Key, str]
    plurals: dict[Key, tuple[str, ...]]
    plural_form: Callable[[int], int]
    unreviewed: bool


def catalog_file(locales: Path, language: str, name: str = CATALOG_NAME) -> Path:
    """Where the catalog of a language stands."""
    return locales / language / "LC_MESSAGES" / f"{name}.po"


def languages(locales: Path = DEFAULT_LOCALES, name: str = CATALOG_NAME) -> list[str]:
    """The languages that have a catalog, in alphabetical order."""
    if not locales.is_dir():
        return []
    folders = sorted(folder.name for folder in locales.iterdir())
    return [tag for tag in folders if catalog_file(locales, tag, name).is_file()]


class Catalogs:
    """All catalogs of a folder; a file that changed is read again at its next use.

    Args:
        locales: The folder.
        name: Which of the two catalogs.
    """

    def __init__(self, locales: Path = DEFAULT_LOCALES, name: str = CATALOG_NAME) -> None:
        self._locales = locales
        self._name = name
        self._loaded: dict[str, _Loaded] = {}

    def languages(self) -> list[str]:
        """The languages that have a catalog."""
        return languages(self._locales, self._name)

    def resolve(self, language: str | None) -> str:
        """The catalog that serves a language tag: `ar-EG` is served by `ar`, else English."""
        for tag in (language or "", (language or "").replace("_", "-").split("-")[0]):
            if tag.isascii() and tag.replace("-", "").replace("_", "").isalnum() and self._of(tag):
                return tag
        return SOURCE_LANGUAGE

    def is_unreviewed(self, language: str) -> bool:
        """Whether a language has sentences that a machine wrote and no person has read."""
        catalog = self._of(language)
        return catalog is not None and catalog.unreviewed

    def find(self, language: str, context: str | None, msgid: str) -> str | None:
        """The finished translation of a sentence, or None."""
        catalog = self._of(language)
        return catalog.texts.get((context, msgid)) if catalog else None

    def find_plural(self, language: str, context: str | None, one: str, count: int) -> str | None:
        """The finished form for a count of the sentence whose singular is `one`, or None."""
        catalog = self._of(language)
        forms = catalog.plurals.get((context, one)) if catalog else None
        if catalog is None or forms is None:
            return None
        return forms[min(catalog.plural_form(count), len(forms) - 1)]

    def _of(self, language: str) -> _Loaded | None:
        if not language:
            return None
        file = catalog_file(self._locales, language, self._name)
        try:
            mtime = file.stat().st_mtime_ns
        except OSError:
            return None
        known = self._loaded.get(language)
        if known is None or known.mtime != mtime:
            known = self._loaded[language] = _load(file, mtime)
        return known


class Translator:
    """One language of the catalogs, with gettext's own function names (pages use them)."""

    def __init__(self, catalogs: Catalogs, language: str) -> None:
        self._catalogs = catalogs
        self.language = catalogs.resolve(language)

    def gettext(self, msgid: str) -> str:
        """Translate a sentence that has no context."""
        return self._catalogs.find(self.language, None, msgid) or msgid

    def pgettext(self, context: str, msgid: str) -> str:
        """Translate a sentence of a context."""
        return self._catalogs.find(self.language, context, msgid) or msgid

    def npgettext(self, context: str, one: str, other: str, count: int) -> str:
        """Translate the form of a sentence that fits a count."""
        found = self._catalogs.find_plural(self.language, context, one, count)
        return found or (one if count == 1 else other)


@lru_cache(maxsize=4)
def _catalogs_of(locales: Path) -> Catalogs:
    return Catalogs(locales)


def translator(language: str, locales: Path = DEFAULT_LOCALES) -> Translator:
    """The translator of a language for pages; unknown languages get English."""
    return Translator(_catalogs_of(locales), language)


def _load(file: Path, mtime: int) -> _Loaded:
    with file.open("rb") as stream:
        catalog = read_po(stream)
    texts: dict[Key, str] = {}
    plurals: dict[Key, tuple[str, ...]] = {}
    unreviewed = any(UNREVIEWED in message.user_comments for message in catalog if message.id)
    for message in catalog:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, (list, tuple)):
            if message.string and all(message.string):
                plurals[(message.context, message.id[0])] = tuple(message.string)
        elif message.string:
            texts[(message.context, message.id)] = str(message.string)
    return _Loaded(mtime, texts, plurals, gettext.c2py(catalog.plural_expr), unreviewed)
