"""WhatsApp's webhook: the handshake, and the door through which everything comes in.

The door checks the signature on the raw bytes, stores them with the job that takes them in,
and says 200: nothing is parsed, nothing is answered here. When the store is down it says
503, and Meta repeats the request for days.
"""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.signature import challenge, is_signed, read_signature
from bot.errors import InboundRejected, StoreError
from bot.gateway.keys import DATABASE, METRICS, SETTINGS, VAULT
from bot.gateway.middlewares import unlimited
from bot.settings import WhatsApp
from bot.store import webhooks

log = logging.getLogger(__name__)

PATH = "/webhooks/whatsapp"
MAX_BODY = 4 * 1024 * 1024
"""The largest body, in bytes; Meta's are up to 3 MB."""
_STORE_SECONDS = 5.0
_BODY_SECONDS = 20.0


def routes() -> list[web.RouteDef]:
    """Give the routes, for an installation that has a number."""
    return [web.get(PATH, shake_hands), web.post(PATH, take)]


@unlimited
async def shake_hands(request: web.Request) -> web.Response:
    """GET: Meta asks whether the address is ours; it carries no signature."""
    said = challenge(request.query, _number(request).verify_token.reveal())
    if said is None:
        raise InboundRejected("The handshake is refused.", reason="forbidden", status=403)
    return web.Response(text=said)


@unlimited
async def take(request: web.Request) -> web.Response:
    """POST: store what came, then say so."""
    signature = read_signature(request.headers.get("X-Hub-Signature-256"))
    if signature is None:
        raise _unsigned(request, "missing")
    body = await _read(request)
    if not is_signed(body, signature, _number(request).app_secret.reveal()):
        raise _unsigned(request, "wrong")
    await _store(request, body)
    request.app[METRICS].webhooks.labels(CHANNEL, "stored").inc()
    return web.Response(text="OK")


def _number(request: web.Request) -> WhatsApp:
    number = request.app[SETTINGS].whatsapp
    if number is None:
        raise web.HTTPNotFound
    return number


def _unsigned(request: web.Request, why: str) -> InboundRejected:
    request.app[METRICS].webhooks.labels(CHANNEL, f"signature_{why}").inc()
    log.warning("a webhook was refused: signature %s", why)
    return InboundRejected("The signature does not fit.", reason="bad_signature", status=401)


async def _read(request: web.Request) -> bytes:
    """Read the raw body; larger than the web chat's may be, but bounded in size and time."""
    reading = request.clone(client_max_size=MAX_BODY).read()
    try:
        return await asyncio.wait_for(reading, _BODY_SECONDS)
    except asyncio.TimeoutError:
        raise web.HTTPRequestTimeout from None


async def _store(request: web.Request, body: bytes) -> None:
    try:
        await asyncio.wait_for(_put(request, body), _STORE_SECONDS)
    except asyncio.TimeoutError:
        raise StoreError("the webhook could not be stored in time") from None


async def _put(request: web.Request, body: bytes) -> None:
    async with request.app[DATABASE].transaction() as connection:
        await webhooks.put(connection, request.app[VAULT], CHANNEL, body)
