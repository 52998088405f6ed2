"""POST /desk/cases/<reference>/<act>: what is done with a conversation.

Whether it can be is decided by `bot.gateway.handing_over`, under the conversation's lock; a
refusal shows the page again, with the reason and with what was typed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from bot.conversations.handoff_states import Refused
from bot.desk import audit, frame
from bot.desk.canned import canned_values
from bot.desk.case_page import show_case
from bot.desk.case_texts import CONTACT_REASONS, refusal_text
from bot.desk.cases_at import REFERENCE, case_path, find_case
from bot.desk.forms import read_form
from bot.desk.guard import Handler, allowed
from bot.desk.keys import HANDING_OVER, SESSION
from bot.desk.roles import TABLE, Act, may
from bot.gateway.handing_over import HandingOver
from bot.gateway.keys import DATABASE, VAULT
from bot.gateway.middlewares import unlimited
from bot.store import case_lists, cases
from bot.store.aliases import address_of
from bot.store.cases import Case
from bot.store.staff import Account

CONTACT = "contact.shown"
_QUEUE = "/desk/cases?folder=mine"
_MAX_KEY = 64


@dataclass(frozen=True)
class Asked:
    """A form that was sent about a conversation."""

    request: web.Request
    form: dict[str, str]
    case: Case
    account: Account

    @property
    def desk(self) -> HandingOver:
        """Whoever does it."""
        return self.request.app[HANDING_OVER]

    @property
    def holder(self) -> UUID | None:
        """Who has the conversation, where a coordinator acts for them; else None."""
        return self.case.agent if may(self.account.role, Act.ASSIGN_OTHERS) else None

    def read_colleague(self) -> UUID:
        """Give the account that was chosen.

        Raises:
            Refused: If none was.
        """
        try:
            return UUID(self.form.get("to", ""))
        except ValueError:
            raise Refused("unknown_agent") from None


Do = Callable[[Asked], Awaitable[None]]


def routes() -> list[web.RouteDef]:
    """List the forms of this module."""
    acts: dict[str, tuple[Act, Do]] = {
        "claim": (Act.ANSWER, _claim),
        "assign": (Act.ASSIGN_OTHERS, _assign),
        "transfer": (Act.ANSWER, _transfer),
        "release": (Act.ANSWER, _release),
        "return": (Act.ANSWER, _return_to_bot),
        "resolve": (Act.ANSWER, _resolve),
        "reopen": (Act.ANSWER, _reopen),
        "reply": (Act.ANSWER, _reply),
        "canned": (Act.ANSWER, _reply_canned),
        "note": (Act.ANSWER, _note),
        "label": (Act.ANSWER, _label),
        "unlabel": (Act.ANSWER, _unlabel),
    }
    path = f"/desk/cases/{REFERENCE}"
    forms = [web.post(f"{path}/{name}", _handler(*act)) for name, act in acts.items()]
    return [*forms, web.post(f"{path}/contact", post_contact)]


def _handler(act: Act, do: Do) -> Handler:
    """Make the handler of one form."""

    @unlimited
    @allowed(act)
    async def post(request: web.Request) -> web.StreamResponse:
        asked = await _asked(request)
        try:
            _require_meant(asked)
            await do(asked)
        except Refused as refused:
            problem = refusal_text(frame.translator(request), refused.reason, refused.agent)
            return await show_case(request, problem=problem, draft=asked.form.get("text", ""))
        return frame.back(_next(asked))

    return post


@allowed(Act.SEE_CONTACT)
async def post_contact(request: web.Request) -> web.Response:
    """Show the person's number, once, and note who looked at it and what for."""
    asked = await _asked(request)
    reason = asked.form.get("reason", "")
    if reason not in CONTACT_REASONS:
        problem = refusal_text(frame.translator(request), "unknown_reason", None)
        return await show_case(request, problem=problem)
    async with request.app[DATABASE].transaction() as connection:
        await audit.record(
            connection, CONTACT, asked.account, asked.case.conversation, reason=reason
        )
        names = await address_of(connection, request.app[VAULT], asked.case.conversation)
    return await show_case(request, contact=names)


