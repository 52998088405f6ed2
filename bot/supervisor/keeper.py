"""Keeping a child alive: started again when it ends, slower each time it ends soon."""

from __future__ import annotations

import asyncio
import logging
import time

from bot.supervisor.process import Child, Command

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STABLE_SECONDS = 60.0
"""A child that lived so long starts again at once."""


class Keeper:
    """One child, kept alive until `stop`."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._task: asyncio.Task[None] | None = None
        self.child: Child | None = None

    async def start(self) -> Child:
        """Start the child once, and keep it from then on."""
        child = self.child = await Child.start(self._command)
        self._task = asyncio.create_task(self._keep(), name=f"keep {self._command.name}")
        return child

    async def stop(self) -> None:
        """Stop the child for good."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.child:
            await self.child.stop()

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while True:
            started = time.monotonic()
            status = await self.child.wait() if self.child else 0
            if time.monotonic() - started > STABLE_SECONDS:
                pause = FIRST_PAUSE
            log.warning("%s ended with status %s; again in %s s", self._command.name, status, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            self.child = await Child.start(self._command)
