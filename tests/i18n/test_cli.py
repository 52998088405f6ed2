"""The translators' command: extracting, merging, counting."""

from __future__ import annotations

import pytest

from bot.i18n.cli import main
from bot.i18n.merge import read_catalog
from bot.i18n.sources import Sources, sentences
from tests.i18n.conftest import entry, write_catalog

STATUS = "What is your status in Romania?"


def run(sources: Sources, *arguments: str) -> int:
    return main(["--root", str(sources.root), *arguments])


def edit(sources: Sources, old: str, new: str) -> None:
    text = sources.domain.read_text(encoding="utf-8")
    assert old in text
    sources.domain.write_text(text.replace(old, new), encoding="utf-8")


def test_every_sentence_is_found_with_its_place(sources: Sources) -> None:
    found = {(s.context, s.english): s for s in sentences(sources)}
    assert set(found) == {
        ("utter_ask_status", STATUS),
        ("utter_ask_status.inform.status.refugee", "Refugee"),
        ("utter_ask_status.inform.status.refugee.description", "You have a refugee card"),
        ("utter_ask_status.inform.status.other", "Other"),
        ("utter_ask_status.link.example.org/law", "The law"),
        ("utter_phone", "Call +40 21 313 5555 before {day}, Law 122/2006."),
        ("utter_months", "{n_months} month is left."),
        ("utter_word_wife", "your wife"),
        ("utter_word_wife_other", "the wife"),
        ("utter_family", "You told us about {people}."),
        ("page", "Welcome"),
        ("page", "Talk to us"),
    }
    status = found[("utter_ask_status", STATUS)]
    assert (status.file, status.line) == ("domain.yml", 4)
    assert found[("page", "Welcome")].file == "bot/channels/web/templates/chat.html"


def test_extract_writes_the_template_once(sources: Sources) -> None:
    assert run(sources, "extract") == 0
    before = sources.template.read_bytes()
    assert b"utter_ask_status" in before
    assert run(sources, "extract") == 0
    assert sources.template.read_bytes() == before


def test_a_sentence_more_changes_nothing_of_the_others(sources: Sources) -> None:
    file = write_catalog(sources.locales, "ro", entry("utter_word_wife", "your wife", "soția"))
    run(sources, "update")
    before = file.read_text().splitlines()
    edit(sources, "responses:\n", 'responses:\n  utter_first:\n  - text: "First."\n')
    run(sources, "update")
    after = file.read_text().splitlines()
    more = ["#: domain.yml", 'msgctxt "utter_first"', 'msgid "First."', 'msgstr ""', ""]
    assert sorted(after) == sorted([*before, *more])


def test_a_new_language_is_begun_and_not_begun_twice(sources: Sources) -> None:
    assert run(sources, "add", "uk") == 0
    catalog = read_catalog(sources.root / "preparation" / "uk" / "impreuna.po", "uk")
    assert len(catalog) == 12
    assert catalog.num_plurals == 3
    assert run(sources, "add", "uk") == 1


def test_an_update_keeps_translations_comments_and_order(sources: Sources) -> None:
    content = "# ask Maria\n" + entry("utter_word_wife", "your wife", "soția")
    file = write_catalog(sources.locales, "ro", content)
    assert run(sources, "update") == 0
    message = read_catalog(file, "ro").get("your wife", "utter_word_wife")
    assert (message.string, message.user_comments) == ("soția", ["ask Maria"])
    before = file.read_bytes()
    assert run(sources, "update") == 0
    assert file.read_bytes() == before


def test_a_small_edit_makes_fuzzy_with_the_previous_english_beside(sources: Sources) -> None:
    file = write_catalog(sources.locales, "ro", entry("utter_ask_status", STATUS, "Ce statut?"))
    edit(sources, STATUS, "What is your legal status in Romania?")
    run(sources, "update")
    catalog = read_catalog(file, "ro")
    message = catalog.get("What is your legal status in Romania?", "utter_ask_status")
    assert (message.string, message.fuzzy) == ("Ce statut?", True)
    assert f'#| msgid "{STATUS}"' in file.read_text()
    # Another edit rewrites the file.
    edit(sources, "your wife", "the wife of yours")
    run(sources, "update")
    assert f'#| msgid "{STATUS}"' in file.read_text()
    assert "# |" not in file.read_text()


def test_an_edit_that_leaves_the_meaning_keeps_the_translation(sources: Sources) -> None:
    content = entry("utter_ask_status", STATUS, "Ce statut?")
    content += entry("utter_word_wife", "your wife", "soția")
    file = write_catalog(sources.locales, "ro", content)
    edit(sources, STATUS, "What is your status, in Romania?")
    edit(sources, "your wife", "your wifes")
    run(sources, "update", "--same-meaning", "utter_ask_status")
    catalog = read_catalog(file, "ro")
    kept = catalog.get("What is your status, in Romania?", "utter_ask_status")
    assert (kept.string, kept.fuzzy) == ("Ce statut?", False)
    assert catalog.get("your wifes", "utter_word_wife").fuzzy


def test_a_rewritten_sentence_begins_anew_and_the_old_one_is_kept_aside(sources: Sources) -> None:
    file = write_catalog(sources.locales, "ro", entry("utter_ask_status", STATUS, "Ce statut?"))
    edit(sources, STATUS, "Tell me how you came here.")
    run(sources, "update")
    catalog = read_catalog(file, "ro")
    assert not catalog.get("Tell me how you came here.", "utter_ask_status").string
    assert '#~ msgstr "Ce statut?"' in file.read_text()


def test_a_similar_sentence_of_another_response_lends_nothing(sources: Sources) -> None:
    content = entry("utter_gone", "your wifes", "soțiile")
    file = write_catalog(sources.locales, "ro", content)
    run(sources, "update")
    assert not read_catalog(file, "ro").get("your wife", "utter_word_wife").string


def test_status_counts_by_language(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    content = entry("utter_word_wife", "your wife", "soția") + entry(
        "utter_ask_status", STATUS, "Ce?", "fuzzy"
    )
    write_catalog(sources.locales, "ro", content)
    assert run(sources, "status") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "1 of 12 translated, 1 fuzzy, 10 missing" in lines[1]
