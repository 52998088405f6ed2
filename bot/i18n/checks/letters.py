"""Checks on letters: those of the language itself, joined and parted as its readers expect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.i18n.checks.entry import Entry

# Keyboards of one language give letters of another that look the same and are found by no search.
_WRONG: Mapping[str, Mapping[str, str]] = {
    "ar": {"\u06cc": "\u064a", "\u06a9": "\u0643", "\u06c1": "\u0647"},
    "fa": {"\u064a": "\u06cc", "\u0643": "\u06a9", "\u0649": "\u06cc"},
    "ps": {"\u0643": "\u06a9", "\u06cc\u0654": "\u0626"},
    "ur": {"\u064a": "\u06cc", "\u0643": "\u06a9", "\u0647": "\u06c1 or \u06be"},
    "ckb": {"\u064a": "\u06cc", "\u0643": "\u06a9", "\u0629": "\u06d5", "\u0649": "\u06cc"},
    "uk": {"ы": "и", "э": "е", "ъ": "\u2019", "ё": "ьо, йо"},
    "ru": {"і": "и", "ї": "и", "є": "е"},
    "ro": {"ş": "ș", "ţ": "ț"},
}
_ZWNJ = "\u200c"
_LOOSE = re.compile(f"(?:^|\\s){_ZWNJ}|{_ZWNJ}(?:\\s|$|{_ZWNJ})")
# Persian verbs: the prefixes stand with the verb, parted by a zero-width non-joiner.
_PARTED_VERB = re.compile(r"(?:^|\s)(?:می|نمی) (?=\w)")


class OwnLetters:
    """Letters are those of the language, not their lookalikes of a neighbour's keyboard."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        for wrong, right in _WRONG.get(entry.language.tag, {}).items():
            if any(wrong in form for form in entry.forms):
                yield f"the letter {wrong} (U+{ord(wrong[0]):04X}) is of another language: {right}"


class JoinedWords:
    """The invisible sign that parts letters within a word stands where it is needed only."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        for form in entry.forms:
            if _LOOSE.search(form):
                yield "a zero-width non-joiner (U+200C) stands at a word's edge, or twice"
            if entry.language.tag == "fa" and _PARTED_VERB.search(form):
                yield "after می or نمی comes a zero-width non-joiner (U+200C), not a space"
