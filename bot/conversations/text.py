"""The text that a person wrote: made storable, kept from being a command, read as a number.

Pure functions on strings; nothing here knows a language.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 4096
"""The longest text that is understood; a longer one is stored cut and answered kindly."""

# Overrides and isolates of the writing direction: a message that carries them can turn
# the text around it, on the person's page and on a counsellor's.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# All other control characters but the line feed and the tab; PostgreSQL refuses NUL.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Letters by category, blank to the eye.
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me", "Cn", "Co"})
_RIGHT_TO_LEFT = {"R", "AL"}
_COMMAND_MARKS = "/\uff0f"
_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")
_MAX_NUMBER_DIGITS = 3


def clean(text: str) -> str:
    """Make a text storable and harmless to the text around it; keeps what is visible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATES.sub("\ufffd", text)
    return _CONTROLS.sub("", _BIDI_CONTROLS.sub("", text))


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing at all."""
    return all(_is_invisible(character) for character in text)


def defuse(text: str) -> str:
    """Take the leading `/` away, behind whatever invisible it hides.

    Rasa takes a text that starts with `/` for a command and strips the white space in
    front of it first; an unknown command crashes it.
    """
    rest = text
    while True:
        start = _first_visible(rest)
        if start == len(rest) or rest[start] not in _COMMAND_MARKS:
            break
        rest = rest[start + 1 :]
    if is_blank(rest):
        # Nothing but slashes: the division slash looks alike and commands nothing.
        return "\u2215" if rest != text else text
    return rest.lstrip() if rest != text else text


def typed_number(text: str) -> int | None:
    """Read a text that is a number and nothing else, in any script's digits.

    A keycap and one full stop or bracket around the number are allowed: `2.`, `(2)`.
    """
    bare = "".join(c for c in text.translate(_KEYCAP) if not _is_invisible(c))
    bare = bare.removeprefix("(").rstrip(".)\u06d4:")
    if not 0 < len(bare) <= _MAX_NUMBER_DIGITS:
        return None
    digits = [unicodedata.decimal(character, None) for character in bare]
    if None in digits:
        return None
    return int("".join(str(digit) for digit in digits))


def same_words(one: str, other: str) -> bool:
    """Tell whether two short texts are the same, whatever the case and width."""
    return _folded(one) == _folded(other)


def direction_of(text: str) -> str:
    """Tell a text's direction by its first letter that has one."""
    for character in text:
        bidi = unicodedata.bidirectional(character)
        if bidi in _RIGHT_TO_LEFT:
            return "rtl"
        if bidi == "L":
            return "ltr"
    return "ltr"


def _folded(text: str) -> str:
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())


def _first_visible(text: str) -> int:
    for position, character in enumerate(text):
        if not _is_invisible(character):
            return position
    return len(text)


def _is_invisible(character: str) -> bool:
    return (
        character in _BLANK_LETTERS
        or unicodedata.category(character) in _INVISIBLE_CATEGORIES
        or character.isspace()
    )
