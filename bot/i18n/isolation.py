"""Bidirectional text: what must be fenced off so that it is displayed in its own order.

Inside right-to-left text a phone number, a law's number or a Latin name is otherwise reordered by
its surroundings (Unicode Standard Annex 9).
"""

from __future__ import annotations

import re
import unicodedata

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
OPENERS = "\u2066\u2067\u2068"

# Latin letters, or digits in more than one group: a lone number needs no fence.
_RUN = re.compile(
    r"\+?[(\[]?[A-Za-z0-9\u00c0-\u024f]"
    r"(?:[A-Za-z0-9\u00c0-\u024f .,:/()\[\]@+_&%='\u2019\u2013-]*[A-Za-z0-9\u00c0-\u024f)\]%])?"
)
_NEEDS_FENCE = re.compile(r"[A-Za-z\u00c0-\u024f]|^\+|\d[^\d]+\d")
_FENCED = re.compile(f"([{OPENERS}][^{POP_ISOLATE}]*{POP_ISOLATE}|\\{{[^}}]*\\}})")
_BALANCE = {"(": ")", "[": "]"}


def isolate(value: str, direction: str) -> str:
    """Fence a value off, if it could be reordered in text of this direction (`ltr` or `rtl`)."""
    if not value or not _mixes(value, direction):
        return value
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}"


def isolate_runs(text: str, direction: str) -> str:
    """Fence off Latin runs and phone numbers that stand in right-to-left text.

    What is fenced already, and brace placeholders, are left alone.
    """
    if direction != "rtl" or not any(_is_right_to_left(char) for char in text):
        return text
    parts = _FENCED.split(text)
    return "".join(part if _FENCED.fullmatch(part) else _RUN.sub(_fence, part) for part in parts)


def without_isolates(text: str) -> str:
    """Remove the invisible fences, to compare or to measure what is seen."""
    return re.sub(f"[{OPENERS}{POP_ISOLATE}]", "", text)


def _fence(match: re.Match[str]) -> str:
    run = match.group()
    kept, rest = _without_stray_bracket(run)
    if not _NEEDS_FENCE.search(kept):
        return run
    return f"{FIRST_STRONG_ISOLATE}{kept}{POP_ISOLATE}{rest}"


def _without_stray_bracket(run: str) -> tuple[str, str]:
    for opening, closing in _BALANCE.items():
        if run.endswith(closing) and run.count(closing) > run.count(opening):
            return run[:-1], closing
    return run, ""


def _mixes(value: str, direction: str) -> bool:
    if direction == "ltr":
        return any(_is_right_to_left(char) for char in value)
    return not value.isdigit() and any(unicodedata.bidirectional(char) in "LEN" for char in value)


def _is_right_to_left(char: str) -> bool:
    return unicodedata.bidirectional(char) in ("R", "AL")
