"""GET /desk/cases: who waits, by harm and then by waiting time; folders, filters, search."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urlencode

from aiohttp import web

from bot.desk import audit, durations, frame
from bot.desk.case_texts import Reasons, channel_text, folder_texts, priority_texts
from bot.desk.guard import allowed
from bot.desk.keys import SESSION
from bot.desk.queue_lines import Lines
from bot.desk.roles import Act
from bot.gateway.keys import DATABASE
from bot.i18n import Translator
from bot.store import case_lists, queue
from bot.store.database import Connection
from bot.store.queue import PAGE, Entry, Filters, Folder

PATH = "/desk/cases"
SEARCHED = "conversations.searched"
_FILTERS = ("reason", "priority", "language", "channel", "label")
_MAX_VALUE = 100
_MAX_OFFSET = 100_000


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [web.get(PATH, get_queue), web.get(f"{PATH}/live", get_live)]


@allowed(Act.SEE_CONVERSATIONS)
async def get_queue(request: web.Request) -> web.Response:
    """Show the whole page."""
    if _words_of(request):
        async with request.app[DATABASE].transaction() as connection:
            await audit.record(connection, SEARCHED, request[SESSION].account)
    context = await _context(request)
    async with request.app[DATABASE].transaction() as connection:
        in_use = await case_lists.in_use(connection)
    context["choices"] = _choices(frame.translator(request), in_use)
    return frame.page(request, "queue.html", context)


@allowed(Act.SEE_CONVERSATIONS, by_itself=True)
async def get_live(request: web.Request) -> web.Response:
    """Give the parts of the page that change, for its script."""
    text = frame.fragment(request, "_queue.html", await _context(request))
    response = web.Response(text=text, content_type="text/html")
    response.enable_compression()
    return response


async def _context(request: web.Request) -> dict[str, Any]:
    words, me = frame.translator(request), request[SESSION].account
    sought, filters = _words_of(request), _filters(request)
    async with request.app[DATABASE].transaction() as connection:
        found = await _found(connection, sought, filters)
        entries = found[:PAGE]
        children = await case_lists.children(connection, [entry.id for entry in entries])
        counts = await case_lists.folder_counts(connection, me.id)
        urgent = await case_lists.urgent(connection)
    lines = Lines(words, me.id, durations.now())
    return {
        "lines": [lines.line(entry, entry.id in children) for entry in entries],
        "folders": folder_texts(words),
        "folder": "" if sought else filters.folder,
        "counts": counts,
        "urgent": urgent,
        "sought": sought,
        "chosen": {name: getattr(filters, name) or "" for name in _FILTERS},
        "later": _address(request, filters.offset + PAGE) if len(found) > PAGE else None,
        "earlier": _address(request, filters.offset - PAGE) if filters.offset else None,
        "query": _query(request),
    }


async def _found(connection: Connection, sought: str, filters: Filters) -> list[Entry]:
    """List one more than a page, to know whether there is another."""
    if sought:
        return await queue.search(connection, sought, filters.limit, filters.offset)
    return await queue.queue(connection, filters)


def _words_of(request: web.Request) -> str:
    return request.query.get("q", "").replace("\0", "").strip()[:_MAX_VALUE]


def _filters(request: web.Request) -> Filters:
    asked = request.query
    offset = asked.get("from", "")
    known = offset.isascii() and offset.isdigit() and len(offset) < 7

    def given(name: str) -> str | None:
        return asked.get(name, "")[:_MAX_VALUE].replace("\0", "") or None

    return Filters(
        folder=_folder(asked.get("folder", "")),
        agent=request[SESSION].account.id,
        limit=PAGE + 1,
        offset=min(int(offset), _MAX_OFFSET) if known else 0,
        reason=given("reason"),
        priority=given("priority"),
        language=given("language"),
        channel=given("channel"),
        label=given("label"),
    )


def _folder(asked: str) -> Folder:
    known: dict[str, Folder] = {each: each for each in get_args(Folder)}
    return known.get(asked, "unassigned")


def _choices(words: Translator, in_use: dict[str, list[str]]) -> dict[str, dict[str, str]]:
    """Give what each filter offers: code to words."""
    reasons = Reasons(words)
    return {
        "reason": {code: reasons.text(code) for code in in_use.get("reason", ())},
        "priority": priority_texts(words),
        "language": {
            code: durations.language_text(words, code) for code in in_use.get("language", ())
        },
        "channel": {code: channel_text(words, code) for code in in_use.get("channel", ())},
        "label": {label: label for label in in_use.get("label", ())},
    }


def _query(request: web.Request) -> str:
    """Give the page's own question, for its stream."""
    kept = {"folder", "q", "from", *_FILTERS}
    return urlencode({name: value for name, value in request.query.items() if name in kept})


def _address(request: web.Request, offset: int) -> str:
    kept = {**request.query, "from": str(max(offset, 0))}
    return "?" + urlencode({name: value for name, value in kept.items() if name != "done"})
