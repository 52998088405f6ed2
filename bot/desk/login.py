"""Logging in and out: address, password and code in one form, and one answer to every failure.

Whatever was wrong, the answer and the time that it takes are the same, so nobody learns who has
an account.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from aiohttp import web

from bot.desk import audit, csrf, frame, sessions, totp
from bot.desk.forms import HOME, local_address, read_form
from bot.desk.guard import LOGIN, allowed, everyone
from bot.desk.identity import read_email
from bot.desk.keys import NOTED, PASSWORDS, SESSION
from bot.desk.navigation import entries
from bot.desk.roles import Act, may
from bot.desk.throttle import Attempt, mark_device
from bot.gateway.keys import DATABASE, VAULT
from bot.store import logins, staff
from bot.store.database import Connection
from bot.store.staff import Account, Credentials


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [
        web.get(HOME, get_start),
        web.get(LOGIN, get_login),
        web.post(LOGIN, post_login),
        web.post("/desk/logout", post_logout),
        web.get("/desk/seen", get_seen),
        web.post("/desk/seen", post_seen),
    ]


@dataclass(frozen=True)
class Checked:
    """What came of a password and a code: the step if both are right, else what is wrong."""

    account: Account | None
    step: int | None
    wrong: str | None


@allowed(Act.KEEP_OWN_ACCOUNT)
async def get_start(request: web.Request) -> web.Response:
    """GET /desk: go on to the first page that the role may see."""
    role = request[SESSION].account.role
    pages = [entry.path for entry in entries(frame.translator(request)) if may(role, entry.act)]
    return frame.back((pages or ["/desk/account"])[0])


@everyone
async def get_login(request: web.Request) -> web.Response:
    """GET /desk/login: the form."""
    return _form(request, request.query.get("next", ""))


@everyone
async def post_login(request: web.Request) -> web.Response:
    """POST /desk/login: check the three, and begin a session."""
    await csrf.check_before_login(request)
    form = await read_form(request)
    email = read_email(form.get("email", "")) or ""
    attempt = Attempt(request, email)
    wait = await count(request, attempt)
    if wait:
        return _form(request, form.get("next", ""), wait=wait)
    checked = await check(request, email, form.get("password", ""), form.get("code", ""))
    key = await _conclude(request, attempt, checked)
    if key is None:
        return _form(request, form.get("next", ""), wrong=True)
    response = frame.back(local_address(form.get("next", "")))
    sessions.remember(request, response, key)
    mark_device(request, response, email)
    return response


@allowed(Act.KEEP_OWN_ACCOUNT)
async def post_logout(request: web.Request) -> web.Response:
    """POST /desk/logout: end this session."""
    session = request[SESSION]
    async with request.app[DATABASE].transaction() as connection:
        await logins.end(connection, session.account.id, session.hash)
        await audit.record(connection, "login.ended", session.account)
    response = frame.back(f"{LOGIN}?out=1")
    sessions.forget(response)
    return response


@allowed(Act.KEEP_OWN_ACCOUNT, by_itself=True)
async def get_seen(request: web.Request) -> web.Response:
    """GET /desk/seen: does the session still hold? Gives its token, for a page that is older."""
    return web.Response(status=204, headers={csrf.HEADER: request[SESSION].csrf})


@allowed(Act.KEEP_OWN_ACCOUNT)
async def post_seen(request: web.Request) -> web.Response:
    """POST /desk/seen: somebody types or clicks on a page."""
    return web.Response(status=204, headers={csrf.HEADER: request[SESSION].csrf})


async def count(request: web.Request, attempt: Attempt) -> int:
    """Count an attempt; give 0, or the seconds to wait if there were too many."""
    async with request.app[DATABASE].transaction() as connection:
        wait = await logins.count_attempt(connection, attempt.limits)
        # Once in a while: whoever hammers must not fill the log.
        if wait and not request.app[NOTED].take(attempt.account.hex(), time.monotonic()):
            await audit.record(connection, "login.throttled", None, origin=attempt.origin)
    return wait


async def check(request: web.Request, email: str, password: str, code: str) -> Checked:
    """Check a password and a code, in the same time whatever is wrong."""
    async with request.app[DATABASE].transaction() as connection:
        known = await staff.credentials(connection, email)
    right = await request.app[PASSWORDS].verify(known.password_hash if known else None, password)
    step = totp.step_of(_secret(request, known), code, time.time())
    account = known.account if known else None
    if account is None or not account.active:
        return Checked(account, None, "account")
    if not right:
        return Checked(account, None, "password")
    return Checked(account, step, None if step is not None else "code")


async def take(connection: Connection, attempt: Attempt, checked: Checked) -> Account | None:
    """Use the code up and forget the failures; None, noted in the log, if something was wrong."""
    account, wrong = checked.account, checked.wrong
    if account and checked.step is not None and not wrong:
        if await staff.take_step(connection, account.id, checked.step):
            await logins.forgive_all(connection, attempt.account)
            await logins.forgive(connection, attempt.address)
            return account
        wrong = "used_code"
    whom = account.id if account else None
    await audit.record(
        connection, "login.failed", None, staff=whom, origin=attempt.origin, wrong=wrong or "code"
    )
    return None


async def _conclude(request: web.Request, attempt: Attempt, checked: Checked) -> str | None:
    """Begin a session if everything was right; give its key."""
    async with request.app[DATABASE].transaction() as connection:
        account = await take(connection, attempt, checked)
        if account is None:
            return None
        key = await sessions.begin(connection, account)
        await audit.record(connection, "login.ok", account, origin=attempt.origin)
    return key


def _secret(request: web.Request, known: Credentials | None) -> str:
    """Open the account's secret; where there is none, any other one, for the time that it takes."""
    if known is None or known.totp_secret is None:
        return totp.new_secret()
    return request.app[VAULT].open(known.totp_secret).decode()


def _form(request: web.Request, target: str, wrong: bool = False, wait: int = 0) -> web.Response:
    context = {
        "next": local_address(target),
        "wrong": wrong,
        "wait_minutes": -(-wait // 60),
        "ended": request.query.get("ended") == "1",
        "out": request.query.get("out") == "1",
    }
    status = 429 if wait else 401 if wrong else 200
    response = frame.page(request, "login.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
