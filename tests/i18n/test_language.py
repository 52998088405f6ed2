"""Names, directions and formats come from CLDR, for languages of any number."""

from __future__ import annotations

import pytest

from bot.i18n import Language
from bot.i18n.isolation import isolate, isolate_runs, without_isolates


@pytest.mark.parametrize(
    ("tag", "name", "direction", "script"),
    [
        ("en", "English", "ltr", "LATIN"),
        ("ro", "română", "ltr", "LATIN"),
        ("ar", "العربية", "rtl", "ARABIC"),
        ("ckb", "کوردیی ناوەندی", "rtl", "ARABIC"),
        ("ti", "ትግርኛ", "ltr", "ETHIOPIC"),
        ("uk", "українська", "ltr", "CYRILLIC"),
        ("zz", "zz", "ltr", "LATIN"),
    ],
)
def test_a_language_knows_itself(tag: str, name: str, direction: str, script: str) -> None:
    language = Language(tag)
    assert (language.name, language.direction, language.script) == (name, direction, script)


def test_values_are_told_in_the_language() -> None:
    romanian = Language("ro")
    assert romanian.date("2026-05-03") == "3 mai 2026"
    assert romanian.month("2023-05") == "mai 2023"
    assert romanian.list(["a", "b", "c"]) == "a, b și c"
    assert romanian.list(["a", "b"], "or") == "a sau b"
    assert romanian.number(12345) == "12.345"
    assert romanian.language_name("ar") == "arabă"
    assert romanian.country_name("TR") == "Turcia"
    assert Language("en").language_name("zz") == "zz"


def show(text: str) -> str:
    return text.replace("\u2068", "<").replace("\u2069", ">")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("اتصل بالرقم +40 21 313 5555 الآن", "اتصل بالرقم <+40 21 313 5555> الآن"),
        ("القانون 122/2006 (IGI).", "القانون <122/2006 (IGI)>."),
        ("المكتب (IGI) هنا", "المكتب <(IGI)> هنا"),
        ("عمر 18 سنة", "عمر 18 سنة"),
        ("قبل {day} أو {n}", "قبل {day} أو {n}"),
        ("رقم <112> و <+40 21>", "رقم <112> و <+40 21>"),
        ("Only Latin 12-34", "Only Latin 12-34"),
    ],
)
def test_runs_in_right_to_left_text_are_fenced(text: str, expected: str) -> None:
    given = text.replace("<", "\u2068").replace(">", "\u2069")
    fenced = isolate_runs(given, "rtl")
    assert show(fenced) == expected
    assert without_isolates(fenced) == without_isolates(given)
    assert isolate_runs(fenced, "rtl") == fenced


def test_values_are_fenced_only_where_they_could_be_reordered() -> None:
    assert show(isolate("Ana", "rtl")) == "<Ana>"
    assert show(isolate("+40 21", "rtl")) == "<+40 21>"
    assert show(isolate("أحمد", "rtl")) == "أحمد"
    assert show(isolate("18", "rtl")) == "18"
    assert show(isolate("أحمد", "ltr")) == "<أحمد>"
    assert show(isolate("Ana", "ltr")) == "Ana"
    assert isolate("", "rtl") == ""


def test_left_to_right_text_is_left_alone() -> None:
    assert isolate_runs("Sunați +40 21 313 5555", "ltr") == "Sunați +40 21 313 5555"


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("en", "your wife: named", "Your wife: named"),
        ("fr", "époux : nommé", "Époux : nommé"),
        ("tr", "iki çocuğunuz: adı geçiyor", "İki çocuğunuz: adı geçiyor"),
        ("ar", "\u2068Amina\u2069: ", "\u2068Amina\u2069: "),
        ("en", "\u2068amina\u2069: ", "\u2068Amina\u2069: "),
        ("ar", "زوجتك: ", "زوجتك: "),
        ("en", "12 years", "12 years"),
        ("en", "", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_letter(tag: str, text: str, expected: str) -> None:
    assert Language(tag).capitalised(text) == expected
