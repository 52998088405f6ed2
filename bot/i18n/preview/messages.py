"""A message as a translator looks at it: its sentences in one language, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from bot.i18n.catalogs import UNREVIEWED
from bot.i18n.checks.catalog import CHECKS
from bot.i18n.checks.entry import Entry
from bot.i18n.checks.wording import Finished
from bot.i18n.coverage import Key, Standing, entries_of, forms_of, group_of, standing
from bot.i18n.glossary import Term
from bot.i18n.language import language
from bot.i18n.preview.difference import Piece, difference
from bot.i18n.preview.speaker import Version
from bot.i18n.sources import Sentence

_LABEL = 60


@dataclass(frozen=True)
class SentenceView:
    """One sentence in one language.

    `forms` is the translation as it stands in the catalog, also when the reader does not see it;
    `changes` is what became of the English since the translation was made.
    """

    sentence: Sentence
    standing: Standing
    forms: tuple[str, ...]
    changes: tuple[tuple[Piece, ...], ...]
    comments: tuple[str, ...]
    complaints: tuple[str, ...]


@dataclass(frozen=True)
class MessageView:
    """One message: its sentences, and how it is shown with sample values."""

    name: str
    group: str
    sentences: tuple[SentenceView, ...]
    versions: tuple[Version, ...]

    @property
    def is_page(self) -> bool:
        """Whether it is a text of a page, which no channel shows as a message."""
        return self.sentences[0].sentence.kind == "page"

    @property
    def label(self) -> str:
        """What it is called: its name, or the beginning of a page's text."""
        if not self.is_page:
            return self.name
        return shorten(self.sentences[0].sentence.english, _LABEL, placeholder="\u2026")

    @property
    def faults(self) -> list[str]:
        """What of it a channel cannot show as it should, each once."""
        return list(dict.fromkeys(fault for each in self.versions for fault in each.faults))

    @property
    def complaints(self) -> list[str]:
        """What the checks say."""
        return [told for each in self.sentences for told in each.complaints]

    def has(self, *standings: Standing) -> bool:
        """Whether any of its sentences stands so."""
        return any(each.standing in standings for each in self.sentences)

    @property
    def in_english(self) -> bool:
        """Whether the reader sees English in it, though another language was asked for."""
        return any(not each.standing.is_finished for each in self.sentences)


class Reader:
    """Reads the sentences of one language.

    Args:
        tag: The language.
        file: Its catalog, as problems name it.
        catalog: What stands in it; None for the source language.
        terms: What the glossary says of the language.
    """

    def __init__(self, tag: str, file: str, catalog: Any, terms: tuple[Term, ...] = ()) -> None:
        self._language = language(tag)
        self._file = file
        self._known: Mapping[Key, Any] | None = None if catalog is None else entries_of(catalog)
        self._plurals = 2 if catalog is None else catalog.num_plurals
        self._terms = terms

    def read(self, told: Sequence[Sentence]) -> Iterator[SentenceView]:
        """Look at the sentences of one message."""
        titles = sum(sentence.kind == "title" for sentence in told)
        listed = any(sentence.kind == "description" for sentence in told)
        for sentence in told:
            siblings = titles if sentence.kind == "title" else 0
            yield self._view(sentence, siblings, listed)

    def _view(self, sentence: Sentence, siblings: int, listed: bool) -> SentenceView:
        message = None
        if self._known is not None:
            message = self._known.get((sentence.context, sentence.english))
        stands = Standing.SOURCE if self._known is None else standing(message)
        forms = self._forms(sentence, message)
        file = sentence.file if stands is Standing.SOURCE else self._file
        entry = Entry(
            sentence=sentence,
            language=self._language,
            forms=forms,
            fuzzy=False,
            file=file,
            line=sentence.line,
            siblings=siblings,
            listed=listed,
            plurals=self._plurals,
            terms=self._terms,
        )
        return SentenceView(
            sentence=sentence,
            standing=stands,
            forms=forms,
            changes=_changes(sentence, message),
            comments=(*sentence.comments, *_comments(message)),
            complaints=tuple(_complaints(entry)) if any(forms) else (),
        )

    def _forms(self, sentence: Sentence, message: Any) -> tuple[str, ...]:
        if self._known is None:
            return (sentence.english, *([sentence.other] if sentence.other else []))
        return forms_of(message) if message is not None else ("",)


def by_message(found: Sequence[Sentence]) -> dict[str, list[Sentence]]:
    """Put the sentences of each message together; a page's sentence stands for itself."""
    together: dict[str, list[Sentence]] = {}
    for sentence in found:
        name = (sentence.context or "").split(".")[0]
        key = f"{name}-{len(together)}" if sentence.kind == "page" else name
        together.setdefault(key, []).append(sentence)
    return together


def group_of_message(told: Sequence[Sentence]) -> str:
    """The group of a message, by its sentences' context."""
    return group_of(told[0].context)


def _changes(sentence: Sentence, message: Any) -> tuple[tuple[Piece, ...], ...]:
    if message is None or not message.fuzzy:
        return ()
    now = (sentence.english, sentence.other or "")
    before = tuple(message.previous_id)
    return tuple(difference(old, new) for old, new in zip(before, now, strict=False))


def _comments(message: Any) -> list[str]:
    if message is None:
        return []
    # Translators: what a person wrote; the sign of the machine is shown as a sign.
    return [text for text in message.user_comments if text.strip() and UNREVIEWED not in text]


def _complaints(entry: Entry) -> Iterator[str]:
    for check in CHECKS:
        # That it is not finished is shown by its standing.
        if not isinstance(check, Finished):
            yield from check.problems(entry)
