"""GET /desk/media/<id>: a picture, a voice note or a file, opened from the vault for staff.

Each opening stands in the audit log. The file comes with a policy of its own that lets it load
and run nothing, as the type that was told if that is harmless, else to be saved.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from aiohttp import web

from bot.desk import audit
from bot.desk.guard import allowed
from bot.desk.keys import POLICY, SESSION
from bot.desk.media_types import is_inline, plain_type
from bot.desk.roles import Act
from bot.gateway.keys import DATABASE, VAULT
from bot.store import case_lists, media
from bot.store.media import Kept

OPENED = "media.opened"
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
_UNSAFE = re.compile(r"[^\w .()-]+")
_MAX_NAME = 80


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [web.get(r"/desk/media/{media:\d{1,15}}", get_media)]


@allowed(Act.SEE_CONVERSATIONS)
async def get_media(request: web.Request) -> web.Response:
    """Give one file.

    Raises:
        web.HTTPNotFound: If it was erased, was never fetched, or was not handed over.
    """
    number = int(request.match_info["media"])
    async with request.app[DATABASE].transaction() as connection:
        conversation = await case_lists.conversation_of_media(connection, number)
        kept = await media.read(connection, request.app[VAULT], number) if conversation else None
        if kept is None:
            raise web.HTTPNotFound
        if (request.http_range.start or 0) == 0:
            account = request[SESSION].account
            await audit.record(connection, OPENED, account, conversation, media=number)
    request[POLICY] = _POLICY
    return _answer(request, kept, number)


def _answer(request: web.Request, kept: Kept, number: int) -> web.Response:
    inline = is_inline(kept.mime_type)
    response = web.Response(
        body=kept.content,
        content_type=plain_type(kept.mime_type) if inline else "application/octet-stream",
    )
    disposition = "inline" if inline else "attachment"
    name = quote(_file_name(kept, number))
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{name}"
    response.headers["Accept-Ranges"] = "bytes"
    _cut(request, response, kept.content)
    return response


def _cut(request: web.Request, response: web.Response, content: bytes) -> None:
    """Give the asked part only: players jump in a recording."""
    if "Range" not in request.headers:
        return
    start, stop, _ = request.http_range.indices(len(content))
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable
    response.set_status(206)
    response.body = content[start:stop]
    response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"


def _file_name(kept: Kept, number: int) -> str:
    """Give a harmless name; a person's own one without what systems read into names."""
    name = _UNSAFE.sub("_", kept.filename or "").strip(" .")[-_MAX_NAME:]
    return name or f"{kept.kind}-{number}"
