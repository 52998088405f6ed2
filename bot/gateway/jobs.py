"""The jobs: a message to answer, a conversation to erase, and the upkeep.

Every job of a conversation carries its lock and the same priority, so they run one at a
time and in order. A job scheduled for later never carries a lock: a waiting one would
block the conversation whatever its date.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta, timezone
from uuid import UUID

import procrastinate
from procrastinate import JobContext, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from bot.errors import StoreError
from bot.gateway.handling import Handling, TryAgain
from bot.store import erasure, jobs
from bot.store.database import Database

log = logging.getLogger(__name__)

STALLED_SECONDS = 15.0
"""A worker that gave no sign for so long is dead; its jobs run again."""
_STORE_DELAY = 2.0
_CONNECTION_SECONDS = 5.0
_UPKEEP = "upkeep"
# Taking and ending a job need not wait for the disk: what a crash of the server undoes is
# run again, and closed once. Jobs are stored by our own, durable transactions.
_NOT_WAITING = "-c synchronous_commit=off"


class Retries(BaseRetryStrategy):
    """Runs a job again when that may help; it keeps its lock, for order's sake."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide by the kind of error; anything unknown ends the job."""
        if isinstance(exception, TryAgain):
            return RetryDecision(retry_at=_in_seconds(exception.delay))
        if isinstance(exception, StoreError):
            return RetryDecision(retry_at=_in_seconds(_STORE_DELAY))
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()  # this process stops; another one takes it at once
        return None


def _in_seconds(seconds: float) -> datetime:
    return datetime.now(timezone.utc) + timedelta(seconds=seconds)


def create_jobs(
    url: str, database: Database, handling: Handling, retention_days: int | None
) -> procrastinate.App:
    """Make the job application; nothing runs and nothing connects before it is opened."""
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=url,
            min_size=1,
            max_size=4,
            timeout=_CONNECTION_SECONDS,
            kwargs={"options": _NOT_WAITING},
        ),
        periodic_defaults={"max_delay": 30},
    )
    _register_conversation_jobs(app, handling)
    _register_upkeep(app, database)
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
