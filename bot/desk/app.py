"""The desk, added to the gateway's application: its parts, its routes, its own headers.

A module of pages gives its routes by `routes()` and is named in `_PAGES`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from bot.channels.web.assets import Assets
from bot.desk import (
    account,
    audit_page,
    case_actions,
    case_page,
    files,
    invitation,
    learning_page,
    live,
    login,
    media_page,
    mirror_api,
    monitoring_page,
    queue_page,
    refusals,
    staff_pages,
    tokens_page,
    translations,
)
from bot.desk.frame import DOMAIN, STATIC, make_templates
from bot.desk.guard import is_guarded
from bot.desk.keys import (
    DESK_ASSETS,
    DESK_CATALOGS,
    HANDING_OVER,
    NOTED,
    PASSWORDS,
    POLICY,
    TEMPLATES,
    WATCH,
)
from bot.desk.passwords import Passwords
from bot.desk.watch import Watch
from bot.gateway.handing_over import HandingOver
from bot.gateway.keys import DATABASE, SETTINGS, VAULT, VOICE
from bot.gateway.limits import Limiter, Rate
from bot.gateway.worker import end
from bot.i18n import Catalogs
from bot.i18n.catalogs import DEFAULT_LOCALES
from bot.i18n.preview import Book
from bot.i18n.sources import Sources
from bot.store.vault import open_vault

_PAGES = (
    account,
    audit_page,
    case_actions,
    case_page,
    files,
    invitation,
    learning_page,
    live,
    login,
    media_page,
    mirror_api,
    monitoring_page,
    queue_page,
    staff_pages,
    tokens_page,
    translations,
)
_LISTENER_SECONDS = 2.0
_NOTED = Rate(burst=1, per_second=1 / 600)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def add_desk(app: web.Application, passwords: Passwords | None = None) -> None:
    """Add the desk to the gateway's application, before it is started.

    Args:
        app: As `bot.gateway.app.create_app` makes it.
        passwords: How passwords are hashed; tests make it cheap.

    Raises:
        ConfigError: If the kept encryption key cannot be read.
    """
    if VAULT not in app:
        app[VAULT] = open_vault(app[SETTINGS])
    app[PASSWORDS] = passwords or Passwords()
    app[NOTED] = Limiter(_NOTED)
    app[DESK_ASSETS] = Assets(STATIC)
    app[DESK_CATALOGS] = Catalogs(DEFAULT_LOCALES, DOMAIN)
    app[TEMPLATES] = make_templates()
    translations.add_book(app, Book(Sources()))
    app[HANDING_OVER] = HandingOver(app[DATABASE], app[VOICE])
    app[WATCH] = Watch(app[SETTINGS].require_database())
    app.cleanup_ctx.append(_watching)
    app.on_shutdown.append(_end_streams)
    app.middlewares.append(refusals.as_pages)
    app.on_response_prepare.append(_add_headers)
    add_routes(app, [route for page in _PAGES for route in page.routes()])


def add_routes(app: web.Application, routes: list[web.RouteDef]) -> None:
    """Add pages of the desk.

    Raises:
        TypeError: If a handler says neither who may come in nor that everybody may.
    """
    for route in routes:
        if not is_guarded(route.handler):
            raise TypeError(f"{route.path} is not guarded: see bot/desk/guard.py")
    app.router.add_routes(routes)


async def _watching(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[WATCH].run(), name="desk watch")
    yield
    await end(task, _LISTENER_SECONDS)


async def _end_streams(app: web.Application) -> None:
    app[WATCH].close()


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Let nobody frame or embed the desk, unlike the chat."""
    if request.path != "/desk" and not request.path.startswith("/desk/"):
        return
    response.headers["Content-Security-Policy"] = request.get(POLICY, _POLICY)
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
