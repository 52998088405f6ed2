"""The words of the monitoring: what is counted, by what, and what is not shown."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date, format_timedelta

from bot.desk.case_texts import channel_text, priority_texts, reason_text
from bot.desk.durations import language_text
from bot.desk.figures import TIME
from bot.i18n import Translator

_ALMOST = 1.5
WITHHELD = "–"


def dimension_texts(words: Translator) -> dict[str, str]:
    """Name what the figures are divided by."""
    return {
        TIME: words.pgettext("desk", "Over time"),
        "language": words.pgettext("desk", "By language"),
        "reason": words.pgettext("desk", "By reason"),
        "channel": words.pgettext("desk", "By channel"),
        "priority": words.pgettext("desk", "By priority"),
    }


def value_text(words: Translator, dimension: str, value: str) -> str:
    """Name a value of a table."""
    if dimension == TIME:
        return str(format_date(date.fromisoformat(value), "d MMM", locale=words.language))
    if dimension == "language":
        return language_text(words, value or None)
    if dimension == "reason":
        return reason_text(words, value)
    if dimension == "channel":
        return channel_text(words, value)
    return priority_texts(words).get(value, value)


def seconds_text(words: Translator, seconds: int | None) -> str:
    """Say how long something took."""
    if seconds is None:
        return WITHHELD
    if seconds < 60:
        return words.pgettext("desk", "less than 1 min")
    text = format_timedelta(seconds, threshold=_ALMOST, format="short", locale=words.language)
    return str(text)
