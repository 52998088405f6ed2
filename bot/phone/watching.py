"""Telling the pages that are open what changed."""

from __future__ import annotations

import asyncio
from typing import Any

Event = dict[str, Any]


class Watching:
    """Every page's queue of events."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Event | None]] = set()

    def join(self) -> asyncio.Queue[Event | None]:
        """Give a queue that gets every event from now on; None ends it."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._queues.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Event | None]) -> None:
        """Forget a queue."""
        self._queues.discard(queue)

    def tell(self, event: Event | None) -> None:
        """Give an event to every page."""
        for queue in self._queues:
            queue.put_nowait(event)
