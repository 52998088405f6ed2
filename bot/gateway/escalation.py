"""Escalation by time: whom nobody answers is brought up again, whose counsellor left waits anew."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timezone

from bot.conversations.handoff_states import Refused
from bot.conversations.urgency import is_due
from bot.gateway.handing_over import HandingOver
from bot.store import handoffs, overdue
from bot.store.database import Database

log = logging.getLogger(__name__)

IsOpen = Callable[[datetime], bool]


class Escalation:
    """Looks at all open handoffs; several gateways may do so at once.

    Args:
        database: Where they are.
        handing_over: Changes them.
        is_open: Whether counsellors work at a moment; true where nobody has said when.
    """

    def __init__(self, database: Database, handing_over: HandingOver, is_open: IsOpen) -> None:
        self._database = database
        self._handing_over = handing_over
        self._is_open = is_open

    async def run(self, now: datetime | None = None) -> tuple[int, int]:
        """Look once.

        Returns:
            How many handoffs came back to the queue, and how many escalated.
        """
        now = now or datetime.now(timezone.utc)
        released = await self._release(now)
        escalated = await self._escalate(now)
        if released or escalated:
            log.info("%s handoffs came back, %s escalated", released, escalated)
        return released, escalated

    async def _release(self, now: datetime) -> int:
        async with self._database.transaction() as connection:
            found = await overdue.abandoned(connection, now)
        return sum([await self._release_one(handoff, now) for handoff in found])

    async def _release_one(self, handoff: int, now: datetime) -> bool:
        try:
            async with self._database.transaction() as connection:
                await handoffs.lock(connection, handoff)
                if not await overdue.abandoned(connection, now, handoff):
                    return False
                await self._handing_over.take_back(connection, handoff)
        except Refused:
            return False  # it changed, or was erased, between the two looks
        return True

    async def _escalate(self, now: datetime) -> int:
        is_open = self._is_open(now)
        async with self._database.transaction() as connection:
            found = await overdue.waiting(connection)
        due = [one.id for one in found if _is_due(one, now, is_open)]
        return sum([await self._escalate_one(handoff, now, is_open) for handoff in due])

    async def _escalate_one(self, handoff: int, now: datetime, is_open: bool) -> bool:
        try:
            async with self._database.transaction() as connection:
                await handoffs.lock(connection, handoff)
                one = await overdue.still_waiting(connection, handoff)
                if one is None or not _is_due(one, now, is_open):
                    return False
                await self._handing_over.escalate(connection, handoff, one.person_is_told)
        except Refused:
            return False
        return True


def _is_due(one: overdue.Waiting, now: datetime, is_open: bool) -> bool:
    return is_due(one.priority, one.since, one.escalated_at, now, is_open)
