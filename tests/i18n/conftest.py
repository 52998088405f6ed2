"""A small project with a domain, a page and catalogs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.i18n.sources import Sources

DOMAIN = """version: "3.1"
responses:
  utter_ask_status:
  - text: "What is your status in Romania?"
    buttons:
    - title: "Refugee"
      payload: '/inform{"status": "refugee"}'
      description: "You have a refugee card"
    - title: "Other"
      payload: '/inform{"status": "other"}'
    metadata:
      numbered: false
      links: [{title: "The law", url: "https://example.org/law"}]
  utter_phone:
  - text: "Call +40 21 313 5555 before {day}, Law 122/2006."
  utter_months:
  - text: "{n_months} months are left."
    metadata:
      plural:
        value: n_months
        one: "{n_months} month is left."
        other: "{n_months} months are left."
  utter_word_wife:
  - text: "your wife"
  utter_word_wife_other:
  - text: "the wife"
  utter_family:
  - text: "You told us about {people}."
"""
PAGE = '<h1>{{ pgettext("page", "Welcome") }}</h1>'
CODE = 'TITLE = pgettext("page", "Talk to us")\n'


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    templates = tmp_path / "bot" / "channels" / "web" / "templates"
    templates.mkdir(parents=True)
    (templates / "chat.html").write_text(PAGE)
    (tmp_path / "bot" / "page.py").write_text(CODE)
    write_catalog(tmp_path / "locales", "en", "")
    return Sources(tmp_path)


def write_catalog(locales: Path, language: str, content: str, plural: str = "") -> Path:
    """Write a catalog with a header."""
    file = locales / language / "LC_MESSAGES" / "impreuna.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    if plural:
        header += f'"Plural-Forms: {plural}\\n"\n'
    file.write_text(header + "\n" + content, encoding="utf-8")
    return file


def entry(context: str, english: str, translation: str, flag: str = "") -> str:
    """One entry of a catalog."""
    flags = f"#, {flag}\n" if flag else ""
    return f'{flags}msgctxt "{context}"\nmsgid "{english}"\nmsgstr "{translation}"\n\n'
