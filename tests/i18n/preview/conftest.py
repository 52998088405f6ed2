"""A small project in English, with a message of every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.i18n.cli import main
from bot.i18n.preview import Book
from bot.i18n.preview.channels import Bubble
from bot.i18n.preview.messages import MessageView
from bot.i18n.sources import Sources
from tests.i18n.conftest import write_catalog

WORDS = "wife adopted_child_other stepdaughter someone".split()
MANY = "".join(
    f"""
    - title: "Option {number}"
      payload: '/option{{"n": "{number}"}}'"""
    for number in range(12)
)
DOMAIN = f"""version: "3.1"
responses:
  utter_menu:
  - text: "What do you need?"
    buttons:
    - title: "My family"
      payload: /check
    - title: "A person"
      payload: /human
  utter_ask_status:
  - text: "What is your status?"
    buttons:
    - title: "Refugee"
      payload: '/inform{{"status": "refugee"}}'
      description: "You have a refugee card"
    - title: "Other"
      payload: '/inform{{"status": "other"}}'
  utter_ask_many:
  - text: "Which one?"
    buttons:{MANY}
  utter_finding_named:
  - text: "The rule names {{person}}."
    metadata:
      links: [{{title: "The law", url: "https://example.org/law"}}]
  utter_months:
  - text: "{{n_months}} months are left."
    metadata:
      plural:
        value: n_months
        one: "{{n_months}} month is left."
        other: "{{n_months}} months are left."
  utter_choose:
  - text: "Choose"
  utter_word_aged:
  - text: "{{person}} ({{age}})"
""" + "".join(f'  utter_word_{word}:\n  - text: "the {word}"\n' for word in WORDS)
PAGE = '<h1>{{ pgettext("page", "Welcome") }}</h1>'
MACHINE = "# unreviewed: machine\n"
THREE = (
    "nplurals=3; plural=(n==1 ? 0 : n==0 || (n!=1 && n%100>=1 && n%100<=19) ? 1 : 2)"
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Sources:
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    templates = tmp_path / "bot" / "channels" / "web" / "templates"
    templates.mkdir(parents=True)
    (templates / "chat.html").write_text(PAGE)
    write_catalog(tmp_path / "locales", "en", "")
    return Sources(tmp_path)


def run(sources: Sources, *arguments: str) -> int:
    return main(["--root", str(sources.root), *arguments])


def message(sources: Sources, name: str, tag: str = "ro") -> MessageView:
    return next(each for each in Book(sources).language(tag).messages if each.name == name)


def shown(view: MessageView, channel: str, version: int = 0) -> list[Bubble]:
    showings = view.versions[version].showings
    return list(next(each for each in showings if each.channel.name == channel).bubbles)


def complete(sources: Sources, tag: str = "ro") -> Path:
    """A catalog with a translation of everything, so that nothing is left to complain about."""
    write_catalog(sources.locales, tag, "", THREE)
    run(sources, "update")
    file = sources.catalog(tag)
    text = file.read_text(encoding="utf-8")
    text = re.sub(
        r'(msgctxt "([^"]*)"\nmsgid "(.*)"\n)msgstr ""\n', r'\1msgstr "\3 ~"\n', text
    )  # fmt: skip
    text = re.sub(r'msgstr\[(\d)\] ""', r'msgstr[\1] "{n_months} luni \1"', text)
    file.write_text(text, encoding="utf-8")
    return file
