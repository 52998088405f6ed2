"""Keeping the accounts: adding, inviting anew (a lost phone or password), changing, disabling.

Nobody does this to their own account, so one administrator is always left.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timezone

from aiohttp import web

from bot.desk import audit, frame, invitation
from bot.desk.forms import read_form, read_id
from bot.desk.guard import allowed
from bot.desk.identity import first_name_of, read_email, read_name
from bot.desk.keys import SESSION
from bot.desk.roles import Act, Role, may
from bot.desk.staff_texts import role_names, role_tasks
from bot.errors import InboundRejected
from bot.gateway.keys import DATABASE, SETTINGS
from bot.store import logins, staff
from bot.store.database import Connection
from bot.store.staff import Account

_LIST = "/desk/staff"
_ONE = "/desk/staff/{staff}"


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [
        web.get(_LIST, get_list),
        web.post(_LIST, post_new),
        web.get(_ONE, get_one),
        web.post(_ONE, post_change),
        web.post(f"{_ONE}/invite", post_invite),
        web.post(f"{_ONE}/disable", post_disable),
    ]


@allowed(Act.KEEP_ACCOUNTS)
async def get_list(request: web.Request) -> web.Response:
    """GET /desk/staff: every account."""
    return await _list(request)


@allowed(Act.KEEP_ACCOUNTS)
async def post_new(request: web.Request) -> web.Response:
    """POST /desk/staff: add an account, and show its link once."""
    form, words = await read_form(request), frame.translator(request)
    email, name = read_email(form.get("email", "")), read_name(form.get("name", ""))
    role = form.get("role", "")
    if email is None or name is None or role not in set(Role):
        return await _list(request, words.pgettext("desk", "Check the name, the e-mail, the role."))
    async with _changing(request) as connection:
        first_name, language = first_name_of(name), frame.language_of(request)
        account = await staff.add(connection, email, name, first_name, role, language)
        if account:
            key = await invitation.invite(connection, account)
            await audit.record(
                connection, "staff.added", request[SESSION].account, staff=account.id, role=role
            )
    if account is None:
        return await _list(request, words.pgettext("desk", "This e-mail has an account already."))
    return _show_link(request, account, key)


@allowed(Act.KEEP_ACCOUNTS)
async def get_one(request: web.Request) -> web.Response:
    """GET /desk/staff/{staff}: one account."""
    async with request.app[DATABASE].transaction() as connection:
        account = await _account(connection, request)
    return _one(request, account)


@allowed(Act.KEEP_ACCOUNTS)
async def post_change(request: web.Request) -> web.Response:
    """POST /desk/staff/{staff}: another name or role."""
    form, words = await read_form(request), frame.translator(request)
    name, role = read_name(form.get("name", "")), form.get("role", "")
    first_name = read_name(form.get("first_name", ""))
    async with _changing(request) as connection:
        account = await _other(connection, request)
        if name is None or first_name is None or role not in set(Role):
            return _one(request, account, words.pgettext("desk", "Check the names and the role."))
        await staff.change(connection, account.id, name, first_name, role)
        await audit.record(
            connection, "staff.changed", request[SESSION].account, staff=account.id, role=role
        )
    return frame.back(_ONE.format(staff=account.id), "saved")


@allowed(Act.KEEP_ACCOUNTS)
async def post_invite(request: web.Request) -> web.Response:
    """POST .../invite: a new link; password, second factor and sessions end."""
    async with _changing(request) as connection:
        account = await _other(connection, request)
        key = await invitation.invite(connection, account)
        await logins.end_all(connection, account.id)
        await audit.record(connection, "staff.invited", request[SESSION].account, staff=account.id)
    return _show_link(request, account, key)


@allowed(Act.KEEP_ACCOUNTS)
async def post_disable(request: web.Request) -> web.Response:
    """POST .../disable: end an account, with its sessions and its invitation."""
    async with _changing(request) as connection:
        account = await _other(connection, request)
        await disable(connection, account, request[SESSION].account)
    return frame.back(_ONE.format(staff=account.id), "disabled")


async def disable(connection: Connection, account: Account, by: Account | None) -> bool:
    """Disable an account everywhere; False if it was already. The command does the same."""
    disabled = await staff.disable(connection, account.id)
    await logins.end_all(connection, account.id)
    if disabled:
        await audit.record(connection, "staff.disabled", by, staff=account.id)
    return disabled


@asynccontextmanager
async def _changing(request: web.Request) -> AsyncIterator[Connection]:
    """Open a transaction in which whoever asks still is an administrator.

    Two administrators who disable each other at the same moment: only the first one can.
    """
    async with request.app[DATABASE].transaction() as connection:
        await staff.lock(connection)
        own = await staff.by_id(connection, request[SESSION].account.id)
        if own is None or not own.active or not may(own.role, Act.KEEP_ACCOUNTS):
            raise InboundRejected("The account was changed.", reason="role", status=403)
        yield connection


async def _account(connection: Connection, request: web.Request) -> Account:
    account = await staff.by_id(connection, read_id(request, "staff"))
    if account is None:
        raise web.HTTPNotFound
    return account


async def _other(connection: Connection, request: web.Request) -> Account:
    account = await _account(connection, request)
    if account.id == request[SESSION].account.id:
        raise InboundRejected("Not one's own account.", reason="own_account", status=403)
    return account


async def _list(request: web.Request, problem: str | None = None) -> web.Response:
    words = frame.translator(request)
    async with request.app[DATABASE].transaction() as connection:
        accounts = await staff.everybody(connection)
    context = {
        "accounts": accounts,
        "roles": role_names(words),
        "tasks": role_tasks(words),
        "now": datetime.now(timezone.utc),
        "problem": problem,
    }
    return frame.page(request, "staff.html", context, status=400 if problem else 200)


def _one(request: web.Request, account: Account, problem: str | None = None) -> web.Response:
    context = {
        "one": account,
        "own": account.id == request[SESSION].account.id,
        "roles": role_names(frame.translator(request)),
        "now": datetime.now(timezone.utc),
        "problem": problem,
    }
    return frame.page(request, "staff_one.html", context, status=400 if problem else 200)


def _show_link(request: web.Request, account: Account, key: str) -> web.Response:
    context = {
        "one": account,
        "link": invitation.link(request.app[SETTINGS], key),
        "hours": invitation.VALID_HOURS,
    }
    return frame.page(request, "staff_link.html", context)
