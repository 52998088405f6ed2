"""How long ago, how long still: times as staff reads them at a glance."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta

from bot.conversations.hours import ZONE
from bot.i18n import Translator

_ALMOST = 1.5
"""So many of a unit are told in it, fewer in the next smaller one: 90 minutes, then 2 hours."""


def now() -> datetime:
    """Give this moment."""
    return datetime.now(timezone.utc)


def span_text(words: Translator, since: datetime | None, until: datetime) -> str:
    """Say how much time lies between two moments; nothing if one is not known."""
    if since is None:
        return ""
    span = max(until - since, timedelta())
    if span < timedelta(minutes=1):
        return words.pgettext("desk", "less than 1 min")
    return str(format_timedelta(span, threshold=_ALMOST, format="short", locale=words.language))


def moment_text(words: Translator, at: datetime, now: datetime) -> str:
    """Tell a moment in Romania's time: the hour alone, if it is today."""
    at, now = at.astimezone(ZONE), now.astimezone(ZONE)
    style = "HH:mm" if at.date() == now.date() else "d MMM, HH:mm"
    return str(format_datetime(at, style, locale=words.language))


def date_text(words: Translator, day: date) -> str:
    """Name a day."""
    return str(format_date(day, "d MMM y", locale=words.language))


def month_text(words: Translator, day: date) -> str:
    """Name a day's month."""
    return str(format_date(day, "MMM y", locale=words.language))


def language_text(words: Translator, tag: str | None) -> str:
    """Name a language in the reader's."""
    if not tag:
        return words.pgettext("desk", "language not known")
    try:
        return str(Locale.parse(tag, sep="-").get_display_name(words.language) or tag)
    except (ValueError, UnknownLocaleError):
        return tag


def country_text(words: Translator, code: str | None) -> str:
    """Name a country in the reader's language; nothing for none."""
    return str(Locale.parse(words.language).territories.get(code or "", code or ""))
