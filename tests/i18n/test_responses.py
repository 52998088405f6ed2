"""A response is said in a language, with its values, choices and links."""

from __future__ import annotations

import pytest

from bot.i18n import Catalogs, MissingValue, Responses, UnknownResponse
from bot.i18n.responses import choice_context
from bot.i18n.sources import Sources
from tests.i18n.conftest import entry, write_catalog

MONTHS = """msgctxt "utter_months"
msgid "{n_months} month is left."
msgid_plural "{n_months} months are left."
msgstr[0] "Mai este {n_months} lună."
msgstr[1] "Mai sunt {n_months} luni."
msgstr[2] "Mai sunt {n_months} de luni."
"""
ROMANIAN_PLURAL = "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100>0 && n%100<20)) ? 1 : 2);"


@pytest.fixture
def responses(sources: Sources) -> Responses:
    romanian = (
        entry("utter_ask_status", "What is your status in Romania?", "Ce statut aveți?")
        + entry("utter_ask_status.inform.status.refugee", "Refugee", "Refugiat")
        + entry(
            "utter_ask_status.inform.status.refugee.description",
            "You have a refugee card",
            "Aveți permis de refugiat",
        )
        + entry("utter_ask_status.link.example.org/law", "The law", "Legea")
        + entry("utter_family", "You told us about {people}.", "Ne-ați spus despre {people}.")
        + entry("utter_word_wife", "your wife", "soția dumneavoastră")
        + MONTHS
    )
    write_catalog(sources.locales, "ro", romanian, ROMANIAN_PLURAL)
    arabic = entry(
        "utter_phone",
        "Call +40 21 313 5555 before {day}, Law 122/2006.",
        "اتصل بالرقم +40 21 313 5555 قبل {day}، القانون 122/2006.",
    )
    write_catalog(sources.locales, "ar", arabic)
    return Responses(sources.domain, Catalogs(sources.locales))


def test_text_choices_and_links_are_translated_each_by_itself(responses: Responses) -> None:
    said = responses.render("utter_ask_status", "ro")
    assert said.text == "Ce statut aveți?"
    assert [(c.title, c.description) for c in said.choices] == [
        ("Refugiat", "Aveți permis de refugiat"),
        ("Other", None),
    ]
    assert said.choices[0].payload == '/inform{"status": "refugee"}'
    assert [(link.title, link.url) for link in said.links] == [("Legea", "https://example.org/law")]
    assert said.numbered is False


def test_without_a_translation_it_is_said_in_english_values_too(responses: Responses) -> None:
    said = responses.render("utter_phone", "ro", {"day": {"date": "2026-05-03"}})
    assert said.text == "Call +40 21 313 5555 before May 3, 2026, Law 122/2006."


def test_numbers_in_right_to_left_text_are_fenced(responses: Responses) -> None:
    said = responses.render("utter_phone", "ar", {"day": {"date": "2026-05-03"}})
    shown = said.text.replace("\u2068", "<").replace("\u2069", ">")
    expected = "اتصل بالرقم <+40 21 313 5555> قبل <3 مايو 2026>، القانون <122/2006>."
    assert shown == expected


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "Mai este 1 lună."),
        ({"number": 5}, "Mai sunt 5 luni."),
        (20, "Mai sunt 20 de luni."),
    ],
)
def test_a_count_chooses_the_form(responses: Responses, count: object, text: str) -> None:
    assert responses.render("utter_months", "ro", {"n_months": count}).text == text


def test_a_count_chooses_the_english_form_too(responses: Responses) -> None:
    assert responses.render("utter_months", "en", {"n_months": 1}).text == "1 month is left."
    assert responses.render("utter_months", "ar", {"n_months": 2}).text == "2 months are left."


def test_lists_and_other_responses_are_values(responses: Responses) -> None:
    people = {"list": [{"response": "utter_word_wife"}, "Ana", {"country": "TR"}]}
    said = responses.render("utter_family", "ro", {"people": people})
    assert said.text == "Ne-ați spus despre soția dumneavoastră, Ana și Turcia."


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Ana", "Ana"),
        (7, "7"),
        (["a", "b"], "a și b"),
        ({"month": "2023-05"}, "mai 2023"),
        ({"language": "ar"}, "arabă"),
        ({"digits": "+40 21"}, "+40 21"),
        ({"list": ["a", "b"], "style": "or"}, "a sau b"),
        ({"own_name": "en"}, "English"),
        ({"lines": ["a", {"country": "TR"}]}, "a\nTurcia"),
    ],
)
def test_every_kind_of_value_is_told(responses: Responses, value: object, told: str) -> None:
    said = responses.render("utter_family", "ro", {"people": value})
    assert said.text == f"Ne-ați spus despre {told}."


@pytest.mark.parametrize(
    ("asker", "told"),
    [(None, "your wife"), ("sponsor", "your wife"), ("helper", "the wife")],
)
def test_who_asks_chooses_the_variant_of_a_sentence_and_of_its_words(
    responses: Responses, asker: str | None, told: str
) -> None:
    assert responses.render("utter_word_wife", "en", {"asker": asker}).text == told
    values = {"asker": asker, "people": {"response": "utter_word_wife"}}
    assert responses.render("utter_family", "en", values).text == f"You told us about {told}."


def test_choices_that_only_an_action_knows_are_told_as_values(responses: Responses) -> None:
    choices = [
        {"title": {"response": "utter_word_wife"}, "payload": "/a"},
        {"title": {"own_name": "ar"}, "payload": "/b", "description": {"language": "ar"}},
    ]
    said = responses.render("utter_family", "ro", {"people": "x"}, choices)
    assert [(c.title, c.payload, c.description) for c in said.choices] == [
        ("soția dumneavoastră", "/a", None),
        ("\u2068العربية\u2069", "/b", "arabă"),
    ]


def test_a_missing_value_an_unknown_kind_and_an_unknown_name_are_errors(
    responses: Responses,
) -> None:
    for values in ({}, {"people": None}):
        with pytest.raises(MissingValue, match="people"):
            responses.render("utter_family", "ro", values)
    with pytest.raises(ValueError, match="colour"):
        responses.render("utter_family", "ro", {"people": {"colour": "red"}})
    with pytest.raises(UnknownResponse):
        responses.render("utter_nothing", "ro")


def test_a_value_with_braces_is_no_placeholder(responses: Responses) -> None:
    said = responses.render("utter_family", "en", {"people": "{day}"})
    assert said.text == "You told us about {day}."


def test_a_choice_keeps_its_context_when_others_move() -> None:
    payload = '/inform{"b": "x", "a": 1}'
    assert choice_context("utter_a", payload) == "utter_a.inform.a.1.b.x"
    assert choice_context("utter_a", "/affirm") == "utter_a.affirm"
