"""One language: its name, direction and script, and how dates, lists and numbers are told in it."""

from __future__ import annotations

import datetime
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.i18n.calendars import Calendar, everyday, tell_day, tell_span
from bot.i18n.isolation import OPENERS


class Language:
    """A language by its tag, with what Unicode's CLDR knows of it.

    A language that CLDR lacks is shown by its tag and told in English formats.
    """

    def __init__(self, tag: str) -> None:
        self.tag = tag
        found = _locale(tag)
        self._known = found is not None
        self._locale = found or Locale.parse("en")

    @property
    def name(self) -> str:
        """The language's name in itself, as its speakers look for it."""
        return str(self._locale.get_display_name()) if self._known else self.tag

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return str(self._locale.text_direction)

    @property
    def script(self) -> str:
        """The script that it is written in, as Unicode names its letters: `LATIN`, `ARABIC`."""
        return script_of("".join(self._locale.months["format"]["wide"].values())) or "LATIN"

    def date(self, iso: str, calendar: str | None = None) -> str:
        """Tell a day, given as `2026-05-03`.

        Where the language's speakers live by another calendar (Persian, Pashto) it is told in
        both: `3 May 2023 (13 Ordibehesht 1402)`.

        Args:
            iso: The day.
            calendar: `solar` or `hijri`: tell it in this calendar too, as the person did.
        """
        day = datetime.date.fromisoformat(iso)
        told, also = format_date(day, "long", locale=self._locale), self._also(calendar)
        return f"{told} ({tell_day(also, day, self.tag)})" if also else str(told)

    def month(self, iso: str, calendar: str | None = None) -> str:
        """Tell a month of a year, given as `2023-05`; in another calendar it lies in two months."""
        first = datetime.date.fromisoformat(f"{iso}-01")
        told, also = format_skeleton("yMMMM", first, locale=self._locale), self._also(calendar)
        last = (first + datetime.timedelta(31)).replace(day=1) - datetime.timedelta(1)
        return f"{told} ({tell_span(also, first, last, self.tag)})" if also else str(told)

    def list(self, items: Sequence[str], style: str = "standard") -> str:
        """Join items with this language's "and" (`standard`) or "or" (`or`)."""
        return str(format_list(list(items), style=style, locale=self._locale))

    def number(self, value: int | float) -> str:
        """Tell a number, in the digits that phones and forms use."""
        return str(format_decimal(value, locale=self._locale))

    def capitalised(self, text: str) -> str:
        """Begin with a capital letter, where the script has them; an invisible fence stays."""
        bare = text.lstrip(OPENERS)
        fence = text[: len(text) - len(bare)]
        # Turkish keeps the dot of its small i.
        first = "\u0130" if self.tag == "tr" and bare.startswith("i") else bare[:1].upper()
        return fence + first + bare[1:]

    def _also(self, calendar: str | None) -> Calendar | None:
        return Calendar(calendar) if calendar else everyday(self.tag)

    def language_name(self, tag: str) -> str:
        """The name of another language in this one."""
        known = self._locale.languages.get(tag.replace("-", "_"))
        return str(known) if known else Language(tag).name

    def country_name(self, code: str) -> str:
        """The name of a country (ISO 3166, two letters) in this language."""
        return str(self._locale.territories.get(code.upper(), code))


@lru_cache(maxsize=128)
def language(tag: str) -> Language:
    """The language of a tag; made once."""
    return Language(tag)


@lru_cache(maxsize=8192)
def _script_of_letter(char: str) -> str | None:
    if not char.isalpha():
        return None
    return unicodedata.name(char, "").split(" ")[0] or None


def scripts_in(text: str) -> Counter[str]:
    """How many letters of each script a text has."""
    return Counter(script for script in map(_script_of_letter, text) if script)


def script_of(text: str) -> str | None:
    """The script that most letters of a text belong to; None without letters."""
    found = scripts_in(text).most_common(1)
    return found[0][0] if found else None


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
