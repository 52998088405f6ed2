"""The lock of a conversation: one turn at a time, over all Rasa servers.

PostgreSQL's advisory lock decides between servers. Within a server the messages of a conversation
queue in order, so that they do not use up the connections while they wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.database import Database, database_of


class AdvisoryLockStore(LockStore):  # type: ignore[misc]
    """Locks conversations in PostgreSQL; `endpoints.yml` names it under `lock_store: type`."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        self.database: Database = database_of(endpoint_config.url)
        self._queues: dict[str, _Queue] = {}
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncIterator[TicketLock | None]:
        """Hold a conversation's lock and transaction; what is saved inside is committed after it.

        Raises:
            StoreError: If the database does not answer or the lock is not free in time.
        """
        queue = self._queues.setdefault(conversation_id, _Queue())
        queue.users += 1
        try:
            async with queue.turn, self.database.exclusively(conversation_id):
                yield None
        finally:
            queue.users -= 1
            if not queue.users:
                self._queues.pop(conversation_id, None)


class _Queue:
    """Those who wait for a conversation within this server, first come, first served."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.users = 0
