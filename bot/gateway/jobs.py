"""The jobs: a message to answer, a conversation to erase, and the upkeep.

Every job of a conversation carries its lock and the same priority, so they run one at a
time and in order. A job scheduled for later never carries a lock: a waiting one would
block the conversation whatever its date.
"""

from __future__ import annotations

import logging
from uuid import UUID

import procrastinate
from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException

from bot.gateway.fetching import Fetching
from bot.gateway.handling import Handling
from bot.gateway.incoming_jobs import register_fetching
from bot.gateway.queue import Retries, open_queue
from bot.store import erasure, jobs
from bot.store.database import Database

log = logging.getLogger(__name__)

STALLED_SECONDS = 15.0
"""A worker that gave no sign for so long is dead; its jobs run again."""
_UPKEEP = "upkeep"


def create_jobs(
    url: str,
    database: Database,
    handling: Handling,
    retention_days: int | None,
    fetching: Fetching | None = None,
) -> procrastinate.App:
    """Make the conversations' job application; nothing runs before it is opened."""
    app = open_queue(url)
    _register_conversation_jobs(app, handling)
    _register_upkeep(app, database)
    if fetching is not None:
        register_fetching(app, fetching)
    if retention_days is not None:
        _register_retention(app, database, retention_days)
    return app


def _register_conversation_jobs(app: procrastinate.App, handling: Handling) -> None:
    @app.task(name=jobs.ANSWER, queue=jobs.QUEUE, pass_context=True, retry=Retries())
    async def answer(context: JobContext, conversation: str, inbound: int) -> None:
        await handling.answer(inbound, UUID(conversation), context.job.attempts)

    @app.task(name=jobs.ERASE, queue=jobs.QUEUE, retry=Retries())
    async def erase(conversation: str) -> None:
        await handling.erase(UUID(conversation))


def _register_upkeep(app: procrastinate.App, database: Database) -> None:
    @app.periodic(cron="* * * * * */10", queueing_lock="upkeep.stalled")
    @app.task(name="upkeep.stalled", queue=_UPKEEP)
    async def stalled(timestamp: int) -> None:
        await retry_stalled(app)

    @app.periodic(cron="*/10 * * * *", queueing_lock="upkeep.sweep")
    @app.task(name="upkeep.sweep", queue=_UPKEEP)
    async def sweep(timestamp: int) -> None:
        async with database.transaction() as connection:
            deleted = await erasure.sweep(connection)
        if deleted:
            log.info("deleted %s late rows of erased conversations", deleted)


def _register_retention(app: procrastinate.App, database: Database, days: int) -> None:
    @app.periodic(cron="17 * * * *", queueing_lock="upkeep.retention")
    @app.task(name="upkeep.retention", queue=_UPKEEP)
    async def retention(timestamp: int) -> None:
        await erase_expired(database, days)


async def retry_stalled(app: procrastinate.App) -> int:
    """Run again what a dead worker left `doing`; never a job that merely takes long.

    Returns:
        How many jobs were put back.
    """
    retried = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await app.job_manager.retry_job(job)
            retried += 1
        except ConnectorException:
            # It ended, or another process was first.
            continue
    if retried:
        log.warning("%s stalled jobs run again", retried)
    return retried


async def erase_expired(database: Database, days: int) -> int:
    """Erase what nobody has used for the retention period, the key included.

    Returns:
        How many conversations were erased.
    """
    async with database.transaction() as connection:
        expired = await erasure.expired(connection, days)
    for conversation in expired:
        async with database.transaction() as connection:
            await erasure.erase(connection, conversation, erasure.new_reference("E"))
    if expired:
        log.info("%s conversations erased after %s days", len(expired), days)
    return len(expired)
