"""Entities of a message: the lexicons of the languages it may be in, numbers, dates, durations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.blanks import ANY_LANGUAGE
from bot.nlu.calendars import calendar_of
from bot.nlu.dates import digit_marks
from bot.nlu.lexicon import by_language
from bot.nlu.marks import SKIPPED, Mark, longest
from bot.nlu.matcher import LanguageMatcher
from bot.nlu.names import SOURCE_LANGUAGE, standard_names
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
    """Reads texts with the lexicons of all languages, each made ready when it is first needed."""

    def __init__(self, lookups: Iterable[Lookup], languages: Iterable[str]) -> None:
        self._lookups = list(lookups)
        self._lexicons = by_language(self._lookups)
        self.languages = tuple(sorted({*languages, *self._lexicons}))
        self._matchers: dict[str, LanguageMatcher] = {}

    def warm(self) -> None:
        """Make every language ready, so that nobody's first message waits."""
        for language in self.languages:
            self.matcher(language)

    def matcher(self, language: str) -> LanguageMatcher:
        """The matcher of a language; one that nobody described still knows digits and countries."""
        if language not in self._matchers:
            lexicon = self._lexicons.get(language, [])
            names = [*self._shared(), *standard_names(language)]
            self._matchers[language] = LanguageMatcher(language, lexicon, names)
        return self._matchers[language]

    def _shared(self) -> list[Lookup]:
        """The source language's own words for countries: they are written in every language."""
        lexicon = self._lexicons.get(SOURCE_LANGUAGE, [])
        return [item for item in lexicon if item.kind == "country"]

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
        codes = {*languages, SOURCE_LANGUAGE}
        return EntityReader([one for one in self._lookups if one.language in codes], languages)

    def save(self, path: Path) -> None:
        """Store the lexicons as JSON: the model needs no data folder."""
        content = {"languages": self.languages, "lookups": [list(item) for item in self._lookups]}
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, path: Path) -> EntityReader:
        """Read back what `save` stored."""
        content = json.loads(path.read_text("utf-8"))
        return cls([Lookup(*item) for item in content["lookups"]], content["languages"])


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
