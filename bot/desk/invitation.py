"""Setting an account up: a link that works once, a password, and an authenticator app.

The link is shown to whoever invites, and nowhere kept. Opening it changes nothing, for mail
programs open links by themselves; each look draws another secret, which travels sealed in the
form, so that a link somebody else looked at gives nothing away.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from typing import Any

from aiohttp import web

from bot.desk import audit, csrf, frame, sessions, totp
from bot.desk.forms import HOME, read_form
from bot.desk.guard import everyone
from bot.desk.keys import PASSWORDS
from bot.desk.passwords import MIN_LENGTH, weakness
from bot.desk.throttle import mark_device
from bot.errors import StoreError
from bot.gateway.keys import DATABASE, VAULT
from bot.i18n import Translator
from bot.settings import Settings
from bot.store import staff
from bot.store.database import Connection
from bot.store.staff import Account

VALID_HOURS = 48
_PATH = "/desk/invitation/{key}"


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [web.get(_PATH, get_invitation), web.post(_PATH, post_invitation)]


async def invite(connection: Connection, account: Account) -> str:
    """Make an account's link; its password, its second factor and its older link end.

    Returns:
        The link's key, which nothing gives again.
    """
    key = sessions.new_key()
    await staff.invite(connection, account.id, sessions.hash_key(key), VALID_HOURS)
    return key


def link(settings: Settings, key: str) -> str:
    """Give the address of an invitation."""
    base = settings.public_url or f"http://localhost:{settings.port}"
    return f"{base.rstrip('/')}{_PATH.format(key=key)}"


@everyone
async def get_invitation(request: web.Request) -> web.Response:
    """GET: the form, with a secret of its own."""
    account = await _invited(request)
    if account is None:
        return frame.page(request, "invitation_over.html", status=404)
    return _form(request, account, totp.new_secret())


@everyone
async def post_invitation(request: web.Request) -> web.Response:
    """POST: set the account up and log in, or say what is wrong."""
    await csrf.check_before_login(request)
    form, account = await read_form(request), await _invited(request)
    if account is None:
        return frame.page(request, "invitation_over.html", status=404)
    secret = _open_secret(request, form.get("secret", ""))
    if secret is None:
        return _form(request, account, totp.new_secret(), "secret")
    password = form.get("password", "")
    wrong = weakness(password, [account.name, account.first_name, account.email])
    if wrong is None and password != form.get("again", ""):
        wrong = "not_the_same"
    step = totp.step_of(secret, form.get("code", ""), time.time())
    if wrong or step is None:
        return _form(request, account, secret, wrong or "code")
    return await _set_up(request, password, secret, step)


def problem_text(words: Translator, problem: str) -> str:
    """Say what is wrong with a new password or a code."""
    return {
        "too_short": words.pgettext(
            "desk", "The password is too short: {number} characters at the least."
        ).format(number=MIN_LENGTH),
        "too_long": words.pgettext("desk", "The password is too long."),
        "too_plain": words.pgettext("desk", "The password repeats the same few characters."),
        "own_words": words.pgettext(
            "desk", "The password is made of your name or address. Choose other words."
        ),
        "not_the_same": words.pgettext("desk", "The two passwords differ."),
        "code": words.pgettext(
            "desk", "The code does not fit. Check your phone's clock, wait for the next code."
        ),
        "secret": words.pgettext("desk", "Scan the new picture, and try again."),
    }[problem]


async def _invited(request: web.Request) -> Account | None:
    key_hash = sessions.hash_key(request.match_info["key"])
    async with request.app[DATABASE].transaction() as connection:
        return await staff.by_invitation(connection, key_hash)


async def _set_up(request: web.Request, password: str, secret: str, step: int) -> web.Response:
    password_hash = await request.app[PASSWORDS].hash(password)
    sealed = request.app[VAULT].seal(secret.encode())
    key_hash = sessions.hash_key(request.match_info["key"])
    async with request.app[DATABASE].transaction() as connection:
        account = await staff.set_up(connection, key_hash, password_hash, sealed, step)
        if account is None:
            return frame.page(request, "invitation_over.html", status=404)
        key = await sessions.begin(connection, account)
        await audit.record(connection, "account.set_up", account)
    response = frame.back(HOME)
    sessions.remember(request, response, key)
    mark_device(request, response, account.email)
    return response


def _form(
    request: web.Request, account: Account, secret: str, problem: str | None = None
) -> web.Response:
    words = frame.translator(request)
    context: dict[str, Any] = {
        "invited": account,
        "qr": totp.qr_code(secret, account.email),
        "secret": totp.grouped(secret),
        "sealed": _seal_secret(request, secret),
        "min_length": MIN_LENGTH,
        "problem": problem_text(words, problem) if problem else None,
    }
    return frame.page(request, "invitation.html", context, status=400 if problem else 200)


def _seal_secret(request: web.Request, secret: str) -> str:
    """Seal a secret for the form; it opens with this invitation only."""
    content = json.dumps([request.match_info["key"], secret]).encode()
    return base64.urlsafe_b64encode(request.app[VAULT].seal(content)).decode()


def _open_secret(request: web.Request, sealed: str) -> str | None:
    try:
        content = request.app[VAULT].open(base64.urlsafe_b64decode(sealed.encode()))
    except (StoreError, binascii.Error, ValueError):
        return None
    key, secret = json.loads(content)
    return str(secret) if key == request.match_info["key"] else None
