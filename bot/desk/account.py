"""One's own account: the password, the browsers that are logged in, the language.

The second factor is not renewed here: whoever sits at a browser that is logged in could then
take the account. An administrator does it, by a new invitation.
"""

from __future__ import annotations

from aiohttp import web

from bot.desk import audit, frame, login, sessions
from bot.desk.forms import local_address, read_form
from bot.desk.guard import LOGIN, allowed
from bot.desk.invitation import problem_text
from bot.desk.keys import PASSWORDS, SESSION
from bot.desk.passwords import MIN_LENGTH, weakness
from bot.desk.roles import Act
from bot.desk.staff_texts import role_names
from bot.desk.throttle import Attempt
from bot.gateway.keys import DATABASE
from bot.store import logins, staff
from bot.store.logins import LONGEST_SECONDS
from bot.store.staff import Account

_PAGE = "/desk/account"


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [
        web.get(_PAGE, get_account),
        web.post(f"{_PAGE}/password", post_password),
        web.post(f"{_PAGE}/language", post_language),
        web.post(f"{_PAGE}/sessions", post_sessions),
    ]


@allowed(Act.KEEP_OWN_ACCOUNT)
async def get_account(request: web.Request) -> web.Response:
    """GET /desk/account: what there is to see and to change."""
    return await _page(request)


@allowed(Act.KEEP_OWN_ACCOUNT)
async def post_password(request: web.Request) -> web.Response:
    """POST /desk/account/password: another password; every session but a new one ends."""
    form, account = await read_form(request), request[SESSION].account
    password = form.get("password", "")
    wrong = weakness(password, [account.name, account.first_name, account.email])
    if wrong is None and password != form.get("again", ""):
        wrong = "not_the_same"
    if wrong:
        return await _page(request, problem_text(frame.translator(request), wrong))
    words, attempt = frame.translator(request), Attempt(request, account.email)
    if await login.count(request, attempt):
        return await _page(request, words.pgettext("desk", "Too many attempts. Wait a little."))
    checked = await login.check(
        request, account.email, form.get("current", ""), form.get("code", "")
    )
    key = await _change(request, attempt, checked, password)
    if key is None:
        return await _page(
            request, words.pgettext("desk", "The present password or the code does not fit.")
        )
    response = frame.back(_PAGE, "password")
    sessions.remember(request, response, key)
    return response


@allowed(Act.KEEP_OWN_ACCOUNT)
async def post_language(request: web.Request) -> web.Response:
    """POST /desk/account/language: read the desk in another language, from the same page on."""
    form, account = await read_form(request), request[SESSION].account
    language = form.get("language", "")
    if language in frame.languages(request):
        async with request.app[DATABASE].transaction() as connection:
            await staff.set_language(connection, account.id, language)
            await audit.record(connection, "account.language", account, language=language)
    return frame.back(local_address(form.get("next", "")))


@allowed(Act.KEEP_OWN_ACCOUNT)
async def post_sessions(request: web.Request) -> web.Response:
    """POST /desk/account/sessions: log one browser out, or all the others."""
    form, session = await read_form(request), request[SESSION]
    account = session.account
    async with request.app[DATABASE].transaction() as connection:
        if form.get("session") == "others":
            ended = await logins.end_all(connection, account.id, but=session.hash)
        else:
            ended = await logins.end(connection, account.id, _hash(form.get("session", "")))
        await audit.record(connection, "session.ended", account, sessions=int(ended))
    if form.get("session") == session.hash.hex():
        return frame.back(f"{LOGIN}?out=1")
    return frame.back(_PAGE, "session")


async def _change(
    request: web.Request, attempt: Attempt, checked: login.Checked, password: str
) -> str | None:
    """Store the new password, if the old one and the code are right; give a new session's key."""
    password_hash = await request.app[PASSWORDS].hash(password)
    async with request.app[DATABASE].transaction() as connection:
        account = await login.take(connection, attempt, checked)
        if account is None:
            return None
        await staff.set_password(connection, account.id, password_hash)
        await logins.end_all(connection, account.id)
        await audit.record(connection, "account.password", account)
        return await sessions.begin(connection, account)


async def _page(request: web.Request, problem: str | None = None) -> web.Response:
    session = request[SESSION]
    account: Account = session.account
    async with request.app[DATABASE].transaction() as connection:
        browsers = await logins.of_account(connection, account.id)
    context = {
        "role": role_names(frame.translator(request))[account.role],
        "browsers": [
            {**browser, "id": browser["hash"].hex(), "own": browser["hash"] == session.hash}
            for browser in browsers
        ],
        "hours": LONGEST_SECONDS // 3600,
        "min_length": MIN_LENGTH,
        "problem": problem,
    }
    return frame.page(request, "account.html", context, status=400 if problem else 200)


def _hash(raw: str) -> bytes:
    try:
        return bytes.fromhex(raw)
    except ValueError:
        return b""
