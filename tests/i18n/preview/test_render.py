"""Whether every message comes out in every language on every channel."""

from __future__ import annotations

import re

import pytest

from bot.i18n import Catalogs, Responses
from bot.i18n.catalogs import DEFAULT_LOCALES
from bot.i18n.cli import main
from bot.i18n.preview import Book
from bot.i18n.preview.samples import FILE, Samples
from bot.i18n.responses import PLACEHOLDER
from bot.i18n.sources import Sources
from tests.i18n.preview.conftest import complete, run


def test_render_goes_through_all_values_and_finds_nothing(
    project: Sources, capsys: pytest.CaptureFixture[str]
) -> None:
    complete(project)
    capsys.readouterr()
    assert run(project, "render") == 0
    told = capsys.readouterr().out
    # 10 messages, one in three forms, two with {person}, of which there are four samples.
    assert "ro: 11 messages; WhatsApp: 19 times, 19 bubbles; Web chat: 19 times" in told
    assert "en: 11 messages; WhatsApp: 18 times" in told
    assert told.endswith("every message comes out\n")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "My family ~"', 'msgstr ""', "utter_menu: English is said: the title “My family”"),
        ('msgctxt "utter_choose"', '#, fuzzy\nmsgctxt "utter_choose"', "utter_choose: English is"),
        ("My family ~", "My family far away from here", "“My family far away from here” has 28"),
        ("Choose ~", "Choose one of all these here", "utter_ask_status: WhatsApp: the button"),
        ("A person ~", "My Family ~", "utter_menu: WhatsApp: two choices read the same"),
        ("names {person}. ~", "names {people}. ~", "utter_finding_named: it cannot be said"),
        ("The law ~", "The law as it stands there", "utter_finding_named: WhatsApp: the link"),
        ("refugee card ~", "refugee card" * 7, "utter_ask_status: WhatsApp: the line below"),
        ("need? ~", "need? " * 300, "utter_menu: WhatsApp: the text has"),
    ],
)
def test_render_names_what_does_not_come_out(
    project: Sources, capsys: pytest.CaptureFixture[str], old: str, new: str, fault: str
) -> None:
    file = complete(project)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    capsys.readouterr()
    assert run(project, "render", "ro") == 1
    assert fault in capsys.readouterr().out


def test_every_placeholder_of_the_product_has_a_sample_that_can_be_said() -> None:
    domain = DEFAULT_LOCALES.parent / "domain.yml"
    names = set(PLACEHOLDER.findall(domain.read_text(encoding="utf-8")))
    assert len(names) > 5
    samples = Samples()
    assert [name for name in sorted(names) if name not in samples] == []
    known = Responses(domain, Catalogs())
    named = set(re.findall(r"\butter_\w+", FILE.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if name not in known] == []


def test_every_message_of_the_product_can_be_said_in_every_language() -> None:
    book = Book(Sources())
    for tag in book.languages():
        versions = [(m.name, each) for m in book.everything(tag).messages for each in m.versions]
        assert len(versions) > 400
        assert [(name, each.failure) for name, each in versions if each.failure] == [], tag


def test_every_message_of_the_product_comes_out_in_english(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["render", "en"]) == 0, capsys.readouterr().out
