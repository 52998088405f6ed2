"""The check for English that was left standing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.i18n.catalogs import SOURCE_LANGUAGE
from bot.i18n.checks.entry import Entry
from bot.i18n.checks.wording import ADDRESS
from bot.i18n.responses import PLACEHOLDER

_WORD = re.compile(r"[A-Za-z']+")
# So frequent in English that a sentence of other languages never has two different ones.
_ENGLISH = frozenset(
    ["the", "and", "you", "your", "this", "that", "with", "have", "which", "they", "are", "from"]
)
_MOST = 1
_FEWEST_WORDS = 3


class NoEnglish:
    """A translation is not the English sentence, and holds no piece of it."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        if entry.language.tag == SOURCE_LANGUAGE:
            return
        english = _said(entry.sentence.english)
        for form in filter(None, entry.forms):
            words = [word.lower() for word in _WORD.findall(_said(form))]
            if form == entry.sentence.english and len(_WORD.findall(english)) >= _FEWEST_WORDS:
                yield "the same as the English: not translated"
            elif len(_ENGLISH.intersection(words)) > _MOST:
                yield "a piece of the English is left in it"


def _said(text: str) -> str:
    return ADDRESS.sub("", PLACEHOLDER.sub("", text))
