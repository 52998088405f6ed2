"""`impreuna up`: everything, in order, until a signal comes.

PostgreSQL (unless DATABASE_URL names one), the migrations, then Rasa, the action server, the
worker and the gateway side by side: the gateway is up in a second and answers at the door while
Rasa is still loading. Prints the addresses when all are ready.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import aiohttp

from bot.errors import SupervisorError
from bot.gateway.logs import configure
from bot.settings import PREFIX, PROJECT, Settings
from bot.store.migrations import migrate
from bot.supervisor.embedded import own_database
from bot.supervisor.keeper import Keeper
from bot.supervisor.process import Command

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5
_BEHIND_THE_DOOR = 5
_PORT_SECONDS = 15.0
# Rasa and TensorFlow talk to the outside and to the terminal unless told not to.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
}


def run(settings: Settings, environment: Mapping[str, str]) -> None:
    """Run everything until SIGTERM or SIGINT.

    Raises:
        SupervisorError: If the database cannot be started, our port is taken, or another
            `up` runs already.
        StoreError: If the migrations fail.
    """
    configure(settings.log_level)
    asyncio.run(_up(settings, environment))


async def _up(settings: Settings, environment: Mapping[str, str]) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await _wait_for_port(settings)
    settings = with_free_ports(settings, environment)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(own_database(settings))
        await migrate(url)
        _empty_metrics(settings)
        for command in commands(settings.with_database(url), environment):
            keeper = Keeper(command)
            stack.push_async_callback(keeper.stop)
            await keeper.start()
        announcing = asyncio.create_task(_announce(settings))
        await stopped.wait()
        announcing.cancel()
        log.info("stopping")


def commands(settings: Settings, environment: Mapping[str, str]) -> list[Command]:
    """Say how each part is started, with its settings in its environment."""
    given = {
        **environment,
        **_QUIET,
        "DATABASE_URL": settings.require_database(),
        "PORT": str(settings.port),
        f"{PREFIX}STATE_DIR": str(settings.state_dir),
        f"{PREFIX}RASA_PORT": str(settings.rasa_port),
        f"{PREFIX}RASA_URL": settings.rasa_url,
        f"{PREFIX}ACTIONS_PORT": str(settings.actions_port),
        f"{PREFIX}ACTIONS_URL": settings.actions_url,
        "PYTHONPATH": str(PROJECT),
    }
    # Jobs have a process of their own: the door answers at once however busy they are.
    counting = {"PROMETHEUS_MULTIPROC_DIR": str(_metrics_folder(settings))}
    jobs = f"{PREFIX}WORKER_CONCURRENCY"
    own = {
        "rasa": {},
        "actions": {},
        "worker": {**counting, jobs: str(settings.worker_concurrency)},
        # The last to start is the first to be stopped.
        "gateway": {**counting, jobs: "0"},
    }
    return [
        Command(
            name=part,
            arguments=[sys.executable, "-m", "bot.cli", part],
            environment={**given, **more},
            # The door comes first when there is not enough for all.
            niceness=0 if part == "gateway" else _BEHIND_THE_DOOR,
        )
        for part, more in own.items()
        if part != "worker" or settings.worker_concurrency
    ]


def _empty_metrics(settings: Settings) -> None:
    """Begin the counting anew: the numbers of an earlier run's processes are no longer theirs."""
    shutil.rmtree(_metrics_folder(settings), ignore_errors=True)
    _metrics_folder(settings).mkdir(parents=True)


def _metrics_folder(settings: Settings) -> Path:
    return settings.state_dir / "metrics"


def with_free_ports(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Take other ports on loopback where the usual ones are taken and none were asked for."""
    if f"{PREFIX}RASA_PORT" not in environment and f"{PREFIX}RASA_URL" not in environment:
        port = free_port(settings.rasa_port)
        settings = replace(settings, rasa_port=port, rasa_url=f"http://127.0.0.1:{port}")
    if f"{PREFIX}ACTIONS_PORT" not in environment and f"{PREFIX}ACTIONS_URL" not in environment:
        port = free_port(settings.actions_port)
        url = f"http://127.0.0.1:{port}/webhook"
        settings = replace(settings, actions_port=port, actions_url=url)
    return settings


def free_port(preferred: int) -> int:
    """Give the preferred port on loopback, or another one if it is taken."""
    if _is_free("127.0.0.1", preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _wait_for_port(settings: Settings) -> None:
    """Wait for our port: the gateway of a run that was killed may just be closing it."""
    ends = time.monotonic() + _PORT_SECONDS
    while not _is_free(settings.host, settings.port):  # noqa: ASYNC110 (another process)
        if time.monotonic() > ends:
            raise SupervisorError(f"Port {settings.port} is taken. Set PORT to another one.")
        await asyncio.sleep(_LOOK_SECONDS)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # A port whose last connection only lingers is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def welcome(settings: Settings) -> str:
    """What to do next, once everything is ready: the addresses, and the first account."""
    address = f"http://localhost:{settings.port}"
    public = settings.public_url or address
    # The command prints a link to the desk, so it must know another port too.
    port = "" if settings.port == Settings.port else f"PORT={settings.port} "
    return (
        f"\nReady.\n  chat:   {public}/chat\n  desk:   {public}/desk\n"
        f"  status: {address}/readyz\n\nThe first account of the desk: "
        f"{port}.venv/bin/impreuna staff add NAME E-MAIL administrator\n"
    )


async def _announce(settings: Settings) -> None:
    """Print the addresses as soon as everything is ready."""
    async with aiohttp.ClientSession() as session:
        # Other processes get ready: there is no event to wait for.
        while not await _ready(session, f"http://{_reachable(settings)}:{settings.port}/readyz"):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)
    print(welcome(settings))
    sys.stdout.flush()


async def _ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url, timeout=aiohttp.ClientTimeout(total=5)) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return False


def _reachable(settings: Settings) -> str:
    return "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
