"""The jobs that carry messages to people.

`outbound.send` runs one at a time for a conversation, by its lock. A wait never holds that
lock: `outbound.wake` is scheduled without one and defers a locked `outbound.send` when due.
"""

from __future__ import annotations

from uuid import UUID

import procrastinate

from bot.gateway.queue import Retries, open_queue
from bot.gateway.sending import Sending
from bot.store import outbox

CONCURRENCY = 8
"""Conversations that are sent to at a time."""


def create_outbound_jobs(url: str, sending: Sending) -> procrastinate.App:
    """Make the application of the outbound worker: a busy bot never delays what is ready."""
    app = open_queue(url)
    register_sending(app, sending)
    return app


def register_sending(app: procrastinate.App, sending: Sending) -> None:
    """Add the jobs to an application of the queue."""

    @app.task(name=outbox.SEND, queue=outbox.QUEUE, retry=Retries())
    async def send(conversation: str) -> None:
        await sending.send(UUID(conversation))

    @app.task(name=outbox.WAKE, queue=outbox.QUEUE, retry=Retries())
    async def wake(conversation: str) -> None:
        await sending.wake(UUID(conversation))

    @app.periodic(cron="* * * * *", queueing_lock="outbound.upkeep")
    @app.task(name="outbound.upkeep", queue=outbox.QUEUE)
    async def upkeep(timestamp: int) -> None:
        await sending.wake_due()
