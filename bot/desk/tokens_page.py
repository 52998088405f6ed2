"""GET /desk/connections: keys for other systems, made and ended by administrators."""

from __future__ import annotations

from aiohttp import web

from bot.desk import audit, frame
from bot.desk.forms import read_form, read_id
from bot.desk.guard import allowed
from bot.desk.identity import read_name
from bot.desk.keys import SESSION
from bot.desk.roles import Act
from bot.desk.token_guard import new_key
from bot.gateway.keys import DATABASE
from bot.i18n import Translator
from bot.store import api_tokens
from bot.store.api_tokens import READ, READ_RESOLVE, SCOPES

PATH = "/desk/connections"


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [
        web.get(PATH, get_list),
        web.post(PATH, post_new),
        web.post(PATH + "/{token}/revoke", post_revoke),
    ]


@allowed(Act.KEEP_ACCOUNTS)
async def get_list(request: web.Request) -> web.Response:
    """Show every key's name, never the key."""
    return await _list(request)


@allowed(Act.KEEP_ACCOUNTS)
async def post_new(request: web.Request) -> web.Response:
    """Make a key, and show it once."""
    form, words = await read_form(request), frame.translator(request)
    name, scope = read_name(form.get("name", "")), form.get("scope", "")
    if name is None or scope not in SCOPES:
        return await _list(request, words.pgettext("desk", "Check the name and what it may do."))
    key, account = new_key(), request[SESSION].account
    async with request.app[DATABASE].transaction() as connection:
        made = await api_tokens.add(connection, name, key, scope, account.id)
        await audit.record(connection, "token.made", account, token=made, scope=scope)
    return frame.page(request, "token_shown.html", {"name": name, "key": key})


@allowed(Act.KEEP_ACCOUNTS)
async def post_revoke(request: web.Request) -> web.Response:
    """End a key at once."""
    token = read_id(request, "token")
    async with request.app[DATABASE].transaction() as connection:
        if await api_tokens.revoke(connection, token):
            await audit.record(connection, "token.revoked", request[SESSION].account, token=token)
    return frame.back(PATH, "saved")


def scope_texts(words: Translator) -> dict[str, str]:
    """Say what a key may do."""
    return {
        READ: words.pgettext("desk", "read the queue"),
        READ_RESOLVE: words.pgettext("desk", "read the queue and close conversations"),
    }


async def _list(request: web.Request, problem: str | None = None) -> web.Response:
    async with request.app[DATABASE].transaction() as connection:
        tokens = await api_tokens.everything(connection)
    context = {
        "tokens": tokens,
        "scopes": scope_texts(frame.translator(request)),
        "problem": problem,
    }
    return frame.page(request, "tokens.html", context, status=400 if problem else 200)
