"""Folding: one plain spelling for the many ways in which the same letters are written.

Lexicon, safety phrases and messages are folded alike, so that a phone's keyboard, missing
diacritics, vowel signs, other scripts' digits or long-drawn letters change nothing. A map
leads each folded character back to where it stood in the original text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

# Letters that people type for one another: keyboards of Arabic, Persian, Urdu, Pashto and Kurdish
# differ, and hamza, alef maqsura and ta marbuta are often left out or mixed up.
_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیۍېےئێ", "ي"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ګڭ", "گ"),
        **dict.fromkeys("ةەۀہھۃۂ", "ه"),
        **dict.fromkeys("ؤۆ", "و"),
        "ڕ": "ر",
        "ڵ": "ل",
        "ڤ": "ف",
        "ء": None,
        "ـ": None,
        "ё": "е",
        **dict.fromkeys("’‘ʼ`´′‛＇ʻ՚", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("؟⸮፧", "?"),
        **dict.fromkeys("،、፣", ","),
        **dict.fromkeys("۔।።", "."),
        "؛": ";",
        "፡": " ",
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
    }
)
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_LONG_DRAWN = re.compile(r"([^\W\d_])\1{2,}")
_DIGIT_LETTER = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_TO_PART = re.compile(r"[\d_/-]")
_SPACES = re.compile(" {2,}")
_INNER_HYPHEN = re.compile(r"(?<=\w)[-_/](?=[^\W\d_])|(?<=[^\W\d_])[-_/](?=\w)")
# A folded character, and where its source starts and ends in the original text.
Traced = tuple[str, int, int]


@dataclass(frozen=True)
class Folded:
    """A folded text and where each of its characters came from.

    Attributes:
        text: The folded text.
        starts: For each folded character, the start of its source in the original text.
        ends: For each folded character, the end of its source in the original text.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty stretch of the folded text stands in the original text."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold a text: lower case, one spelling, no vowel signs, ASCII digits, single spaces."""
    chars: list[Traced] = []
    for start, end in _clusters(text):
        chars += [(char, start, end) for char in _fold_cluster(text[start:end])]
    chars = _trimmed(_shorten(_spaced(_shorten(chars, _LONG_DRAWN)), _SPACES))
    if not chars:
        return Folded("", (), ())
    folded, starts, ends = zip(*chars, strict=True)
    return Folded("".join(folded), starts, ends)


def fold_text(text: str) -> str:
    """The text of `fold` alone, in a third of the time: lexicons have 130,000 phrases."""
    parts = [text[start:end] for start, end in _clusters(text)] if _has_marks(text) else text
    folded = _LONG_DRAWN.sub(r"\1", "".join(map(_fold_cluster, parts)))
    if _TO_PART.search(folded):
        folded = _DIGIT_LETTER.sub(" ", _INNER_HYPHEN.sub(" ", folded))
    return _SPACES.sub(" ", folded).strip(" ")


def words(text: str) -> list[str]:
    """The words of a text, folded, without apostrophes or punctuation."""
    return "".join(map(_word_char, fold_text(text))).split()


@lru_cache(maxsize=8192)
def _word_char(char: str) -> str:
    if char == "'":
        return ""
    return char if is_word_char(char) else " "


def is_word_char(char: str) -> bool:
    """Whether a character belongs to a word: letters, digits and the marks on them."""
    return unicodedata.category(char)[0] in "LNM"


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each character together with the marks that follow it."""
    first = [index for index, char in enumerate(text) if index == 0 or not _is_mark(char)]
    return pairwise([*first, len(text)])


def _has_marks(text: str) -> bool:
    return not text.isascii() and any(map(_is_mark, text))


@lru_cache(maxsize=8192)
def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).lower())
    text = "".join(_plain(char) for char in _bare_latin(text))
    return _ARABIC_MARKS.sub("", text).translate(_VARIANTS)


def _bare_latin(text: str) -> str:
    """Without the marks on Latin letters, which phones' keyboards often lack."""
    decomposed = unicodedata.normalize("NFD", text)
    if decomposed[:1] < "\u0250":
        return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return text


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return ""
    return " " if category[0] in "ZC" else char


def _joined(chars: list[Traced]) -> str:
    return "".join([char for char, _, _ in chars])


def _trimmed(chars: list[Traced]) -> list[Traced]:
    """Without the spaces at both ends; at most one is there."""
    first = 1 if chars and chars[0][0] == " " else 0
    last = len(chars) - 1 if len(chars) > first and chars[-1][0] == " " else len(chars)
    return chars[first:last]


def _shorten(chars: list[Traced], pattern: re.Pattern[str]) -> list[Traced]:
    """Keep one character of each run; the one kept stands for the whole run."""
    text = _joined(chars)
    if not pattern.search(text):
        return chars
    kept: list[Traced] = []
    position = 0
    for run in pattern.finditer(text):
        kept += chars[position : run.start()]
        kept.append((chars[run.start()][0], chars[run.start()][1], chars[run.end() - 1][2]))
        position = run.end()
    return kept + chars[position:]


def _spaced(chars: list[Traced]) -> list[Traced]:
    """Part "12yo" and "step-son" into words; hyphens between digits are dates and stay."""
    text = _joined(chars)
    if not _TO_PART.search(text):
        return chars
    hyphens = {match.start() for match in _INNER_HYPHEN.finditer(text)}
    borders = {match.start() for match in _DIGIT_LETTER.finditer(text)}
    spaced: list[Traced] = []
    for index, (char, start, end) in enumerate(chars):
        if index in borders:
            spaced.append((" ", start, start))
        spaced.append((" " if index in hyphens else char, start, end))
    return spaced
