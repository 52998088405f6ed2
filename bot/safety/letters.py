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

# Letters that people type for one another: keyboards of Arabic, Persian, Urdu and Kurdish
# differ, and hamza, alef maqsura and ta marbuta are often left out or mixed up.
_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیۍېےئ", "ي"),
        **dict.fromkeys("كڪګ", "ک"),
        **dict.fromkeys("ةەۀہھۃۂ", "ه"),
        "ؤ": "و",
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
_INNER_HYPHEN = re.compile(r"(?<=\w)[-_/](?=[^\W\d_])|(?<=[^\W\d_])[-_/](?=\w)")


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
    chars: list[tuple[str, int, int]] = []
    for start, end in _clusters(text):
        chars += [(char, start, end) for char in _fold_cluster(text[start:end])]
    chars = _shorten(_spaced(_shorten(chars, _LONG_DRAWN)), re.compile(r"( )\1+"))
    while chars and chars[-1][0] == " ":
        chars.pop()
    while chars and chars[0][0] == " ":
        chars.pop(0)
    return Folded(
        "".join(char for char, _, _ in chars),
        tuple(start for _, start, _ in chars),
        tuple(end for _, _, end in chars),
    )


def words(text: str) -> list[str]:
    """The words of a text, folded, without apostrophes or punctuation."""
    kept = "".join(_word_char(char) for char in fold(text).text)
    return kept.split()


def _word_char(char: str) -> str:
    if char == "'":
        return ""
    return char if is_word_char(char) else " "


def is_word_char(char: str) -> bool:
    """Whether a character belongs to a word: letters, digits and the marks on them."""
    return unicodedata.category(char)[0] in "LNM"


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each character together with the marks that follow it."""
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or unicodedata.category(text[index])[0] != "M":
            yield start, index
            start = index


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


def _shorten(
    chars: list[tuple[str, int, int]], pattern: re.Pattern[str]
) -> list[tuple[str, int, int]]:
    """Keep one character of each run; the one kept stands for the whole run."""
    text = "".join(char for char, _, _ in chars)
    kept: list[tuple[str, int, int]] = []
    position = 0
    for run in pattern.finditer(text):
        kept += chars[position : run.start()]
        kept.append((chars[run.start()][0], chars[run.start()][1], chars[run.end() - 1][2]))
        position = run.end()
    return kept + chars[position:]


def _spaced(chars: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Part "12yo" and "step-son" into words; hyphens between digits are dates and stay."""
    text = "".join(char for char, _, _ in chars)
    hyphens = {match.start() for match in _INNER_HYPHEN.finditer(text)}
    borders = {match.start() for match in _DIGIT_LETTER.finditer(text)}
    spaced: list[tuple[str, int, int]] = []
    for index, (char, start, end) in enumerate(chars):
        if index in borders:
            spaced.append((" ", start, start))
        spaced.append((" " if index in hyphens else char, start, end))
    return spaced
