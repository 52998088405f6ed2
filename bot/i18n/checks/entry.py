"""What a check looks at: one sentence in one language, in all its forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.i18n.glossary import Term
from bot.i18n.language import Language
from bot.i18n.sources import Sentence


@dataclass(frozen=True)
class Entry:
    """A sentence and its translation; for English, `forms` are the English texts themselves.

    `siblings` is how many choices stand beside this one in its response (0 where it is no choice);
    `listed` is true if any of them has a description. `plurals` is how many forms the catalog has
    for a sentence that counts, `terms` what the glossary says of the language.
    """

    sentence: Sentence
    language: Language
    forms: tuple[str, ...]
    fuzzy: bool
    file: str
    line: int
    siblings: int = 0
    listed: bool = False
    plurals: int = 2
    terms: tuple[Term, ...] = ()

    @property
    def is_source(self) -> bool:
        """Whether this is the English itself."""
        return self.file == self.sentence.file


class Check(Protocol):
    """A rule about translations."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """Say in plain words what is wrong with an entry, once per fault."""
        ...
