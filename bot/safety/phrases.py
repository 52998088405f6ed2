"""Phrases with four signs that a volunteer can write, made into patterns.

`kill*` any ending, `*kill` any beginning; `he/she` either word; `[my]` may be left out;
`...` up to three words in between. `{language}` stands for the name of any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.safety.letters import words

LANGUAGE = "{language}"
# Stands in for the name of a language; no keyboard types it and folding keeps it.
LANGUAGE_MARK = "\u10fb"
# In words.
_LONGEST_FILLER = 8
_GAP = r"(?:[^ ]+ ){0,3}"


def canonical(text: str) -> str:
    """The words of a text, `spaced`."""
    return spaced(words(text))


def spaced(tokens: Iterable[str]) -> str:
    """Words with one space behind each and one in front: what the patterns are made for."""
    return " " + "".join(f"{token} " for token in tokens)


def phrase_pattern(phrase: str) -> str:
    """A regular expression for `canonical` texts.

    Raises:
        ValueError: Nothing of the phrase is left after folding: it would match everything.
    """
    parts = [_part(part) for part in phrase.replace("…", "...").split()]
    pattern = "".join(parts)
    if not pattern.replace(_GAP, ""):
        raise ValueError(f"'{phrase}' holds no word")
    return pattern


def anywhere(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern that finds any of those as whole words, or None if there are none."""
    joined = "|".join(patterns)
    return re.compile(f"(?<= )(?:{joined})") if joined else None


def either(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for stretches that are one of those, or None if there are none."""
    joined = "|".join(patterns)
    return re.compile(joined) if joined else None


class Fillers:
    """Words that say nothing ("please", "hello") and may stand around a phrase.

    They are compiled once: all languages' fillers in each pattern took a start of eight seconds.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._filler = either(patterns)

    def kernels(self, text: str) -> list[tuple[int, int]]:
        """Each start and end in a `spaced` text with nothing but fillers around."""
        borders = [index + 1 for index, char in enumerate(text) if char == " "]
        starts, ends = {borders[0]}, {borders[-1]}
        for place, start in enumerate(borders):
            if start in starts:
                after = borders[place + 1 : place + 1 + _LONGEST_FILLER]
                starts.update(end for end in after if self._is_filler(text, start, end))
        for place, end in reversed(list(enumerate(borders))):
            if end in ends:
                before = borders[max(0, place - _LONGEST_FILLER) : place]
                ends.update(start for start in before if self._is_filler(text, start, end))
        return [(start, end) for start in sorted(starts) for end in sorted(ends) if start < end]

    def _is_filler(self, text: str, start: int, end: int) -> bool:
        return self._filler is not None and self._filler.fullmatch(text, start, end) is not None


def _part(part: str) -> str:
    if part == "...":
        return _GAP
    if part.startswith("[") and part.endswith("]"):
        inner = _part(part[1:-1])
        return f"(?:{inner})?" if inner else ""
    if part == LANGUAGE:
        return f"{LANGUAGE_MARK} "
    choices = [choice for choice in map(_choice, part.split("/")) if choice]
    return f"(?:{'|'.join(choices)}) " if choices else ""


def _choice(text: str) -> str:
    inner = r" ".join(re.escape(word) for word in words(text.strip("*")))
    if not inner:
        return ""
    before = "[^ ]*" if text.startswith("*") else ""
    after = "[^ ]*" if text.endswith("*") else ""
    return f"{before}{inner}{after}"
