"""/healthz, /readyz, /metrics: for the machine that watches, never for people."""

from __future__ import annotations

import asyncio
from urllib.parse import urljoin

from aiohttp import web

from bot.errors import StoreError
from bot.gateway.keys import DATABASE, METRICS, RASA, SETTINGS
from bot.settings import is_loopback

_DATABASE_SECONDS = 3.0


async def healthz(request: web.Request) -> web.Response:
    """Tell that this process lives."""
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """Tell whether everything that an answer needs is up, and what is not."""
    rasa, settings = request.app[RASA], request.app[SETTINGS]
    names = ("database", "rasa", "actions")
    up = await asyncio.gather(
        _database_answers(request),
        rasa.alive(urljoin(settings.rasa_url, "/webhooks/impreuna/")),
        rasa.alive(urljoin(settings.actions_url, "/health")),
    )
    parts = {name: "up" if ok else "down" for name, ok in zip(names, up, strict=True)}
    status = "ready" if all(up) else "not ready"
    return web.json_response({"status": status, **parts}, status=200 if all(up) else 503)


async def metrics(request: web.Request) -> web.Response:
    """Give the numbers, to this machine only unless the operator opens them to all."""
    forwarded = "X-Forwarded-For" in request.headers
    allowed = request.app[SETTINGS].metrics_public or (
        is_loopback(request.remote) and not forwarded
    )
    if not allowed:
        raise web.HTTPNotFound
    return web.Response(
        body=request.app[METRICS].text(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


async def _database_answers(request: web.Request) -> bool:
    try:
        await asyncio.wait_for(request.app[DATABASE].check(), _DATABASE_SECONDS)
    except (StoreError, asyncio.TimeoutError):
        return False
    return True
