"""Checks on what is said: finished, in the right letters, with the same numbers, no promise."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bot.i18n.checks.entry import Entry
from bot.i18n.glossary import plain
from bot.i18n.isolation import without_isolates
from bot.i18n.language import scripts_in
from bot.i18n.responses import PLACEHOLDER

FORBIDDEN = Path(__file__).resolve().parents[1] / "forbidden"
# How Unicode names letters that belong to no script, such as ª and µ.
_OF_NO_SCRIPT = {"MODIFIER", "FEMININE", "MASCULINE", "MICRO", "SUPERSCRIPT", "SUBSCRIPT"}
_NUMBER = re.compile(r"\d+")
_PHONE = re.compile(r"\+?\d[\d ]{5,}\d")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w|(?:https?://|www\.)[^\s)]*[^\s).,;:!?]")


class Finished:
    """A sentence must be translated, and read again after its English changed."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        if entry.is_source:
            return
        if not all(entry.forms):
            yield "not translated yet"
        elif entry.fuzzy:
            yield "marked fuzzy: the English changed, or nobody has confirmed it; read it again"


class RightScript:
    """A language is written in its own letters; names and abbreviations may be Latin."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        expected = entry.language.script
        allowed = {expected, "LATIN", *scripts_in(entry.sentence.english)}
        for form in entry.forms:
            found = scripts_in(ADDRESS.sub("", PLACEHOLDER.sub("", form)))
            strange = sorted(set(found) - allowed - _OF_NO_SCRIPT)
            if strange:
                yield f"letters of another script: {', '.join(strange).lower()}"
            elif expected != "LATIN" and found["LATIN"] > found[expected] and _has_words(entry):
                yield f"mostly Latin letters, where {expected.lower()} letters are expected"


class SameNumbers:
    """Numbers, phone numbers and addresses are never changed by a translation."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        if entry.is_source or entry.sentence.other:
            return
        english = entry.sentence.english
        for form in filter(None, entry.forms):
            seen = _ascii_digits(without_isolates(form)).replace("\u00a0", " ")
            yield from _unsaid("phone number", _PHONE.findall(english), seen)
            yield from _unsaid("address", ADDRESS.findall(english), seen)
            expected, found = Counter(_NUMBER.findall(english)), Counter(_NUMBER.findall(seen))
            if expected != found:
                wrong = sorted(((expected - found) + (found - expected)).keys())
                yield f"other numbers than in English: {', '.join(wrong)}"


class NoPromise:
    """Nobody is told that they will succeed, or that they cannot.

    The phrases of a language stand in `bot/i18n/forbidden/<language>.txt`, one a line.
    """

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        for form in entry.forms:
            told = plain(form)
            for phrase in _forbidden(entry.language.tag):
                if phrase in told:
                    yield f"says “{phrase}”: the authority decides, we never promise or refuse"


def _has_words(entry: Entry) -> bool:
    return len(re.findall(r"[a-z]{3,}", PLACEHOLDER.sub("", entry.sentence.english))) > 1


def _unsaid(what: str, expected: list[str], seen: str) -> Iterator[str]:
    for text in expected:
        if text not in seen:
            yield f"the {what} {text} is missing or changed"


def _ascii_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char
        for char in text
    )


@lru_cache(maxsize=128)
def _forbidden(language: str) -> tuple[str, ...]:
    file = FORBIDDEN / f"{language}.txt"
    if not file.is_file():
        return ()
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(plain(line) for line in lines if line and not line.startswith("#"))
