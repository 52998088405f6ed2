"""Years and dates of the Hijri calendars: what is read of them. The words of the toy lexicons
are the test's own; the months' names are the product's."""

import datetime as dt
from functools import lru_cache

import pytest

from bot.i18n.calendars import Calendar, days_of, parts_of
from bot.nlu.calendars import calendar_of
from bot.nlu.dates import digit_marks
from bot.nlu.marks import longest
from bot.nlu.matcher import LanguageMatcher
from bot.nlu.names import standard_names
from bot.nlu.phrasebook import Phrasebook
from bot.nlu.quantities import combine
from bot.safety import Lookup, fold

TOY = [
    Lookup("fa", "unit", "year", "سال"),
    Lookup("fa", "unit", "month", "ماه"),
    Lookup("fa", "unit", "day", "روز"),
    Lookup("fa", "number", "1000", "هزار"),
    Lookup("fa", "number", "300", "سیصد"),
    Lookup("fa", "number", "80", "هشتاد"),
    Lookup("fa", "number", "9", "نه"),
    Lookup("fa", "joiner", "number", "و"),
    Lookup("fa", "dependent", "yes", "سرطان"),
    Lookup("fa", "ago", "yes", "پیش"),
    Lookup("ar", "unit", "month", "شهر"),
    Lookup("ar", "unit", "year", "سنة"),
    Lookup("en", "person", "son", "son"),
    Lookup("en", "age", "yes", "years old"),
]
ISO_1389 = "2010-03-21/2011-03-20"


@lru_cache
def matcher(language):
    words = [word for word in TOY if word.language == language]
    return LanguageMatcher(Phrasebook.of(language, words, standard_names(language)))


def facts(text, language):
    folded, words = fold(text).text, matcher(language)
    marks = longest([*digit_marks(folded), *words.marks(words.doc(folded))])
    found = combine(marks, folded, words.joiners, calendar_of([language]))
    return [(mark.entity, mark.value) for mark in found]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("12 مرداد 1389", "fa"),
        ("۱۲ مرداد ۱۳۸۹", "fa"),
        ("۱۲ اسد ۱۳۸۹", "fa"),
        ("۱۲ اسد سال ۱۳۸۹", "fa"),
        ("د ۱۳۸۹ د زمري ۱۲", "ps"),
        ("12 mordad 1389", "en"),
        ("12th of Asad 1389", "en"),
        ("1389 Mordad 12", "en"),
        ("۱۳۸۹/۵/۱۲", "fa"),
        ("1389-05-12", "ps"),
        ("۱۳۸۹/۵/۱۲", "ckb"),
        ("12/5/1389", "fa"),
        ("1389/5/12 شمسی", "ar"),
        ("12/5/1389 hijri shamsi", "en"),
    ],
)
def test_a_solar_day_is_read_in_every_way_it_is_written(text, language):
    assert facts(text, language) == [("date", "2010-08-03")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 رمضان 1431", "ar"),
        ("٥ رمضان ١٤٣١", "ar"),
        ("5 من شهر رمضان سنة 1431 هـ", "ar"),
        ("5 رمضان 1431", "fa"),
        ("৫ রমজান ১৪৩১", "bn"),
        ("5 Ramadan 1431", "en"),
        ("5th ramazan 1431", "en"),
        ("٥/٩/١٤٣١", "ar"),
        ("1431/9/5", "ur"),
        ("5/9/1431", "so"),
        ("5/9/1431 هجری قمری", "fa"),
        ("5/9/1431 hijri", "en"),
    ],
)
def test_a_hijri_day_is_read_in_every_way_it_is_written(text, language):
    assert facts(text, language) == [("date", "2010-08-15")]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1389", "fa", ISO_1389),
        ("۱۳۸۹", "ps", ISO_1389),
        ("१३८९", "ckb", ISO_1389),
        ("هزار و سیصد و هشتاد و نه", "fa", ISO_1389),
        ("1389 shamsi", "en", ISO_1389),
        ("1389 هجری", "fa", ISO_1389),
        ("1431", "ar", "2009-12-18/2010-12-06"),
        ("১৪৩১", "bn", "2009-12-18/2010-12-06"),
        ("1431 هـ", "en", "2009-12-18/2010-12-06"),
        ("1389 hijri", "ar", "1969-03-19/1970-03-08"),
        ("mordad 1389", "en", "2010-07-23/2010-08-22"),
        ("اسد ۱۳۸۹", "fa", "2010-07-23/2010-08-22"),
        ("1389/5", "fa", "2010-07-23/2010-08-22"),
        ("رمضان 1431", "ar", "2010-08-11/2010-09-09"),
    ],
)
def test_a_year_or_a_month_is_no_more_exact_than_it_was_told(text, language, value):
    assert facts(text, language) == [("date", value)]


@pytest.mark.parametrize("text", ["２０１２", "२०१२", "২০১২", "۲۰۱۲", "٢٠١٢", "2012"])
@pytest.mark.parametrize("language", ["fa", "ar", "en"])
def test_a_gregorian_year_is_one_in_all_digits_and_languages(text, language):
    assert facts(text, language) == [("date", "2012")]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("سال ۱۳۸۹", "fa", [("unit", "year"), ("date", ISO_1389)]),
        # Nothing tells whose year it is.
        ("1389", "en", [("number", 1389)]),
        ("1389/5/12", "ro", []),
        # The Kurdish calendar is left alone, and so is what no calendar has.
        ("2710", "ckb", [("number", 2710)]),
        ("1200", "fa", [("number", 1200)]),
        # No such day: the year beside it stays what it is.
        ("31 مهر 1402", "fa", [("number", 31), ("date", "2023-03-21/2024-03-19")]),
        ("1402/12/30", "fa", []),
        # Amounts, lengths of time, everyday words.
        ("1400 روز", "fa", [("number", 1400), ("unit", "day")]),
        ("۵ ماه پیش", "fa", [("ago", "5 month")]),
        ("سرطان", "fa", [("dependent", "yes")]),
        ("مهر", "fa", []),
        ("ramadan", "en", []),
        ("my son 12 years old", "en", [("person", "son"), ("number", 12), ("age", "yes")]),
        ("hijri", "en", []),
    ],
)
def test_what_tells_no_date_of_theirs_gives_none(text, language, expected):
    assert facts(text, language) == expected


def test_the_most_likely_language_decides_the_calendar():
    assert calendar_of(["fa", "ar"]) is Calendar.SOLAR
    assert calendar_of(["ar", "fa"]) is Calendar.HIJRI
    assert calendar_of(["ro", "fa"]) is calendar_of([]) is None


@pytest.mark.parametrize("calendar", list(Calendar))
@pytest.mark.parametrize("year", [1350, 1389, 1402, 1403, 1431, 1450])
def test_months_follow_one_another_without_a_gap_and_fill_their_year(calendar, year):
    first, last = days_of(calendar, year)
    day = first
    for month in range(1, 13):
        start, end = days_of(calendar, year, month)
        assert start == day
        assert parts_of(calendar, end)[:2] == (year, month)
        day = end + dt.timedelta(1)
    assert day == last + dt.timedelta(1)


def test_both_calendars_begin_their_years_on_the_known_days():
    assert days_of(Calendar.SOLAR, 1403)[0] == dt.date(2024, 3, 20)
    assert days_of(Calendar.SOLAR, 1404)[0] == dt.date(2025, 3, 21)
    assert days_of(Calendar.HIJRI, 1445, 9)[0] == dt.date(2024, 3, 11)
