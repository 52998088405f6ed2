"""Dates shown to people, and ages that follow from dates of birth."""

import datetime as dt

import pytest

from actions.interview.births import ages_of, certain_date
from actions.interview.questions import Question
from actions.interview.situation import Situation
from bot.i18n import Language
from bot.i18n.calendars import Calendar, month_name
from bot.i18n.values import Teller
from tests.interview.saying import family, read

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("fa", "3 مهٔ 2023 (13 اردیبهشت 1402)"),
        ("fa-AF", "3 می 2023 (13 ثور 1402)"),
        ("ps", "2023 مۍ 3 (13 غویی 1402)"),
        ("en", "3 May 2023"),
        ("ar", "3 مايو 2023"),
    ],
)
def test_a_day_is_told_in_both_calendars_where_people_live_by_another(tag, told):
    shown = Language(tag).date("2023-05-03")
    assert shown == told or (tag == "en" and shown == "May 3, 2023")


@pytest.mark.parametrize(
    ("month", "told"),
    [
        ("2023-05", "مهٔ 2023 (اردیبهشت – خرداد 1402)"),
        ("2023-03", "مارس 2023 (اسفند 1401 – فروردین 1402)"),
    ],
)
def test_a_month_is_told_as_the_two_in_which_it_lies(month, told):
    assert Language("fa").month(month) == told


def test_a_value_can_be_told_in_the_calendar_that_the_person_used():
    teller = Teller(Language("en"), lambda name, values: name)
    told = teller.tell({"date": "2010-08-15", "calendar": "hijri"})
    assert "2010" in told
    assert told.endswith("(5 Ramadan 1431)")
    assert "(" not in teller.tell({"date": "2010-08-15"})
    assert teller.tell({"date": "2010-08-03", "calendar": "solar"}).endswith("(12 Mordad 1389)")


def test_months_without_a_name_in_the_language_are_told_in_latin_letters():
    assert month_name(Calendar.SOLAR, 2, "ro") == "Ordibehesht"
    assert month_name(Calendar.HIJRI, 9, "ar") == "رمضان"
    assert month_name(Calendar.HIJRI, 9, "so") == "Ramadan"


@pytest.mark.parametrize(
    ("born", "ages"),
    [
        ("2012-05-03", (14, 14)),
        ("2012-11-22", (13, 13)),
        ("2012-11-21", (14, 14)),
        ("2012-05", (14, 14)),
        ("2012-11", (13, 14)),
        ("2012", (13, 14)),
        ("2010-03-21/2011-03-20", (15, 16)),
        ("2010-07-23/2010-08-22", (16, 16)),
        ("2026", (0, 0)),
        ("2027", None),
        ("soon", None),
    ],
)
def test_an_age_is_as_certain_as_the_birthday(born, ages):
    assert ages_of(born, TODAY) == ages


@pytest.mark.parametrize(
    ("date", "certain"),
    [
        ("2023-05", "2023-05"),
        ("2023-07-23/2023-08-22", "2023"),
        ("2023-07-01/2023-07-30", "2023-07"),
        ("2023-03-21/2024-03-19", None),
    ],
)
def test_of_an_interval_only_what_all_its_days_share_is_certain(date, certain):
    assert certain_date(date) == certain


@pytest.mark.parametrize(
    ("message", "members"),
    [
        ("my [son](person=son), [born](age=born) [3 May 2012](date=2012-05-03)", ["son 14"]),
        ("my [son](person=son) is [born](age=born) in [May 2012](date=2012-05)", ["son 14"]),
        (
            "my [son](person=son) is [born](age=born) [Asad 1389](date=2010-07-23/2010-08-22)",
            ["son 16"],
        ),
        # The birthday decides: the age stays open.
        ("my [son](person=son), [born](age=born) in [2012](date=2012)", ["son"]),
        ("[son](person=son) [born](age=born) [1389](date=2010-03-21/2011-03-20)", ["son"]),
        # A date that nobody was born on.
        ("my [son](person=son), [applied](application=pending) [3 May 2012](date=2012-05-03)",
         ["son"]),
        ("[son](person=son), [born](age=born) [5](number=5) [May](month=5)", ["son"]),
        ("my [son](person=son) is about [7](number=7)", ["son 7"]),
        ("my [son](person=son) is [almost](age=almost) [18](number=18)", ["son 17"]),
        ("[almost](age=almost) [18](number=18) [year old](age) [son](person=son)", ["son 17"]),
        # Of a time, not of a person.
        ("[wife](person=wife) in [Turkey](country=TR) [almost](age=almost) [2](number=2)"
         " [years](unit=year)", ["wife TR"]),
    ],
)  # fmt: skip
def test_ages_are_taken_from_days_of_birth_and_words_beside_numbers(message, members):
    assert family(read(message).situation) == members


@pytest.mark.parametrize(
    ("message", "age"),
    [
        ("[I](self) was [born](age=born) [3 May 1990](date=1990-05-03)", 36),
        ("[I am](self) [almost](age=almost) [18](number=18)", 17),
        ("[I](self) was [born](age=born) in [1990](date=1990)", None),
    ],
)
def test_the_writers_own_age_is_read_alike(message, age):
    assert read(message).situation.shared.get("sponsor.age") == age


@pytest.mark.parametrize(("date", "age"), [("2012-05-03", 14), ("2012-05", 14), ("2012", None)])
def test_a_date_answers_the_question_for_an_age(date, age):
    situation = Situation()
    son = situation.add("son")
    question = Question("person_age", ["person.age"], [son.key])
    reading = read(f"[then](date={date})", situation=situation, question=question)
    assert son.facts.get("age") == age
    assert reading.answered == (age is not None)


@pytest.mark.parametrize(
    ("message", "stored"),
    [
        ("[Mordad 1402](date=2023-07-23/2023-08-22)", "2023"),
        ("[1402](date=2023-03-21/2024-03-19)", None),
        ("my son is [born](age=born) [2012](date=2012), we asked in [2023](date=2023-04)",
         "2023-04"),
    ],
)  # fmt: skip
def test_the_day_of_the_asylum_application_is_never_more_certain_than_told(message, stored):
    question = Question("sponsor_asylum_application", ["sponsor.asylum_application"], [])
    situation = read(message, question=question).situation
    assert situation.shared.get("sponsor.asylum_application") == stored
