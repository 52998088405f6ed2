"""/desk/api/handoffs: the queue for another system; references, codes and times, nothing else."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from aiohttp import web

from bot.conversations.handoff_states import State
from bot.desk import audit
from bot.desk.cases_at import REFERENCE, find_case
from bot.desk.keys import HANDING_OVER
from bot.desk.token_guard import require_resolve, with_token
from bot.errors import InboundRejected
from bot.gateway.keys import DATABASE
from bot.store import handoffs, mirror

PATH = "/desk/api/handoffs"
_STATES = {State.WAITING.value, State.WITH_AGENT.value, State.CLOSED.value}
_TIMES = ("opened_at", "updated_at", "waiting_since", "claimed_at", "answered_at", "closed_at")
_CODES = ("reference", "reason", "priority", "language", "state", "outcome")
_MOST = 2**62


def routes() -> list[web.RouteDef]:
    """List the addresses of this module."""
    return [
        web.get(PATH, list_handoffs),
        web.get(f"{PATH}/{REFERENCE}", get_handoff),
        web.post(f"{PATH}/{REFERENCE}/resolve", post_resolve),
    ]


@with_token
async def list_handoffs(request: web.Request) -> web.Response:
    """GET ?since=&after=&state=: what changed, the oldest change first, a page at a time."""
    since, after, state = _since(request), _after(request), request.query.get("state")
    if state is not None and state not in _STATES:
        raise InboundRejected(f"A state is one of {', '.join(sorted(_STATES))}.", reason="state")
    async with request.app[DATABASE].transaction() as connection:
        found = await mirror.changed(connection, since, after, state)
    shown = found[: mirror.PAGE]
    more = len(found) > len(shown)
    last = shown[-1] if more else None
    following = last and {"since": _iso(last["updated_at"]), "after": last["id"]}
    return web.json_response({"handoffs": [told(row) for row in shown], "next": following})


@with_token
async def get_handoff(request: web.Request) -> web.Response:
    """GET /{reference}: one request; 404 once the person deleted it."""
    return web.json_response(await _read(request, await find_case(request)))


@with_token
async def post_resolve(request: web.Request) -> web.Response:
    """POST /{reference}/resolve {"outcome"}: close it; the person is told.

    It counts as done by whoever made the key; the counsellor who has it, if anybody has, is
    taken as agreed: the other system is where the organisation works.
    """
    token, outcome = require_resolve(request), await _outcome(request)
    handoff = await find_case(request)
    async with request.app[DATABASE].transaction() as connection:
        conversation, standing = await handoffs.lock(connection, handoff)
    await request.app[HANDING_OVER].resolve(handoff, token.made_by, outcome, standing.agent)
    async with request.app[DATABASE].transaction() as connection:
        await audit.record(
            connection, "api.resolved", None, conversation.id, token=token.id, outcome=outcome
        )
    return web.json_response(await _read(request, handoff))


def told(row: dict[str, Any]) -> dict[str, str | None]:
    """Give what is told of a handoff: chosen here, so that a new column is told to nobody."""
    return {
        **{name: row[name] for name in _CODES},
        **{name: _iso(row[name]) for name in _TIMES},
    }


async def _read(request: web.Request, handoff: int) -> dict[str, str | None]:
    async with request.app[DATABASE].transaction() as connection:
        row = await mirror.one(connection, handoff)
    if row is None:
        raise web.HTTPNotFound
    return told(row)


async def _outcome(request: web.Request) -> str:
    try:
        body = json.loads(await request.text())
    except (ValueError, LookupError):
        body = None
    outcome = body.get("outcome") if isinstance(body, dict) else None
    if not isinstance(outcome, str):
        raise InboundRejected('Send {"outcome": "helped"} as JSON.', reason="invalid_json")
    return outcome


def _since(request: web.Request) -> datetime | None:
    raw = request.query.get("since")
    if raw is None:
        return None
    try:
        # In an address a "+" that was not escaped arrives as a blank.
        since = datetime.fromisoformat(raw.strip().replace(" ", "+").replace("Z", "+00:00"))
    except ValueError:
        since = None
    if since is None or since.tzinfo is None or not 1970 < since.year < 9999:
        raise InboundRejected("A time has a zone: 2026-11-22T10:00:00Z.", reason="since")
    return since


def _after(request: web.Request) -> int:
    raw = request.query.get("after", "0")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 20):
        raise InboundRejected("`after` is a number that an answer gave.", reason="after")
    return min(int(raw), _MOST)


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
