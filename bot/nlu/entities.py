"""Entities of a message: the lexicons of the languages it may be in, numbers, dates, durations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.nlu.blanks import ANY_LANGUAGE
from bot.nlu.calendars import calendar_of
from bot.nlu.dates import digit_marks
from bot.nlu.lexicon import by_language
from bot.nlu.marks import SKIPPED, Mark, longest
from bot.nlu.matcher import LanguageMatcher
from bot.nlu.names import SOURCE_LANGUAGE, standard_names
from bot.nlu.phrasebook import EMPTY, Phrasebook
from bot.nlu.quantities import combine
from bot.safety import Folded, Lookup


@dataclass(frozen=True)
class Reading:
    """What was read in a text: the words of its first language, and the marks of all of them.

    Attributes:
        words: Each word and where it starts.
        marks: The facts found.
    """

    words: list[tuple[str, int]]
    marks: list[Mark]


class EntityReader:
    """Reads texts by the phrasebooks of all languages, each made ready when first needed."""

    def __init__(self, books: Iterable[Phrasebook]) -> None:
        self._books = {book.language: book for book in (EMPTY, *books)}
        self._matchers: dict[str, LanguageMatcher] = {}

    @classmethod
    def of(cls, lookups: Iterable[Lookup], languages: Iterable[str]) -> EntityReader:
        """Make the phrasebooks of those languages and of all that the lexicons speak of.

        A language that nobody described, and a text in none, still has digits and countries.
        """
        lexicons = by_language(lookups)
        # The source language's own words for countries are written in every language.
        shared = [item for item in lexicons.get(SOURCE_LANGUAGE, []) if item.kind == "country"]
        return cls(
            Phrasebook.of(code, lexicons.get(code, []), [*shared, *standard_names(code)])
            for code in sorted({*languages, *lexicons, ANY_LANGUAGE})
        )

    def warm(self) -> None:
        """Make every language ready, so that nobody's first message waits."""
        for language in self._books:
            self.matcher(language)

    def matcher(self, language: str) -> LanguageMatcher:
        """The matcher of a language; one without a phrasebook has that of no language."""
        if language not in self._matchers:
            book = self._books.get(language) or self._books[ANY_LANGUAGE]
            self._matchers[language] = LanguageMatcher(book)
        return self._matchers[language]

    def read(self, folded: str, languages: Sequence[str]) -> Reading:
        """Read a folded text, taking it for each of those languages at once."""
        matchers = [self.matcher(code) for code in languages or (ANY_LANGUAGE,)]
        docs = [matcher.doc(folded) for matcher in matchers]
        found = [mark for matcher, doc in zip(matchers, docs, strict=True)
                 for mark in matcher.marks(doc)]  # fmt: skip
        marks = longest([*digit_marks(folded), *found])
        marks = [mark for mark in marks if (mark.entity, mark.value) != SKIPPED]
        joiners = frozenset().union(*(matcher.joiners for matcher in matchers))
        words = [(token.text, token.idx) for token in docs[0] if not token.is_space]
        return Reading(words, combine(marks, folded, joiners, calendar_of(languages)))

    def read_all(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """Read many folded texts that are in the same languages."""
        return [self.read(text, languages) for text in texts]

    def knowing(self, languages: Sequence[str]) -> EntityReader:
        """A reader of those languages alone, light enough to be sent to another process."""
        codes = {*languages, ANY_LANGUAGE}
        return EntityReader(book for code, book in self._books.items() if code in codes)

    def save(self, path: Path) -> None:
        """Store the phrasebooks as JSON: the model needs no data folder."""
        content = [asdict(book) for book in self._books.values()]
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, path: Path) -> EntityReader:
        """Read back what `save` stored."""
        return cls(Phrasebook(**book) for book in json.loads(path.read_text("utf-8")))


def as_entities(marks: Iterable[Mark], folded: Folded, text: str) -> list[dict[str, Any]]:
    """Marks as Rasa's entities, their places in the original text."""
    entities = []
    for mark in marks:
        start, end = folded.original(mark.start, mark.end)
        entities.append(
            {
                "entity": mark.entity,
                "value": mark.value,
                "start": start,
                "end": end,
                "text": text[start:end],
            }
        )
    return entities
