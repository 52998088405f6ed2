"""The gateway's and the worker's processes."""

from __future__ import annotations

import asyncio
import signal

from aiohttp import web

from bot.gateway.app import create_app
from bot.gateway.handling import Handling
from bot.gateway.jobs import create_jobs
from bot.gateway.logs import configure
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Rasa
from bot.gateway.voice import Voice
from bot.gateway.worker import STOP_SECONDS, end, run_worker
from bot.i18n import Catalogs
from bot.safety import default_safety, spot
from bot.settings import PROJECT, Settings
from bot.store.database import Database
from bot.store.migrations import migrate

DOMAIN = PROJECT / "domain.yml"
_SHUTDOWN_SECONDS = 5.0


def run_gateway(settings: Settings) -> None:
    """Serve until a signal comes."""
    configure(settings.log_level)
    app = create_app(settings, _voice(), spot)
    web.run_app(
        app,
        host=settings.host,
        port=settings.port,
        print=lambda *_: None,
        access_log=None,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )


def run_worker_alone(settings: Settings) -> None:
    """Run jobs without serving, until a signal comes."""
    configure(settings.log_level)
    asyncio.run(_work(settings))


def _voice() -> Voice:
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
    handling = Handling(database, rasa, _voice(), spot, Metrics())
    jobs = create_jobs(url, database, handling, settings.operator.retention_days)
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    task = asyncio.create_task(
        run_worker(jobs, settings.worker_concurrency or 1, stopping), name="worker"
    )
    await stopping.wait()
    await end(task, STOP_SECONDS)
    await rasa.close()
    await database.close()
