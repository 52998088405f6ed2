"""Masking: what could lead to a person is taken out of a text before it is kept to learn from.

Numbers, addresses, links, and names after words such as "my name is". Pure; the words that
introduce a name are data, one list a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

NAME, EMAIL, LINK, DIGIT = "<name>", "<email>", "<link>", "0"
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|(?<!\S)@\w+|\b(?:[\w-]+\.)+[a-z]{2,}/\S*|\b(?:t|wa|m)\.me\b\S*", re.I
)
# A name has few words; where a script has no capitals, two are taken.
_MOST_NAMES = 4
_NAMES_WITHOUT_CAPITALS = 2
_CAPITAL_ONLY = "^"
_WORD = r"[^\W\d_](?:[\w'’.-]*\w)?"


class Masking:
    """Masks texts of all languages.

    Args:
        introductions: Words that introduce a name, such as "my name is". With " ^" at the
            end they do so only before a capital letter ("I am ^": "I am Ali", not "I am ill").
    """

    def __init__(self, introductions: Iterable[str]) -> None:
        phrases = sorted(introductions, key=len, reverse=True)
        plain = [p for p in phrases if not p.endswith(_CAPITAL_ONLY)]
        careful = [p.removesuffix(_CAPITAL_ONLY).strip() for p in phrases if p not in plain]
        self._patterns = [
            (_introduced(words), only) for words, only in ((plain, False), (careful, True)) if words
        ]

    def mask(self, text: str) -> str:
        """Give the text without what could lead to a person."""
        text = _LINK.sub(LINK, _MAIL.sub(EMAIL, text))
        for pattern, capital_only in self._patterns:
            text = pattern.sub(lambda found: _without_name(found, capital_only), text)  # noqa: B023
        return "".join(DIGIT if character.isnumeric() else character for character in text)


def _introduced(phrases: list[str]) -> re.Pattern[str]:
    options = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    names = rf"{_WORD}(?:\s+{_WORD}){{0,{_MOST_NAMES - 1}}}"
    return re.compile(rf"(?P<before>(?<!\w)(?:{options})[\s:,]+)(?P<names>{names})", re.I)


def _without_name(found: re.Match[str], capital_only: bool) -> str:
    words = re.split(r"(\s+)", found["names"])
    names = words[::2]
    if capital_only and not names[0][0].isupper():
        return found[0]
    rest = "".join(words[2 * _length(names) :])
    return f"{found['before']}{NAME}{' ' if rest.strip() else ''}{rest.lstrip()}"


def _length(names: list[str]) -> int:
    """Tell how many of the words are the name: the first one, and the capitals after it."""
    if not _has_case(names[0]):
        return min(len(names), _NAMES_WITHOUT_CAPITALS)
    count = 1
    while count < len(names) and names[count][0].isupper():
        count += 1
    return count


def _has_case(word: str) -> bool:
    return word[0].lower() != word[0].upper()
