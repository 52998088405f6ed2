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


def whole(patterns: Iterable[str], fillers: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for texts that are one of those and, beside it, fillers only."""
    joined = "|".join(patterns)
    filling = "|".join(fillers)
    around = f"(?:{filling})*" if filling else ""
    return re.compile(f" {around}(?:{joined}){around}") if joined else None


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
