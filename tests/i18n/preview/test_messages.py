"""The translators' view: messages as channels show them, what is wrong, what to do first."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.errors import BotError
from bot.i18n.checks import check_all
from bot.i18n.preview import Book
from bot.i18n.preview.difference import difference
from bot.i18n.preview.speaker import counts_of
from bot.i18n.sources import Sources
from tests.i18n.conftest import entry, write_catalog
from tests.i18n.preview.conftest import MACHINE, complete, message, run, shown


def test_a_message_is_shown_as_each_channel_shows_it(project: Sources) -> None:
    menu = message(project, "utter_menu", "en")
    (bubble,) = shown(menu, "whatsapp")
    assert (bubble.kind, [row.title.text for row in bubble.rows]) == (
        "buttons",
        ["My family", "A person"],
    )
    (page,) = shown(menu, "web")
    assert [(row.number, row.title.text) for row in page.rows] == [
        (1, "My family"),
        (2, "A person"),
    ]


def test_descriptions_make_a_list_and_too_many_choices_a_text(project: Sources) -> None:
    (listed,) = shown(message(project, "utter_ask_status", "en"), "whatsapp")
    assert listed.kind == "list"
    assert listed.opener and listed.opener.text == "Choose"
    assert [row.description and row.description.text for row in listed.rows] == [
        "You have a refugee card",
        None,
    ]
    (numbered,) = shown(message(project, "utter_ask_many", "en"), "whatsapp")
    assert numbered.kind == "text"
    assert "12. Option 11" in numbered.body.text


def test_each_part_has_its_length_and_its_limit(project: Sources) -> None:
    (bubble,) = shown(message(project, "utter_menu", "en"), "whatsapp")
    assert (bubble.body.length, bubble.body.limit) == (len("What do you need?"), 1024)
    assert (bubble.rows[0].title.length, bubble.rows[0].title.limit) == (9, 20)


def test_placeholders_are_filled_and_one_without_a_sample_shows_its_name(project: Sources) -> None:
    text = project.domain.read_text().replace("The rule names", "{nobody} names")
    project.domain.write_text(text)
    (bubble,) = shown(message(project, "utter_finding_named", "en"), "web")
    assert bubble.body.text == "[nobody] names the wife."


def test_every_form_of_counting_is_shown_once(project: Sources) -> None:
    file = complete(project)
    assert "nplurals=3" in file.read_text()
    view = message(project, "utter_months")
    texts = [shown(view, "web", number)[0].body.text for number in range(len(view.versions))]
    assert texts == ["1 luni 0", "2 luni 1", "20 luni 2"]


def test_a_form_for_nothing_is_met_too() -> None:
    assert counts_of("(n==0 ? 0 : n==1 ? 1 : 2)") == [0, 1, 2]
    assert counts_of("0") == [1]


def test_what_is_not_finished_is_shown_in_english_and_called_so(project: Sources) -> None:
    content = entry("utter_menu", "What do you need?", "Ce doriți?", "fuzzy")
    content += entry("utter_menu.check", "My family", "Familia mea")
    write_catalog(project.locales, "ro", content)
    view = message(project, "utter_menu")
    (bubble,) = shown(view, "web")
    assert bubble.body.text == "What do you need?"
    assert [row.title.text for row in bubble.rows] == ["Familia mea", "A person"]
    assert view.in_english
    assert [each.standing.value for each in view.sentences] == ["changed", "read", "missing"]


def test_the_change_of_the_english_is_marked_also_after_another_update(project: Sources) -> None:
    complete(project)
    for old, new in (
        ("What do you need?", "What do you need now?"),
        ("My family", "My whole family"),
    ):
        text = project.domain.read_text()
        assert old in text
        project.domain.write_text(text.replace(old, new))
        run(project, "update")
    text, title, _ = message(project, "utter_menu").sentences
    assert [(piece.mark, piece.text) for piece in text.changes[0]] == [
        ("same", "What do you "),
        ("gone", "need?"),
        ("new", "need now?"),
    ]
    assert [piece.text for piece in title.changes[0] if piece.mark == "new"] == ["whole "]
    assert text.comments == ()


def test_a_difference_gives_both_texts_back() -> None:
    before, after = "Within 3 months, write to us.", "Within 6 months write to us again."
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark != "new") == before
    assert "".join(piece.text for piece in pieces if piece.mark != "gone") == after
    assert difference("same", "same")[0].mark == "same"


def test_the_checks_complain_here_as_they_do_in_the_command(project: Sources) -> None:
    content = entry("utter_menu.check", "My family", "Familia mea foarte dragă")
    content += entry("utter_finding_named", "The rule names {person}.", "Regula numește 3.")
    content += entry("page", "Welcome", "Бун")
    write_catalog(project.locales, "ro", content)
    run(project, "update")
    file = "locales/ro/LC_MESSAGES/impreuna.po"
    unfinished = "not translated yet"
    told = [p.message for p in check_all(project, ["ro"]) if p.file == file]
    wanted = Counter(each for each in told if each != unfinished)
    found = Counter(each for m in Book(project).language("ro").messages for each in m.complaints)
    assert sum(wanted.values()) >= 4
    assert found == wanted


def test_the_checks_complain_of_the_english_too(project: Sources) -> None:
    text = project.domain.read_text().replace("My family", "My family far away from here")
    project.domain.write_text(text)
    wanted = [problem.message for problem in check_all(project, ["en"])]
    found = [each for m in Book(project).language("en").messages for each in m.complaints]
    assert found == wanted
    assert len(found) == 1


def test_what_to_do_first_is_told_by_harm_then_by_what_a_reader_suffers(project: Sources) -> None:
    content = (
        entry("utter_menu", "What do you need?", "Ce doriți?", "fuzzy")
        + entry("utter_menu.check", "My family", "Familia mea care a rămas departe")
        + MACHINE
        + entry("utter_choose", "Choose", "Alegeți")
    )
    write_catalog(project.locales, "ro", content)
    told = [(task.group, task.kind) for task in Book(project).language("ro").tasks]
    assert told[:4] == [
        ("safety", "translate"),
        ("safety", "read_again"),
        ("safety", "shorten"),
        ("safety", "mend"),
    ]
    assert told[4:] == [
        ("findings", "translate"),
        ("questions", "translate"),
        ("words", "translate"),
        ("pages", "translate"),
        ("other", "translate"),
        ("other", "read"),
    ]


def test_an_edited_catalog_shows_at_the_next_reading(project: Sources) -> None:
    write_catalog(project.locales, "ro", entry("utter_choose", "Choose", "Alegeți"))
    book = Book(project)
    before = book.language("ro")
    assert book.language("ro") is before
    write_catalog(project.locales, "ro", entry("utter_choose", "Choose", "Alege"))
    after = next(m for m in book.language("ro").messages if m.name == "utter_choose")
    assert shown(after, "web")[0].body.text == "Alege"


def test_a_language_that_is_not_on_offer_is_refused(project: Sources) -> None:
    with pytest.raises(KeyError):
        Book(project).language("../ro")
    with pytest.raises(BotError, match="no such language: xx"):
        run(project, "preview", "xx")
