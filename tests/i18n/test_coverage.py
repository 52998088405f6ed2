"""How far a language is: told by the harm of its gaps, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.i18n import Catalogs, Responses, Translator
from bot.i18n.catalogs import DEFAULT_LOCALES
from bot.i18n.cli import main
from bot.i18n.coverage import Standing, coverage, entries, group_of, group_text, groups, in_words
from bot.i18n.sources import Sources, sentences
from tests.i18n.conftest import entry, write_catalog

STATUS = "What is your status in Romania?"
MACHINE = "# unreviewed: machine\n"
ENGLISH = Translator(Catalogs(Path("nowhere")), "en")
DOMAIN = DEFAULT_LOCALES.parent / "domain.yml"


@pytest.mark.parametrize(
    ("context", "group"),
    [
        ("utter_safety", "safety"),
        ("utter_safety_abroad", "safety"),
        ("utter_menu.ask_menu", "safety"),
        ("utter_ask_language", "safety"),
        ("utter_flag_urgent", "safety"),
        ("utter_kept_voice", "safety"),
        ("utter_finding_elig", "findings"),
        ("utter_reason_B12a", "findings"),
        ("utter_guidance_none", "findings"),
        ("utter_ask_sponsor_status.inform.sponsor_status.refugee", "questions"),
        ("utter_ask_sponsor_status.inform.sponsor_status.refugee.description", "questions"),
        ("utter_why_person_age", "questions"),
        ("utter_answer_costs", "answers"),
        ("utter_privacy_kept", "answers"),
        ("utter_word_wife_other", "words"),
        ("utter_reply_hello", "replies"),
        ("utter_menus", "other"),
        ("utter_thank", "other"),
        ("page", "pages"),
        (None, "pages"),
        ("desk", "desk"),
    ],
)
def test_a_sentence_is_of_one_group_by_its_messages_name(context: str, group: str) -> None:
    assert group_of(context) == group


def test_the_groups_stand_in_the_order_of_harm() -> None:
    order = "safety findings questions answers words replies pages desk other"
    assert groups() == tuple(order.split())


def test_every_group_has_a_name_of_its_own() -> None:
    names = {group_text(group, ENGLISH) for group in groups()}
    assert len(names) == len(groups())


def test_hardly_any_message_of_the_product_is_of_no_group() -> None:
    names = list(Responses(DOMAIN, Catalogs()).names())
    found = [group_of(name) for name in names]
    assert set(found) >= {"safety", "findings", "questions", "answers", "words", "replies"}
    assert found.count("other") < len(names) / 10


def test_each_sentence_stands_in_one_of_four_ways(sources: Sources) -> None:
    content = (
        entry("utter_word_wife", "your wife", "soția")
        + MACHINE
        + entry("utter_word_wife_other", "the wife", "soția")
        + entry("utter_ask_status", STATUS, "Ce?", "fuzzy")
        + entry("page", "Welcome", "")
    )
    write_catalog(sources.locales, "ro", content)
    told = coverage("ro", sentences(sources), entries(sources, "ro"))
    assert told.groups["words"] == {Standing.READ: 1, Standing.MACHINE: 1}
    assert told.groups["questions"] == {Standing.CHANGED: 1, Standing.MISSING: 5}
    assert told.groups["pages"] == {Standing.MISSING: 2}
    assert told.count(Standing.MISSING) == 5 + 2 + 2
    assert list(told.groups) == ["questions", "words", "pages", "other"]


def test_the_standing_is_told_in_words(sources: Sources) -> None:
    content = (
        entry("utter_word_wife", "your wife", "soția")
        + MACHINE
        + entry("utter_word_wife_other", "the wife", "soția")
        + entry("utter_ask_status", STATUS, "Ce?", "fuzzy")
    )
    write_catalog(sources.locales, "ro", content)
    told = in_words(coverage("ro", sentences(sources), entries(sources, "ro")), ENGLISH)
    assert told == (
        "questions: 5 missing, 1 whose English changed; words complete; pages: 2 missing; "
        "other sentences: 2 missing; 1 read by a person, 1 by a machine only"
    )


def test_status_tells_it_for_each_language_and_no_percentage(
    sources: Sources, capsys: pytest.CaptureFixture[str]
) -> None:
    write_catalog(sources.locales, "ro", entry("utter_word_wife", "your wife", "soția"))
    write_catalog(sources.locales, "uk", entry("utter_word_wife", "your wife", "дружина"))
    assert main(["--root", str(sources.root), "status"]) == 0
    told = capsys.readouterr().out
    assert told.count("words: 1 missing") == 2
    assert "%" not in told


def test_the_desk_tells_it_in_the_readers_language() -> None:
    desk = Translator(Catalogs(DEFAULT_LOCALES, "desk"), "ro")
    for group in groups():
        assert group_text(group, desk) != group_text(group, ENGLISH), group
