"""`impreuna locales preview` and `impreuna locales render`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import shorten

from bot.errors import BotError
from bot.i18n.catalogs import DESK_CATALOG, SOURCE_LANGUAGE, Catalogs, Translator
from bot.i18n.coverage import Standing
from bot.i18n.preview.book import Book, LanguageView
from bot.i18n.preview.messages import MessageView
from bot.i18n.preview.pages import Pages
from bot.i18n.sources import Sources

INDEX = "index"
_QUOTED = 60


class UnknownLanguage(BotError):
    """No catalog of that language stands in the folder."""

    code = "unknown_language"


def preview(sources: Sources, tags: Sequence[str], out: Path, reader: str) -> int:
    """Write the view as pages that open from a folder, and say where.

    Args:
        sources: Where the files are.
        tags: The languages; none means all.
        out: The folder; it is made.
        reader: The language of the pages' own words.

    Returns:
        0.

    Raises:
        UnknownLanguage: If one of them is not on offer.
    """
    book = Book(sources)
    views = [book.language(tag) for tag in _chosen(book, tags)]
    words = Translator(Catalogs(sources.locales, DESK_CATALOG), reader)
    pages = Pages(words, _address)
    out.mkdir(parents=True, exist_ok=True)
    for view in views:
        (out / f"{view.tag}.html").write_text(pages.language_page(view), encoding="utf-8")
    index = out / f"{INDEX}.html"
    index.write_text(pages.index_page(views), encoding="utf-8")
    _say(f"{len(views)} languages: open {index.resolve().as_uri()}")
    return 0


def render(sources: Sources, tags: Sequence[str]) -> int:
    """Render every message in every language on every channel, and print what does not come out.

    Returns:
        1 if a message is missing, falls back to English, breaks a limit or cannot be said.

    Raises:
        UnknownLanguage: If one of the languages is not on offer.
    """
    book = Book(sources)
    faulty = 0
    for tag in _chosen(book, tags):
        view = book.everything(tag)
        told = list(_faults(view))
        faulty += len(told)
        for line in (_counted(view), *told):
            _say(f"{tag}: {line}")
    _say(f"{faulty} to put right" if faulty else "every message comes out")
    return 1 if faulty else 0


def _faults(view: LanguageView) -> Iterator[str]:
    for message in _said(view.messages):
        yield from (f"{message.name}: {fault}" for fault in _gaps(message))
        yield from (f"{message.name}: {fault}" for fault in message.faults)


def _gaps(message: MessageView) -> Iterator[str]:
    for each in message.sentences:
        if each.standing is Standing.MISSING:
            english = shorten(each.sentence.english, _QUOTED, placeholder="\u2026")
            yield f"English is said: the {each.sentence.kind} “{english}” is missing"
        elif each.standing is Standing.CHANGED:
            yield f"English is said: the English of the {each.sentence.kind} changed"


def _counted(view: LanguageView) -> str:
    """Tell how much was rendered: "383 messages; WhatsApp: 1210 in 1225 bubbles; ..."."""
    messages = list(_said(view.messages))
    times: Counter[str] = Counter()
    bubbles: Counter[str] = Counter()
    for message in messages:
        for showing in (showing for each in message.versions for showing in each.showings):
            times[showing.channel.title] += 1
            bubbles[showing.channel.title] += len(showing.bubbles)
    channels = [f"{name}: {times[name]} times, {bubbles[name]} bubbles" for name in times]
    return "; ".join([f"{len(messages)} messages", *channels])


def _said(messages: Iterable[MessageView]) -> Iterator[MessageView]:
    """Leave out the pages' texts, which are no messages."""
    return (message for message in messages if message.versions)


def _chosen(book: Book, tags: Sequence[str]) -> Sequence[str]:
    known = book.languages()
    for tag in tags:
        if tag not in known:
            raise UnknownLanguage(f"no such language: {tag}; there are {', '.join(known)}")
    # The source is complete by itself, and comes first as what the others are compared with.
    return list(tags) or [SOURCE_LANGUAGE, *(tag for tag in known if tag != SOURCE_LANGUAGE)]


def _address(tag: str, group: str, message: str) -> str:
    place = message or (f"group-{group}" if group else "")
    return f"{tag}.html" + (f"#{place}" if place else "")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
