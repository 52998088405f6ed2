"""Cutting a long text where a reader would pause: paragraph, line, sentence, word.

Pure functions on strings. White space at a cut is dropped, nothing else is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.channels.whatsapp.limits import length
from bot.conversations.text import is_blank

# Each pattern's first group is the white space that is dropped.
_PARAGRAPH = re.compile(r"([^\S\n]*\n\s*\n)")
_LINE = re.compile(r"([^\S\n]*\n)")
# Not before a digit or a small letter: "art. 46", "Str. no. 19" are no ends of sentences.
_SENTENCE = re.compile(
    r"[.!?\u2026\u061f\u06d4\u0964\u1362][\"'\u00bb\u201d\u2019)\]\u2069]*(\s+)(?=[^\s\da-z])"
)
_SPACE = re.compile(r"(\s+)")
_JOINERS = "\u200d"


def split(text: str, limit: int) -> list[str]:
    """Cut a text into pieces that are no longer than a limit; blank pieces are left out."""
    return [piece for piece in _pieces(text.strip(), limit) if not is_blank(piece)]


def tail(text: str, limit: int) -> tuple[str, str]:
    """Take as much of a text's end as fits, in whole paragraphs, else lines, else sentences.

    Returns:
        What stands before, and the end; the end is empty if not one sentence fits.
    """
    if length(text) <= limit:
        return "", text
    for pattern in (_PARAGRAPH, _LINE, _SENTENCE):
        for match in pattern.finditer(text):
            end = text[match.end(1) :]
            if end.strip() and length(end) <= limit:
                return text[: match.start(1)], end
    return text, ""


def _pieces(text: str, limit: int) -> Iterator[str]:
    while length(text) > limit:
        head, rest = _cut(text, limit)
        yield head
        text = rest
    yield text


def _cut(text: str, limit: int) -> tuple[str, str]:
    end = _longest_prefix(text, limit)
    for pattern in (_PARAGRAPH, _LINE, _SENTENCE, _SPACE):
        # One more character than fits: the white space itself may stand outside.
        places = [m.span(1) for m in pattern.finditer(text) if 0 < m.start(1) <= end]
        if places:
            start, stop = places[-1]
            return text[:start], text[stop:].lstrip()
    end = _between_letters(text, end)
    return text[:end], text[end:]


def _longest_prefix(text: str, limit: int) -> int:
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _between_letters(text: str, end: int) -> int:
    """Move a cut to the front of a letter with its marks, or of a joined emoji."""
    place = end
    while place > 1 and (
        unicodedata.category(text[place]) in {"Mn", "Me", "Mc"}
        or text[place] in _JOINERS
        or text[place - 1] in _JOINERS
    ):
        place -= 1
    return place if place > 1 else end
