"""The check for the terms of the law."""

from __future__ import annotations

from collections.abc import Iterator

from bot.i18n.checks.entry import Entry
from bot.i18n.glossary import Term


class GlossaryTerms:
    """A term of the law is rendered as `locales/GLOSSARY.md` has it, everywhere the same."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        if entry.is_source:
            return
        for term in entry.terms:
            for form in filter(None, entry.forms):
                yield from _problems(term, entry.sentence.english, form)


def _problems(term: Term, english: str, form: str) -> Iterator[str]:
    for word in term.wrong_words(form):
        yield f"“{word}” means something else in law: the glossary has “{term.renderings[0]}”"
    if term.is_in(english) and not term.is_rendered(form):
        yield f"“{term.english[0]}” is “{'” or “'.join(term.renderings)}” in the glossary"
