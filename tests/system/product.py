"""The whole product as its operator starts it: `impreuna up` with settings of its own.

Parts are found among the children of the process that the test started, and only those are
ever stopped or killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bot.settings import PROJECT
from bot.supervisor.places import find_places

PARTS = ("gateway", "worker", "rasa", "actions", "postgres")
READY_SECONDS = 120.0
_PAUSE = 0.05


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody uses now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def wait_until(holds: Callable[[], object], seconds: float, what: str) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise AssertionError(f"{what}: not in {seconds:.0f} s")
        time.sleep(_PAUSE)


class Product:
    """`impreuna up` on free ports, with a state folder and a log that go with it."""

    def __init__(self, model: Path, **environment: str) -> None:
        # Not pytest's own folder: PostgreSQL's user could not reach it.
        self.state = Path(tempfile.mkdtemp(prefix="impreuna-system-"))
        self.state.chmod(0o755)
        self.log = self.state / "up.log"
        self.port, self.rasa_port, self.actions_port = free_ports(3)
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "PORT": str(self.port),
            "PYTHONPATH": str(PROJECT),
            "IMPREUNA_MODEL": str(model),
            "IMPREUNA_STATE_DIR": str(self.state),
            "IMPREUNA_RASA_PORT": str(self.rasa_port),
            "IMPREUNA_ACTIONS_PORT": str(self.actions_port),
            **environment,
        }
        self._up: subprocess.Popen[bytes] | None = None
        self._orphans: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return find_places(self.state).url

    def start(self) -> None:
        """Start everything; does not wait."""
        with self.log.open("ab") as log:
            self._up = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "up"],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Wait until every part answers."""
        try:
            wait_until(self._ready, READY_SECONDS, "the product gets ready")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.read_text()[-4000:]}") from None

    def _ready(self) -> bool:
        assert self._up is not None
        assert self._up.poll() is None, self.log.read_text()[-4000:]
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def pid(self, part: str) -> int:
        """The process of one part; `up` is the supervisor itself."""
        assert self._up is not None
        if part == "up":
            return self._up.pid
        found = [pid for pid in children(self._up.pid) if _is_part(pid, part)]
        assert len(found) == 1, f"{part} runs {len(found)} times"
        return found[0]

    def kill(self, part: str) -> None:
        """Kill one part (-9), and wait for its end.

        The children of `up` are left to end by themselves, as they are when it dies.
        """
        assert self._up is not None
        pid = self.pid(part)
        if part == "up":
            self._orphans += children(pid)
        os.kill(pid, signal.SIGKILL)
        if part == "up":
            self._up.wait(10)
        wait_until(lambda: not alive(pid), 10, f"{part} ends")

    def wait_for_orphans(self) -> None:
        """Wait until all children of killed supervisors have ended."""
        wait_until(lambda: not any(map(alive, self._orphans)), 60, "the orphans end")

    def stop(self) -> None:
        """Stop everything as a signal from the operator does."""
        if self._up is not None and self._up.poll() is None:
            self._up.terminate()
            try:
                self._up.wait(60)
            except subprocess.TimeoutExpired:
                self.kill("up")
        for orphan in filter(alive, self._orphans):
            os.kill(orphan, signal.SIGKILL)
        shutil.rmtree(self.state, ignore_errors=True)


def children(pid: int) -> list[int]:
    """The living children of a process."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _parent(folder) == pid and alive(int(folder.name)):
            found.append(int(folder.name))
    return found


def alive(pid: int) -> bool:
    fields = _status(Path(f"/proc/{pid}"))
    return bool(fields) and fields[0] != "Z"


def _parent(folder: Path) -> int | None:
    fields = _status(folder)
    return int(fields[1]) if fields else None


def _status(folder: Path) -> list[str]:
    """The fields of /proc/<pid>/stat behind the name: state, parent, ..."""
    try:
        return (folder / "stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return []


def _is_part(pid: int, part: str) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    if part == "postgres":
        return arguments[0].endswith(b"/postgres")
    return b"bot.cli" in arguments and part.encode() in arguments
