"""GET /desk/translations: every message as each channel shows it, and what a translator does first.

The same parts as `impreuna locales preview` writes, made of the catalogs as they stand now: an
edited file shows at the next look.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from aiohttp import web

from bot.channels.web.assets import Assets
from bot.desk import frame
from bot.desk.guard import allowed
from bot.desk.roles import Act
from bot.i18n.preview import Book, LanguageView, Pages
from bot.i18n.preview.pages import STATIC

PATH = "/desk/translations"
BOOK = web.AppKey("translations_book", Book)
ASSETS = web.AppKey("translations_assets", Assets)
_STYLE = "preview.css"
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


def add_book(app: web.Application, book: Book) -> None:
    """Give the desk the catalogs to show, before it is started; nothing is read yet."""
    app[BOOK] = book
    app[ASSETS] = Assets(STATIC)


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [
        web.get(PATH, get_overview),
        web.get(PATH + "/{language}", get_language),
        web.get(PATH + "/static/{digest}/{name}", get_style),
    ]


@allowed(Act.SEE_TRANSLATIONS)
async def get_overview(request: web.Request) -> web.Response:
    """Show how far each language is."""
    book = request.app[BOOK]
    # Reading takes too long for the loop that everybody's messages pass through.
    views = await asyncio.to_thread(lambda: [book.language(tag) for tag in book.languages()])
    content = _pages(request).overview(views)
    return _answer(request, "translations.html", content=content)


@allowed(Act.SEE_TRANSLATIONS)
async def get_language(request: web.Request) -> web.Response:
    """Show the messages of one group of a language; of the most harmful one at first."""
    view = await _view(request)
    own = list(view.groups())
    group = request.query.get("group", own[0] if own else "")
    if group not in own:
        raise web.HTTPNotFound
    pages = _pages(request)
    content = await asyncio.to_thread(pages.language, view, [group])
    return _answer(request, "translations_language.html", content=content, view=view)


@allowed(Act.SEE_TRANSLATIONS, by_itself=True)
async def get_style(request: web.Request) -> web.Response:
    """Give the look of the messages; its address changes with it."""
    asset = request.app[ASSETS].find(request.match_info["name"])
    if asset is None or request.match_info["digest"] != asset.digest:
        raise web.HTTPNotFound
    return web.Response(
        body=asset.plain, content_type=asset.content_type, charset="utf-8", headers=_FOR_EVER
    )


async def _view(request: web.Request) -> LanguageView:
    try:
        tag = request.match_info["language"]
        return await asyncio.to_thread(request.app[BOOK].language, tag)
    except KeyError:
        raise web.HTTPNotFound from None


def _pages(request: web.Request) -> Pages:
    return Pages(frame.translator(request), address)


def _answer(request: web.Request, template: str, **context: object) -> web.Response:
    style = f"{PATH}{request.app[ASSETS].url(_STYLE)}"
    return frame.page(request, template, {"style": style, **context})


def address(tag: str, group: str, message: str) -> str:
    """Give the address of a language's page, a group on it, a message on it."""
    query = f"?{urlencode({'group': group})}" if group else ""
    return f"{PATH}/{tag}{query}" + (f"#{message}" if message else "")
