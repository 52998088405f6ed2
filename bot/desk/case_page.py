"""GET /desk/cases/<reference>: the case card, notes and labels, the transcript, the reply."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from aiohttp import web

from bot.conversations.handoff import OUTCOMES
from bot.conversations.text import MAX_CHARACTERS
from bot.desk import audit, durations, frame
from bot.desk.canned import canned_replies, canned_values
from bot.desk.case_card import make_card
from bot.desk.case_texts import (
    Reasons,
    channel_text,
    contact_reason_texts,
    outcome_texts,
    priority_texts,
    state_texts,
)
from bot.desk.cases_at import REFERENCE, case_path, find_case
from bot.desk.gist import Gist
from bot.desk.guard import allowed
from bot.desk.keys import SESSION
from bot.desk.roles import TABLE, Act, may
from bot.desk.transcript import make_items
from bot.gateway.answers import DEFAULT_LANGUAGE
from bot.gateway.keys import DATABASE, VOICE
from bot.i18n import Language, Translator
from bot.store import case_lists, cases
from bot.store.cases import Case
from bot.store.database import Connection

SHOWN = 200
"""So many of the last messages are shown, unless all are asked for."""


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [
        web.get(f"/desk/cases/{REFERENCE}", get_case),
        web.get(f"/desk/cases/{REFERENCE}/live", get_live),
    ]


@allowed(Act.SEE_CONVERSATIONS)
async def get_case(request: web.Request) -> web.Response:
    """Show a conversation."""
    return await show_case(request)


@allowed(Act.SEE_CONVERSATIONS, by_itself=True)
async def get_live(request: web.Request) -> web.Response:
    """Give the parts of the page that change, for its script."""
    text = frame.fragment(request, "_case.html", await _context(request))
    response = web.Response(text=text, content_type="text/html")
    response.enable_compression()
    return response


async def show_case(
    request: web.Request,
    *,
    problem: str | None = None,
    draft: str = "",
    contact: Mapping[str, str] | None = None,
) -> web.Response:
    """Show a conversation's page.

    Args:
        request: Its address names the conversation.
        problem: Why something that was asked for could not be done.
        draft: What was typed and not sent.
        contact: The person's names on the channel, where they may be seen now.

    Raises:
        web.HTTPNotFound: If the conversation is gone.
    """
    context = {**await _context(request), "draft": draft, "contact": contact}
    if problem:
        context["problem"] = problem
    return frame.page(request, "case.html", context, status=409 if problem else 200)


async def _context(request: web.Request) -> dict[str, Any]:
    handoff = await find_case(request)
    words, voice = frame.translator(request), request.app[VOICE]
    async with request.app[DATABASE].transaction() as connection:
        case = await cases.case(connection, handoff)
        if case is None:
            raise web.HTTPNotFound
    await audit.viewed(request, case.conversation)
    whole = "all" in request.query
    async with request.app[DATABASE].transaction() as connection:
        rows = await _rows(connection, case, whole)
        told = await case_lists.told_findings(connection, case.conversation)
        ticks = await case_lists.ticks(connection, case.conversation) if case.pushed else {}
        labels = await cases.all_labels(connection)
        colleagues = await case_lists.colleagues(connection, sorted(TABLE[Act.ANSWER]))
    gist = Gist(voice, words.language)
    now = durations.now()
    window_open = case.window_until is None or case.window_until > now
    since = case.unanswered_since or case.waiting_since
    return {
        "case": case,
        "case_path": case_path(request.match_info["reference"]),
        "card": make_card(words, case, told, now),
        "items": make_items(words, rows, case.events, ticks, gist, window_open),
        "moment": lambda at: durations.moment_text(words, at, now),
        "day": lambda raw: durations.date_text(words, date.fromisoformat(raw)),
        "is_cut": bool(rows) and rows[0]["seq"] > 1 and not whole,
        "waiting": durations.span_text(words, since, now),
        "key": secrets.token_urlsafe(12),
        "all_labels": [label for label in labels if label not in case.labels],
        "colleagues": [one for one in colleagues if one["id"] != case.agent],
        "max_characters": MAX_CHARACTERS,
        "draft": "",
        "contact": None,
        **_standing(request, case),
        **_texts(words, case),
        **_replies(request, case),
    }


async def _rows(connection: Connection, case: Case, whole: bool) -> list[dict[str, Any]]:
    """Read the last messages, or all of them, page by page."""
    newest = await case_lists.newest_seq(connection, case.conversation)
    after = 0 if whole else max(0, newest - SHOWN)
    rows: list[dict[str, Any]] = []
    while True:
        page = await cases.transcript(connection, case.conversation, after)
        rows += page
        if len(page) < cases.PAGE_OF_TRANSCRIPT:
            return rows
        after = page[-1]["seq"]


def _standing(request: web.Request, case: Case) -> dict[str, Any]:
    """Tell what whoever looks may do with it now."""
    account = request[SESSION].account
    is_mine = case.state == "with_agent" and case.agent == account.id
    assigns = may(account.role, Act.ASSIGN_OTHERS)
    return {
        "is_mine": is_mine,
        # A coordinator may give away, return and close what is a colleague's.
        "may_move": case.state == "with_agent" and (is_mine or assigns),
        "may_assign": case.state == "waiting" and assigns,
        "may_resolve": case.state == "waiting"
        or (case.state == "with_agent" and (is_mine or assigns)),
    }


def _texts(words: Translator, case: Case) -> dict[str, Any]:
    ends, reasons = outcome_texts(words), Reasons(words)
    return {
        "reason": reasons.text(case.reason),
        "priority": priority_texts(words).get(case.priority, case.priority),
        "state": state_texts(words).get(case.state, case.state),
        "channel": channel_text(words, case.channel),
        "speaks": durations.language_text(words, case.language),
        "outcomes": {code: ends.get(code, code) for code in OUTCOMES},
        "outcome": ends.get(case.outcome or "", case.outcome or ""),
        "contact_reasons": contact_reason_texts(words),
        "other_cases": [
            {**other, "reason": reasons.text(other["reason"])} for other in case.others
        ],
    }


def _replies(request: web.Request, case: Case) -> dict[str, Any]:
    account, speaks = request[SESSION].account, case.language or DEFAULT_LANGUAGE
    values = canned_values(account.first_name, case.reference)
    reads = frame.language_of(request)
    return {
        "replies": canned_replies(request.app[VOICE], reads, speaks, values),
        "speaks_tag": speaks,
        "speaks_direction": Language(speaks).direction,
    }