async def _asked(request: web.Request) -> Asked:
    form, handoff = await read_form(request), await find_case(request)
    async with request.app[DATABASE].transaction() as connection:
        case = await cases.case(connection, handoff)
    if case is None:
        raise web.HTTPNotFound
    return Asked(request, form, case, request[SESSION].account)


def _require_meant(asked: Asked) -> None:
    """Make sure that the form is about the handoff that its page showed."""
    if asked.form.get("handoff") != str(asked.case.id):
        raise Refused("not_open")


def _next(asked: Asked) -> str:
    """Give where to go on: the queue, if the form says so, else the conversation."""
    path = case_path(asked.request.match_info["reference"])
    return _QUEUE if asked.form.get("then") == "queue" else path


async def _claim(asked: Asked) -> None:
    await asked.desk.claim(asked.case.id, asked.account.id)
    await _record(asked, "conversation.claimed")


async def _assign(asked: Asked) -> None:
    to = asked.read_colleague()
    await _require_answers(asked, to)
    await asked.desk.assign(asked.case.id, asked.account.id, to)
    await _record(asked, "conversation.assigned", staff=to)


async def _transfer(asked: Asked) -> None:
    to = asked.read_colleague()
    await _require_answers(asked, to)
    await asked.desk.transfer(asked.case.id, asked.account.id, to, asked.holder)
    await _record(asked, "conversation.transferred", staff=to)


async def _require_answers(asked: Asked, to: UUID) -> None:
    """Make sure that a conversation goes to somebody who can answer it."""
    async with asked.request.app[DATABASE].transaction() as connection:
        known = await case_lists.colleagues(connection, sorted(TABLE[Act.ANSWER]))
    if to not in {one["id"] for one in known}:
        raise Refused("unknown_agent")


async def _release(asked: Asked) -> None:
    await asked.desk.release(asked.case.id, asked.account.id, asked.holder)
    await _record(asked, "conversation.released")


async def _return_to_bot(asked: Asked) -> None:
    await asked.desk.return_to_bot(asked.case.id, asked.account.id, asked.holder)
    await _record(asked, "conversation.returned")


async def _resolve(asked: Asked) -> None:
    outcome = asked.form.get("outcome", "")
    await asked.desk.resolve(asked.case.id, asked.account.id, outcome, asked.holder)
    await _record(asked, "conversation.resolved", outcome=outcome)


async def _reopen(asked: Asked) -> None:
    await asked.desk.reopen(asked.case.id, asked.account.id)
    await _record(asked, "conversation.reopened")


async def _reply(asked: Asked) -> None:
    key, text = asked.form.get("key", "")[:_MAX_KEY], asked.form.get("text", "")
    replied = await asked.desk.reply_text(asked.case.id, asked.account.id, text, key)
    if replied.new:
        await _record(asked, "conversation.answered")


async def _reply_canned(asked: Asked) -> None:
    key, name = asked.form.get("key", "")[:_MAX_KEY], asked.form.get("name", "")
    values = canned_values(asked.account.first_name, asked.case.reference)
    replied = await asked.desk.reply_canned(asked.case.id, asked.account.id, name, key, values)
    if replied.new:
        await _record(asked, "conversation.answered", reply=name)


async def _note(asked: Asked) -> None:
    if await asked.desk.note(asked.case.id, asked.account.id, asked.form.get("text", "")) is None:
        raise Refused("empty")
    await _record(asked, "conversation.noted")


async def _label(asked: Asked) -> None:
    added = asked.form.get("label", "").strip()
    if not added:
        raise Refused("empty")
    await asked.desk.label(asked.case.id, [*asked.case.labels, added])
    await _record(asked, "conversation.labelled")


async def _unlabel(asked: Asked) -> None:
    removed = asked.form.get("label", "")
    kept = [label for label in asked.case.labels if label != removed]
    await asked.desk.label(asked.case.id, kept)
    await _record(asked, "conversation.labelled")


async def _record(asked: Asked, action: str, **detail: str | UUID) -> None:
    """Write down what was done; `staff` is to whom."""
    async with asked.request.app[DATABASE].transaction() as connection:
        await audit.record(connection, action, asked.account, asked.case.conversation, **detail)
