"""Checks on the shape of what is said: its placeholders, its length, its invisible characters."""

from __future__ import annotations

from collections.abc import Iterator

from bot.i18n.checks.entry import Entry
from bot.i18n.isolation import isolate_runs
from bot.i18n.responses import PLACEHOLDER

# What the narrowest channel can show: reply buttons, list rows, their second line, a message.
BUTTON_TITLE, ROW_TITLE, DESCRIPTION, BODY = 20, 24, 72, 1024
MOST_BUTTONS = 3
_PAIRS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
_PAIRS.update({"\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"})


class SamePlaceholders:
    """The names in braces stand in every form; a form for one or two may leave out the count."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        english = entry.sentence.other or entry.sentence.english
        expected = set(PLACEHOLDER.findall(english))
        for index, form in enumerate(entry.forms):
            if not form:
                continue
            optional = {entry.sentence.counter} if index < len(entry.forms) - 1 else set()
            if entry.sentence.other and entry.sentence.counter is None:
                optional = expected if index < len(entry.forms) - 1 else set()
            found = set(PLACEHOLDER.findall(form))
            for name in sorted(expected - found - optional):
                yield f"the placeholder {{{name}}} is missing"
            for name in sorted(found - expected):
                yield f"the placeholder {{{name}}} is not in the English sentence"
            if PLACEHOLDER.sub("", form).count("{") or PLACEHOLDER.sub("", form).count("}"):
                yield "a brace that belongs to no placeholder"


class FittingLength:
    """Choices and messages fit the narrowest channel, invisible characters counted."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        what, limit = _limit(entry)
        if limit is None:
            return
        for form in entry.forms:
            length = measured(isolate_runs(form, entry.language.direction))
            if length > limit:
                yield f"{length} characters: {what} has room for {limit}"


class BalancedMarks:
    """Every invisible mark that opens a direction is closed, in order."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        for form in entry.forms:
            if not _is_balanced(form):
                yield "an invisible direction mark (U+2066-2069, U+202A-202E) is not paired"


def measured(text: str) -> int:
    """The length of a text as channels count it: the larger of code points and UTF-16 units."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def _limit(entry: Entry) -> tuple[str, int | None]:
    if entry.sentence.kind == "title":
        if entry.siblings <= MOST_BUTTONS and not entry.listed:
            return "a button", BUTTON_TITLE
        return "a line of a list", ROW_TITLE
    return {
        "link": ("a button", BUTTON_TITLE),
        "description": ("the second line of a choice", DESCRIPTION),
        "text": ("a message", BODY),
    }.get(entry.sentence.kind, ("", None))


def _is_balanced(text: str) -> bool:
    open_marks: list[str] = []
    for char in text:
        if char in _PAIRS:
            open_marks.append(_PAIRS[char])
        elif char in _PAIRS.values() and (not open_marks or open_marks.pop() != char):
            return False
    return not open_marks
