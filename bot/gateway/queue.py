"""The queue's application as every worker of ours opens it, and when a job runs again."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import procrastinate
from procrastinate import RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from bot.errors import StoreError
from bot.gateway.handling import TryAgain

_STORE_DELAY = 2.0
_CONNECTION_SECONDS = 5.0
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


def open_queue(url: str) -> procrastinate.App:
    """Make an application of the queue; nothing connects before it is opened."""
    return procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=url,
            min_size=1,
            max_size=4,
            timeout=_CONNECTION_SECONDS,
            kwargs={"options": _NOT_WAITING},
        ),
        periodic_defaults={"max_delay": 30},
    )


def queues_of(app: procrastinate.App) -> list[str]:
    """Name the queues of an application's tasks: what its worker takes jobs from."""
    return sorted({task.queue for task in app.tasks.values()})


def _in_seconds(seconds: float) -> datetime:
    return datetime.now(timezone.utc) + timedelta(seconds=seconds)
