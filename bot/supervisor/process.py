"""One child process: started, its lines prefixed, stopped; it dies with its parent.

Own code rather than circus: circus supervises from outside over sockets that it opens, does
not start a child as another user with a signal at its parent's death, and knows no order of
readiness. What is needed here is smaller.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bot.errors import SupervisorError

_PR_SET_PDEATHSIG = 1
_LINE_LIMIT = 256 * 1024
_LAST_LINES_SECONDS = 2.0


@dataclass(frozen=True)
class Command:
    """How a child is started and stopped.

    Attributes:
        user: User and group id to run as; None keeps those of the parent.
        stop_signal: What asks it to end, also when the parent dies.
        grace: Seconds until it is killed.
        niceness: How far it stands back when there is not enough processor for all, 0 to 19.
    """

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: tuple[int, int] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    niceness: int = 0


class Child:
    """A running child."""

    def __init__(self, command: Command, process: asyncio.subprocess.Process) -> None:
        self.command = command
        self._process = process
        self._printing = asyncio.create_task(_print_lines(command.name, process))

    @classmethod
    async def start(cls, command: Command) -> Child:
        """Start a child.

        Raises:
            SupervisorError: If its program cannot be run.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *command.arguments,
                env=dict(command.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                limit=_LINE_LIMIT,
                # Its own group: Ctrl-C in a terminal reaches the parent alone, which
                # stops the children in order.
                start_new_session=True,
                preexec_fn=prepare_child(command),
            )
        except OSError as error:
            raise SupervisorError(f"{command.name} cannot be started: {error.strerror}") from error
        return cls(command, process)

    @property
    def running(self) -> bool:
        """Tell whether the process lives."""
        return self._process.returncode is None

    async def wait(self) -> int:
        """Wait for its end; give its exit status."""
        status = await self._process.wait()
        await self._end_family()
        return status

    async def stop(self) -> None:
        """Ask it to end; kill it after its grace."""
        if self.running:
            self._process.send_signal(self.command.stop_signal)
        try:
            await asyncio.wait_for(self._process.wait(), self.command.grace)
        except asyncio.TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._end_family()

    async def _end_family(self) -> None:
        """End what the child started itself; it would hold ports and our pipe."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._printing), _LAST_LINES_SECONDS)


def prepare_child(command: Command) -> Callable[[], None]:
    """Make what runs in the child before its program does: another user, a bond to us."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def prepare() -> None:
        os.nice(command.niceness)
        if command.user:
            uid, gid = command.user
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        # After the change of user, which clears it.
        libc.prctl(_PR_SET_PDEATHSIG, command.stop_signal.value, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the signal was set

    return prepare


async def _print_lines(name: str, process: asyncio.subprocess.Process) -> None:
    if process.stdout is None:
        return
    while True:
        try:
            line = await process.stdout.readline()
        except ValueError:
            continue  # longer than any log line should be: dropped
        if not line:
            return
        sys.stderr.write(f"{name:<8}| {line.decode(errors='replace').rstrip()}\n")
        sys.stderr.flush()
