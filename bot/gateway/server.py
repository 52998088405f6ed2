"""The gateway's and the worker's processes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import uvloop
from aiohttp import web

from bot.gateway.app import create_app
from bot.gateway.logs import configure
from bot.gateway.rasa import Rasa
from bot.gateway.voice import Voice
from bot.gateway.workers import Parts, running
from bot.i18n import Catalogs
from bot.safety import default_safety, spot
from bot.settings import PROJECT, Settings
from bot.store.database import Database
from bot.store.migrations import migrate

DOMAIN = PROJECT / "domain.yml"
_SHUTDOWN_SECONDS = 5.0


def run_gateway(settings: Settings, *more: Callable[[web.Application], None]) -> None:
    """Serve until a signal comes.

    Args:
        settings: All of them.
        more: Each adds pages to the application before it starts: the desk does.
    """
    configure(settings.log_level)
    app = create_app(settings, make_voice(), spot)
    for add in more:
        add(app)
    web.run_app(
        app,
        host=settings.host,
        port=settings.port,
        print=lambda *_: None,
        access_log=None,
        shutdown_timeout=_SHUTDOWN_SECONDS,
        loop=uvloop.new_event_loop(),
    )


def run_worker_alone(settings: Settings) -> None:
    """Run jobs without serving, until a signal comes."""
    configure(settings.log_level)
    uvloop.run(_work(settings))


def make_voice() -> Voice:
    """Make the voice, and read all words before the first message comes."""
    default_safety()
    voice = Voice(DOMAIN, Catalogs())
    voice.load()
    return voice


async def _work(settings: Settings) -> None:
    url = settings.require_database()
    await migrate(url)
    database, rasa = Database(url), Rasa(settings.rasa_url, settings.rasa_timeout)
    await database.open()
    await rasa.open()
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    async with running(Parts(settings, database, rasa, make_voice(), spot)):
        await stopping.wait()
    await rasa.close()
    await database.close()
