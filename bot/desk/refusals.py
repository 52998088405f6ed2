"""What the desk says when something is refused or went wrong: a page, not a program's words."""

from __future__ import annotations

import logging

from aiohttp import web

from bot.desk import frame
from bot.desk.forms import HOME
from bot.desk.guard import LOGIN, Handler, wants_page
from bot.errors import BotError, InboundRejected, NotAuthorised, TooMany
from bot.gateway.logs import describe
from bot.i18n import Translator

log = logging.getLogger(__name__)


@web.middleware
async def as_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn the errors of the desk's pages into pages; the gateway's shape serves scripts."""
    ours = request.path == HOME or request.path.startswith(f"{HOME}/")
    if not ours or not wants_page(request):
        return await handler(request)
    try:
        return await handler(request)
    except NotAuthorised:
        return web.Response(status=303, headers={"Location": LOGIN})
    except InboundRejected as error:
        response = _page(request, error.http_status, error.reason)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _page(request, error.status, "")
    except BotError as error:
        log.error("a page of the desk failed: %s", describe(error))
        return _page(request, error.status, error.code)


def _page(request: web.Request, status: int, reason: str) -> web.Response:
    text = _text(frame.translator(request), status, reason)
    return frame.page(request, "refused.html", {"text": text}, status=status)


def _text(words: Translator, status: int, reason: str) -> str:
    by_reason = {
        "csrf": words.pgettext("desk", "This page was open for too long. Load it again."),
        "role": words.pgettext("desk", "Your role does not allow this."),
    }
    by_status = {
        404: words.pgettext("desk", "There is no such page."),
        409: words.pgettext("desk", "Somebody else was faster. Load the page again."),
        429: words.pgettext("desk", "Too many requests. Wait a little."),
    }
    not_now = words.pgettext("desk", "This does not work for now. Try again.")
    not_so = words.pgettext("desk", "This cannot be done like that.")
    return by_reason.get(reason) or by_status.get(status) or (not_now if status >= 500 else not_so)
