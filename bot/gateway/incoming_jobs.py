"""The jobs of what comes in by webhooks, with a worker of their own: a busy bot never delays them.

One application of the queue for each worker: a worker takes the jobs that its application
knows, and no others (`bot.gateway.worker`).
"""

from __future__ import annotations

import procrastinate
from procrastinate import JobContext

from bot.gateway.fetching import Fetching
from bot.gateway.queue import Retries, open_queue
from bot.gateway.taking_in import TakingIn
from bot.store import jobs

CONCURRENCY = 2
"""Draining goes one at a time; the upkeep beside it must not wait."""


def create_incoming_jobs(url: str, taking_in: TakingIn) -> procrastinate.App:
    """Make the application of the webhooks' worker."""
    app = open_queue(url)

    @app.task(name=jobs.TAKE_IN, queue=jobs.WEBHOOKS_QUEUE, retry=Retries())
    async def take_in(channel: str) -> None:
        await taking_in.drain()

    # What failed is due again after its own time, and a job may have been lost. This one has
    # no lock, and defers one that has: a job that waits for its time must not block others.
    @app.periodic(cron="* * * * * */5", queueing_lock="webhook.due")
    @app.task(name="webhook.due", queue=jobs.WEBHOOKS_QUEUE)
    async def due(timestamp: int) -> None:
        await taking_in.call_if_due()

    @app.periodic(cron="41 * * * *", queueing_lock="webhook.purge")
    @app.task(name="webhook.purge", queue=jobs.WEBHOOKS_QUEUE)
    async def purge(timestamp: int) -> None:
        await taking_in.purge()

    return app


def register_fetching(app: procrastinate.App, fetching: Fetching) -> None:
    """Add the job that fetches a picture, a voice note or a file; it needs no order."""

    @app.task(name=jobs.FETCH_MEDIA, queue=jobs.MEDIA_QUEUE, pass_context=True, retry=Retries())
    async def fetch(context: JobContext, conversation: str, media: int) -> None:
        await fetching.fetch(media, context.job.attempts)
