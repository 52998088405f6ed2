"""The application, wired: every part is made here and handed to those who need it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from bot.channels.web.assets import Assets
from bot.channels.web.page import Page
from bot.channels.web.parse import MAX_BODY
from bot.gateway import api, files, forms, health, middlewares, stream, whatsapp
from bot.gateway.answers import Answers
from bot.gateway.handling import Spot
from bot.gateway.hub import Hub
from bot.gateway.keys import (
    ADDRESS_LIMITER,
    ANSWERS,
    ASSETS,
    DATABASE,
    HUB,
    METRICS,
    PAGE,
    PERSON_LIMITER,
    RASA,
    SETTINGS,
    VAULT,
    VOICE,
)
from bot.gateway.limits import PER_ADDRESS, PER_PERSON, Limiter
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Rasa
from bot.gateway.voice import Voice
from bot.gateway.worker import end
from bot.gateway.workers import Parts, running
from bot.settings import Settings
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.vault import open_vault

_LISTENER_SECONDS = 2.0


def create_app(settings: Settings, voice: Voice, spot: Spot) -> web.Application:
    """Make the gateway; nothing connects before it is started.

    With `worker_concurrency` 0 it runs no jobs; then `impreuna worker` must.

    Raises:
        ConfigError: If no database is set, or the encryption key cannot be read.
    """
    url = settings.require_database()
    app = web.Application(
        middlewares=[middlewares.errors, middlewares.origins, middlewares.limits],
        client_max_size=MAX_BODY,
    )
    app[SETTINGS] = settings
    app[DATABASE] = Database(url)
    app[RASA] = Rasa(settings.rasa_url, settings.rasa_timeout)
    app[VOICE] = voice
    app[ANSWERS] = Answers(voice)
    app[HUB] = Hub(url)
    app[METRICS] = Metrics(settings.metrics_dir)
    app[ASSETS] = Assets()
    app[PAGE] = Page()
    app[PERSON_LIMITER] = Limiter(PER_PERSON)
    app[ADDRESS_LIMITER] = Limiter(PER_ADDRESS)
    app.on_response_prepare.append(middlewares.add_security_headers)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.extend([_connections, _listening])
    if settings.worker_concurrency:
        parts = Parts(settings, app[DATABASE], app[RASA], voice, spot, app[METRICS])
        app.cleanup_ctx.append(_working(parts))
    _add_routes(app)
    if settings.whatsapp:
        app[VAULT] = open_vault(settings)
        app.router.add_routes(whatsapp.routes())
    return app


def _add_routes(app: web.Application) -> None:
    app.router.add_routes(
        [
            web.get("/", _to_chat),
            web.get("/chat", forms.get_page),
            web.post("/chat", forms.post_page),
            web.post("/chat/conversations", api.create_conversation),
            web.post("/chat/messages", api.post_message),
            web.get("/chat/messages", api.list_messages),
            web.get("/chat/events", stream.stream_events),
            web.delete("/chat/conversation", api.erase_conversation),
            web.get("/widget.js", files.get_widget),
            web.get("/static/{digest}/{name}", files.get_asset),
            web.get("/healthz", health.healthz),
            web.get("/readyz", health.readyz),
            web.get("/metrics", health.metrics),
        ]
    )


async def _to_chat(request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "/chat"})


async def _connections(app: web.Application) -> AsyncIterator[None]:
    await migrate(app[SETTINGS].require_database())
    await app[DATABASE].open()
    await app[RASA].open()
    yield
    await app[RASA].close()
    await app[DATABASE].close()


async def _listening(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[HUB].run(), name="hub")
    yield
    await end(task, _LISTENER_SECONDS)


def _working(parts: Parts) -> Callable[[web.Application], AsyncIterator[None]]:
    async def working(app: web.Application) -> AsyncIterator[None]:
        async with running(parts):
            yield

    return working


async def _end_streams(app: web.Application) -> None:
    app[HUB].close()
