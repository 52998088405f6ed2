"""Running the checks over the English and over every catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.i18n.catalogs import SOURCE_LANGUAGE
from bot.i18n.checks.english import NoEnglish
from bot.i18n.checks.entry import Check, Entry
from bot.i18n.checks.letters import JoinedWords, OwnLetters
from bot.i18n.checks.plural import EveryPlural
from bot.i18n.checks.shape import BalancedMarks, FittingLength, SamePlaceholders
from bot.i18n.checks.terms import GlossaryTerms
from bot.i18n.checks.wording import Finished, NoPromise, RightScript, SameNumbers
from bot.i18n.glossary import read_glossary
from bot.i18n.language import language
from bot.i18n.merge import read_catalog
from bot.i18n.sources import Sentence, Sources, sentences

CHECKS: tuple[Check, ...] = (
    Finished(),
    SamePlaceholders(),
    SameNumbers(),
    RightScript(),
    FittingLength(),
    BalancedMarks(),
    OwnLetters(),
    JoinedWords(),
    EveryPlural(),
    NoEnglish(),
    GlossaryTerms(),
    NoPromise(),
)


@dataclass(frozen=True)
class Problem:
    """A fault, and where it stands."""

    file: str
    line: int
    context: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.context or 'text'}: {self.message}"


def check_all(sources: Sources, only: Iterable[str] = ()) -> list[Problem]:
    """Check the English and all catalogs, or only those of the languages named."""
    # A page's sentence may stand in several places; the first one speaks for all.
    found = list({(s.context, s.english): s for s in reversed(sentences(sources))}.values())[::-1]
    chosen = list(only) or sources.languages()
    problems = list(_problems(_english(found)))
    for tag in chosen:
        if tag != SOURCE_LANGUAGE:
            problems += _outdated(sources, tag, found)
            problems += _problems(_translated(sources, tag, found))
    return problems


def _problems(entries: Iterable[Entry]) -> Iterator[Problem]:
    for entry in entries:
        for check in CHECKS:
            for message in check.problems(entry):
                yield Problem(entry.file, entry.line, entry.sentence.context, message)


def _english(found: list[Sentence]) -> Iterator[Entry]:
    source = language(SOURCE_LANGUAGE)
    for sentence, siblings, listed in _with_siblings(found):
        forms = (sentence.english,) + ((sentence.other,) if sentence.other else ())
        yield Entry(sentence, source, forms, False, sentence.file, sentence.line, siblings, listed)


def _translated(sources: Sources, tag: str, found: list[Sentence]) -> Iterator[Entry]:
    file = sources.catalog(tag)
    where = file.relative_to(sources.root).as_posix()
    catalog = read_catalog(file, tag)
    messages, terms = _messages(catalog), read_glossary(sources.locales, tag)
    for sentence, siblings, listed in _with_siblings(found):
        message = messages.get((sentence.context, sentence.english))
        if message is not None:
            forms = message.string
            forms = tuple(forms) if isinstance(forms, (list, tuple)) else (forms or "",)
            line = message.lineno or 1
            yield Entry(
                sentence,
                language(tag),
                forms,
                message.fuzzy,
                where,
                line,
                siblings,
                listed,
                catalog.num_plurals,
                terms,
            )


def _outdated(sources: Sources, tag: str, found: list[Sentence]) -> Iterator[Problem]:
    file = sources.catalog(tag)
    where = file.relative_to(sources.root).as_posix()
    known = set(_messages(read_catalog(file, tag)))
    wanted = {(sentence.context, sentence.english): sentence for sentence in found}
    for key in wanted.keys() - known:
        sentence = wanted[key]
        message = f"{sentence.file}:{sentence.line} is not in it: run `impreuna locales update`"
        yield Problem(where, 1, sentence.context, message)
    for context, _ in known - wanted.keys():
        message = "no longer in the English: run `impreuna locales update`"
        yield Problem(where, 1, context, message)


def _messages(catalog: Any) -> dict[tuple[str | None, str], Any]:
    return {
        (m.context, m.id[0] if isinstance(m.id, (list, tuple)) else m.id): m
        for m in catalog
        if m.id
    }


def _with_siblings(found: list[Sentence]) -> Iterator[tuple[Sentence, int, bool]]:
    def response(sentence: Sentence) -> str:
        return (sentence.context or "").split(".")[0]

    counts = Counter(response(s) for s in found if s.kind == "title")
    listed = {response(s) for s in found if s.kind == "description"}
    for sentence in found:
        is_title = sentence.kind == "title"
        yield sentence, counts[response(sentence)] if is_title else 0, response(sentence) in listed
