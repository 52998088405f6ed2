"""GET /desk/audit: who saw and did what, for administrators; to read, never to change."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from bot.desk import audit, frame
from bot.desk.guard import allowed
from bot.desk.keys import SESSION
from bot.desk.roles import Act
from bot.desk.staff_texts import action_texts
from bot.gateway.keys import DATABASE
from bot.i18n import Translator
from bot.store import audit as log
from bot.store import staff

_PAGE_OF_ENTRIES = 100
_MOST = 2**62


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [web.get("/desk/audit", get_audit)]


@allowed(Act.READ_AUDIT)
async def get_audit(request: web.Request) -> web.Response:
    """Show the log, the newest first; that it was read is in it too."""
    wanted = _filter(request)
    words = frame.translator(request)
    async with request.app[DATABASE].transaction() as connection:
        await audit.record(connection, "audit.read", request[SESSION].account)
        found = await log.entries(connection, wanted, _PAGE_OF_ENTRIES + 1)
        accounts = await staff.everybody(connection)
    shown = found[:_PAGE_OF_ENTRIES]
    names = {str(account.id): account.name for account in accounts}
    context = {
        "entries": [_readable(entry, names, words) for entry in shown],
        "accounts": accounts,
        "actions": action_texts(words),
        "wanted": wanted,
        "older": _older(wanted, shown) if len(found) > len(shown) else None,
    }
    return frame.page(request, "audit.html", context)


def _filter(request: web.Request) -> log.Filter:
    query = request.query
    before = query.get("before", "")
    known = before.isascii() and before.isdigit() and len(before) < 20
    return log.Filter(
        staff=_uuid(query.get("staff", "")),
        action=query.get("action") if query.get("action", "").isprintable() else None,
        conversation=_uuid(query.get("conversation", "")),
        before=min(int(before), _MOST) if known else None,
    )


def _uuid(raw: str) -> UUID | None:
    try:
        return UUID(raw.strip())
    except ValueError:
        return None


def _readable(entry: dict[str, Any], names: dict[str, str], words: Translator) -> dict[str, Any]:
    detail = dict(entry["detail"])
    whom = detail.pop("staff", None)
    return {
        **entry,
        "text": action_texts(words).get(entry["action"], entry["action"]),
        "whom": names.get(whom, whom) if whom else None,
        "detail": ", ".join(f"{name}: {value}" for name, value in detail.items()),
    }


def _older(wanted: log.Filter, shown: list[dict[str, Any]]) -> str:
    kept = {**vars(wanted), "before": shown[-1]["id"]}
    return "?" + urlencode({name: str(value) for name, value in kept.items() if value})
