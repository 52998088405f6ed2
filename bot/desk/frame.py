"""The frame of every page of the desk: language, navigation, who is logged in, one look.

`page(request, "queue.html", {...})` renders a template that extends `_frame.html`; the names
that every template finds are those of `_common`. What is shown after a form stands in `_DONE`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.channels.web.parse import accepted_languages
from bot.desk import csrf
from bot.desk.keys import DESK_ASSETS, DESK_CATALOGS, SESSION, TEMPLATES
from bot.desk.navigation import entries
from bot.desk.roles import Act, may
from bot.i18n import SOURCE_LANGUAGE, Catalogs, Language, Translator
from bot.store.logins import IDLE_SECONDS, Session

FOLDER = Path(__file__).with_name("templates")
STATIC = Path(__file__).with_name("static")
DOMAIN = "desk"
HOME_LANGUAGE = "ro"
ZONE = ZoneInfo("Europe/Bucharest")
_DATES_OF = {"en": "en_GB"}
"""Whose way of writing dates a language follows, where that is not clear."""


def make_templates() -> Environment:
    """Make the templates, compiled at first use; a name that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )


def page(
    request: web.Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> web.Response:
    """Render a page inside the frame.

    Args:
        request: Its session, if it has one, decides the language and the navigation.
        template: A file of `bot/desk/templates` that extends `_frame.html`.
        context: What the template needs beside the common names.
        status: The answer's HTTP status.
    """
    common = _common(request)
    text = request.app[TEMPLATES].get_template(template).render({**common, **(context or {})})
    response = web.Response(text=text, content_type="text/html", status=status)
    response.enable_compression()
    if session_of(request) is None:
        csrf.remember_before_login(request, response, common["csrf"])
    return response


def fragment(request: web.Request, template: str, context: Mapping[str, Any]) -> str:
    """Render a part of a page, for a stream that renews it in place."""
    text = request.app[TEMPLATES].get_template(template).render({**_common(request), **context})
    return str(text)


def session_of(request: web.Request) -> Session | None:
    """Give the request's session, if somebody is logged in."""
    return request.get(SESSION)


def language_of(request: web.Request) -> str:
    """Give the language of the desk's pages: the account's, else what the browser asks for."""
    session = session_of(request)
    if session:
        return session.account.language
    wanted = [request.query.get("language", "")]
    wanted += accepted_languages(request.headers.get("Accept-Language", ""))
    known = offered(request.app[DESK_CATALOGS])
    return next((tag[:2] for tag in wanted if tag[:2] in known), HOME_LANGUAGE)


def languages(request: web.Request) -> dict[str, str]:
    """Give the desk's languages by tag, each with its own name."""
    return {tag: Language(tag).name for tag in offered(request.app[DESK_CATALOGS])}


def offered(catalogs: Catalogs) -> list[str]:
    """Give the tags of the desk's languages: the source needs no catalog."""
    return sorted({SOURCE_LANGUAGE, *catalogs.languages()})


def translator(request: web.Request) -> Translator:
    """Give the translator of the page's language."""
    return Translator(request.app[DESK_CATALOGS], language_of(request))


def back(address: str, done: str = "") -> web.Response:
    """Answer a form: send the browser to a page, which says what was done (a name of `_DONE`)."""
    location = f"{address}{'&' if '?' in address else '?'}done={done}" if done else address
    return web.Response(status=303, headers={"Location": location})


def _common(request: web.Request) -> dict[str, Any]:
    session, words = session_of(request), translator(request)
    role = session.account.role if session else ""
    return {
        "t": words,
        # A list says the same words in every line.
        "pgettext": functools.cache(words.pgettext),
        "npgettext": words.npgettext,
        "language": language_of(request),
        "languages": languages(request),
        "account": session.account if session else None,
        "csrf": session.csrf if session else csrf.token_before_login(request),
        "navigation": [entry for entry in entries(words) if session and may(role, entry.act)],
        "may": lambda act: may(role, Act(act)),
        "path": request.path,
        "asset": lambda name: f"/desk{request.app[DESK_ASSETS].url(name)}",
        "when": lambda at, style="short": _when(at, style, words.language),
        "idle_seconds": IDLE_SECONDS,
        "done": _done(words, request.query.get("done", "")),
        "problem": None,
    }


def _when(at: datetime | None, style: str, language: str) -> str:
    """Tell a moment in Romania's time; nothing for none."""
    if at is None:
        return ""
    locale = _DATES_OF.get(language, language)
    return str(format_datetime(at, style, tzinfo=ZONE, locale=locale))


def _done(words: Translator, name: str) -> str | None:
    return {
        "saved": words.pgettext("desk", "Saved."),
        "password": words.pgettext(
            "desk", "The password is changed. Every other browser was logged out."
        ),
        "session": words.pgettext("desk", "That browser was logged out."),
        "disabled": words.pgettext("desk", "The account is disabled and logged out everywhere."),
    }.get(name)
