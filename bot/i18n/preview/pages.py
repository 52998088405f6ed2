"""The view as HTML: parts for the desk, and whole pages that open from a folder.

The desk's own catalog holds the words; no part has a script or an inline style.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.i18n.catalogs import Translator
from bot.i18n.coverage import group_in_words, group_text, readers_in_words
from bot.i18n.preview.book import LanguageView
from bot.i18n.preview.tasks import Task

FOLDER = Path(__file__).with_name("templates")
STATIC = Path(__file__).with_name("static")
_NAMED = 5
"""So many messages of a task are named; the rest is counted."""

Address = Callable[[str, str, str], str]
"""Gives a link's address of a language, a group ("" for all) and a message ("" for none)."""


class Pages:
    """Renders the view in the words of one reader.

    Args:
        words: Of the desk's catalog, in the reader's language.
        address: Where links lead.
    """

    def __init__(self, words: Translator, address: Address) -> None:
        self._words = words
        self._address = address
        self._templates = _environment()

    def overview(self, views: Sequence[LanguageView]) -> Markup:
        """Render what to do first in each language."""
        return self._render("_overview.html", views=views)

    def language(self, view: LanguageView, groups: Sequence[str]) -> Markup:
        """Render the messages of some groups of a language."""
        chosen = {group: own for group, own in view.groups().items() if group in groups}
        return self._render("_language.html", view=view, chosen=chosen)

    def index_page(self, views: Sequence[LanguageView]) -> str:
        """Render the first page of a folder."""
        title = self._words.pgettext("desk", "Translations")
        return self._page(title, self.overview(views))

    def language_page(self, view: LanguageView) -> str:
        """Render a language's whole page."""
        title = self._words.pgettext("desk", "Translations: {language}")
        content = self.language(view, list(view.groups()))
        return self._page(title.format(language=view.name), content)

    def _page(self, title: str, content: Markup) -> str:
        style = Markup(  # noqa: S704 (our own files)
            "".join((STATIC / name).read_text(encoding="utf-8") for name in STYLES)
        )
        return str(self._render("page.html", title=title, content=content, style=style))

    def _render(self, template: str, **context: Any) -> Markup:
        words = self._words
        text = self._templates.get_template(template).render(
            t=words,
            pgettext=functools.cache(words.pgettext),
            npgettext=words.npgettext,
            language=words.language,
            address=self._address,
            group_text=functools.partial(group_text, words=words),
            group_in_words=functools.partial(group_in_words, words=words),
            readers_in_words=functools.partial(readers_in_words, words=words),
            task_text=functools.partial(task_text, words=words),
            most_named=_NAMED,
            **context,
        )
        return Markup(text)  # noqa: S704 (of templates that escape)


STYLES = ("plain.css", "preview.css")
"""What a page of its own needs; the desk has a look already and needs the second alone."""


def task_text(task: Task, words: Translator) -> str:
    """Say what a task asks for."""
    number = len(task.messages)
    text = {
        "translate": words.npgettext(
            "desk", "Translate {number} message", "Translate {number} messages", number
        ),
        "read_again": words.npgettext(
            "desk",
            "Read {number} message again: its English changed",
            "Read {number} messages again: their English changed",
            number,
        ),
        "shorten": words.npgettext(
            "desk",
            "Make {number} message fit: a channel cannot show it as it should",
            "Make {number} messages fit: a channel cannot show them as it should",
            number,
        ),
        "mend": words.npgettext(
            "desk",
            "Look at {number} message that the checks complain about",
            "Look at {number} messages that the checks complain about",
            number,
        ),
        "read": words.npgettext(
            "desk",
            "Let a person read {number} message that a machine translated",
            "Let a person read {number} messages that a machine translated",
            number,
        ),
    }[task.kind]
    return text.format(number=number)


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
