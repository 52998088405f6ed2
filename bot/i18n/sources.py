"""Where the English stands: the domain's responses and the pages; collected into templates.

A sentence of the context `desk` is for staff, and goes into the catalog of that name.

Each sentence keeps its file and line, so that a translator can look at its surroundings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from ruamel.yaml import YAML

from bot.i18n.catalogs import (
    CATALOG_NAME,
    DEFAULT_LOCALES,
    DESK_CATALOG,
    catalog_file,
    languages,
)
from bot.i18n.preparation import catalog_in_preparation
from bot.i18n.responses import choice_context, link_context

PAGE_METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}


@dataclass(frozen=True)
class Sources:
    """The files that sentences come from, the catalogs' folder, and which catalog is meant."""

    root: Path = DEFAULT_LOCALES.parent
    name: str = CATALOG_NAME

    @property
    def domain(self) -> Path:
        """The file with the bot's sentences."""
        return self.root / "domain.yml"

    @property
    def locales(self) -> Path:
        """The folder of the catalogs."""
        return self.root / "locales"

    @property
    def template(self) -> Path:
        """The template that all catalogs follow."""
        return self.locales / f"{self.name}.pot"

    def catalog(self, language: str) -> Path:
        """The catalog of a language, on offer or in preparation."""
        return catalog_in_preparation(self.root, language, self.name) or catalog_file(
            self.locales, language, self.name
        )

    def languages(self) -> list[str]:
        """The languages that have this catalog."""
        return languages(self.locales, self.name)


@dataclass(frozen=True)
class Sentence:
    """One English sentence. `kind` is text, title, description, link or page."""

    context: str | None
    english: str
    kind: str
    file: str
    line: int
    other: str | None = None
    counter: str | None = None
    comments: tuple[str, ...] = ()

    @property
    def msgid(self) -> Any:
        """The msgid; a pair where there is a plural."""
        return (self.english, self.other) if self.other else self.english


def sentences(sources: Sources) -> list[Sentence]:
    """All sentences of a catalog: of the domain, then of the pages."""
    if sources.name == DESK_CATALOG:
        return [each for each in _of_pages(sources) if each.context == DESK_CATALOG]
    pages = [each for each in _of_pages(sources) if each.context != DESK_CATALOG]
    return [*_of_domain(sources), *pages]


def template(sources: Sources) -> Any:
    """Build the template catalog from the sources as they stand."""
    catalog = Catalog(
        project="Împreună",
        version="1",
        charset="utf-8",
        header_comment=(
            "# The English sentences of Împreună. Made by `impreuna locales extract`;\n"
            "# do not edit: edit domain.yml or the page."
        ),
    )
    for sentence in sentences(sources):
        catalog.add(
            sentence.msgid,
            context=sentence.context,
            # Without the line: it would change hundreds of comments with each sentence more.
            locations=[(sentence.file, None)],
            auto_comments=list(sentence.comments),
        )
    return catalog


def _of_domain(sources: Sources) -> Iterator[Sentence]:
    if not sources.domain.is_file():
        return
    file = sources.domain.relative_to(sources.root).as_posix()
    root = YAML(typ="safe", pure=True).compose(sources.domain.read_text(encoding="utf-8"))
    for name, variants in _pairs(_child(root, "responses")):
        for response in variants.value[:1]:
            yield from _of_response(file, name, response)


def _of_response(file: str, name: str, response: Any) -> Iterator[Sentence]:
    metadata = _child(response, "metadata")
    plural = _child(metadata, "plural")
    text = _child(response, "text")
    if plural is not None:
        yield _plural_sentence(file, name, plural)
    elif text is not None and text.value:
        yield Sentence(name, text.value, "text", file, _line(text))
    for button in _items(_child(response, "buttons")):
        context = choice_context(name, _child(button, "payload").value)
        title = _child(button, "title")
        yield Sentence(context, title.value, "title", file, _line(title))
        description = _child(button, "description")
        if description is not None:
            yield Sentence(
                f"{context}.description", description.value, "description", file, _line(description)
            )
    for link in _items(_child(metadata, "links")):
        title = _child(link, "title")
        context = link_context(name, _child(link, "url").value)
        yield Sentence(context, title.value, "link", file, _line(title))


def _plural_sentence(file: str, name: str, plural: Any) -> Sentence:
    one = _child(plural, "one")
    return Sentence(
        name,
        one.value,
        "text",
        file,
        _line(one),
        other=_child(plural, "other").value,
        counter=_child(plural, "value").value,
    )


def _of_pages(sources: Sources) -> Iterator[Sentence]:
    found = extract_from_dir(
        sources.root / "bot",
        method_map=PAGE_METHODS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for file, line, msgid, comments, context in found:
        one, other = msgid if isinstance(msgid, tuple) else (msgid, None)
        if one and "{{" not in one:
            yield Sentence(
                context, one, "page", f"bot/{file}", line, other=other, comments=tuple(comments)
            )


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    for key, value in node.value if node is not None else ():
        yield key.value, value


def _child(node: Any, name: str) -> Any:
    if node is None or node.id != "mapping":
        return None
    return next((value for key, value in _pairs(node) if key == name), None)


def _items(node: Any) -> list[Any]:
    return list(node.value) if node is not None else []


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
