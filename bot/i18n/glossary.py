"""The glossary: how the terms of the law are rendered in each language.

`locales/GLOSSARY.md` is for people first: one table a language, under its tag as a heading.
Renderings are parted by `;`. In a rendering `*` stands for any ending, and in the column
"never" stand words that mean something else in law.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.i18n.isolation import without_isolates

FILE = "GLOSSARY.md"
_HEADING = re.compile(r"^## .*\(`([\w-]+)`\)\s*$")
_COLUMNS = 3


@dataclass(frozen=True)
class Term:
    """A term: its English forms, the renderings agreed on, and the words never to be used."""

    english: tuple[str, ...]
    renderings: tuple[str, ...]
    never: tuple[str, ...]

    def is_in(self, english: str) -> bool:
        """Tell whether an English sentence speaks of it."""
        return any(_stands_in(form, plain(english)) for form in self.english)

    def is_rendered(self, text: str) -> bool:
        """Tell whether a translation has one of the renderings."""
        return any(_stands_in(form, plain(text)) for form in self.renderings)

    def wrong_words(self, text: str) -> list[str]:
        """Give the words in a translation that are never to be used."""
        return [form for form in self.never if _stands_in(form, plain(text))]


def read_glossary(locales: Path, language: str) -> tuple[Term, ...]:
    """Read the terms of a language; none where the glossary has no table for it."""
    file = locales / FILE
    try:
        stamp = file.stat().st_mtime_ns
    except OSError:
        return ()
    return _tables(file, stamp).get(language, ())


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Fold case, accents, vowel signs and marks away, for comparing."""
    decomposed = unicodedata.normalize("NFKD", without_isolates(text).casefold())
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(kept.replace("\u2019", "'").replace("\u200c", " ").split())


@lru_cache(maxsize=4)
def _tables(file: Path, _: int) -> dict[str, tuple[Term, ...]]:
    tables: dict[str, list[Term]] = {}
    language = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        heading = _HEADING.match(line)
        if heading:
            language = heading[1]
        elif language and line.startswith("|"):
            tables.setdefault(language, []).extend(_terms(line))
    return {tag: tuple(terms) for tag, terms in tables.items()}


def _terms(line: str) -> Iterator[Term]:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    is_rule = set("".join(cells)) <= {"-", ":", " "}
    if len(cells) >= _COLUMNS and not is_rule and cells[0].lower() != "english":
        yield Term(*(_forms(cell) for cell in cells[:_COLUMNS]))


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(plain(form) for form in cell.split(";") if form.strip())


def _stands_in(form: str, text: str) -> bool:
    return _pattern(form).search(text) is not None


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    words: Sequence[str] = [re.escape(word).replace(r"\*", r"\w*") for word in form.split()]
    return re.compile(rf"(?<!\w){' +'.join(words)}(?!\w)")
