"""Running the jobs, inside the gateway or alone (`impreuna worker`), through database outages."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import procrastinate
from procrastinate.exceptions import ConnectorException, ProcrastinateException
from procrastinate.jobs import DeleteJobCondition
from procrastinate.worker import Worker

from bot.gateway.jobs import STALLED_SECONDS
from bot.gateway.queue import queues_of

log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 5.0
_POLL_SECONDS = 0.5  # retries are not notified: they are found by polling
_GRACE_SECONDS = 8.0
STOP_SECONDS = 12.0
"""Seconds that a worker may take to stop, before it is told again."""
_PERSIST_TRIES = 20
_PERSIST_PAUSE = 1.0


class PatientWorker(Worker):
    """A worker that goes on saying how a job ended until the database hears it.

    procrastinate (3.10, `Worker._persist_job_status`) says it once: if the database is away
    at that moment, the job stays `doing` under a worker that lives, so it never counts as
    stalled, and its lock blocks the conversation for ever.
    """

    async def _persist_job_status(self, *args: Any, **kwargs: Any) -> None:
        for _ in range(_PERSIST_TRIES):
            try:
                await super()._persist_job_status(*args, **kwargs)
                # The conversation's next job waited for this one's lock; nobody else says
                # that it may run now, and polling would cost each message half a second.
                self._new_job_event.set()
                return
            except ConnectorException as error:
                log.warning("a job's end could not be stored (%s)", type(error).__name__)
                if self._stop_event.is_set():
                    return  # it is leaving: its jobs count as stalled and run again
                await asyncio.sleep(_PERSIST_PAUSE)
        # A worker that leaves frees its jobs.
        self.stop()  # type: ignore[no-untyped-call]


async def run_worker(app: procrastinate.App, concurrency: int, stopping: asyncio.Event) -> None:
    """Run jobs until told to stop; a worker that broke is replaced.

    Args:
        app: The job application, whose own queues are worked on; it is opened and closed here.
        concurrency: How many jobs run at a time.
        stopping: Set it, then cancel. Cancelling alone is not enough: a worker whose
            shutdown fails raises that failure in the place of the cancellation.
    """
    pause = 0.5
    while not stopping.is_set():
        try:
            await _work(app, concurrency)
            pause = 0.5
        except (ProcrastinateException, OSError) as error:
            log.warning("the worker broke (%s); a new one starts", type(error).__name__)
        if not stopping.is_set():
            await asyncio.sleep(pause)
        pause = min(pause * 2, 5.0)


async def _work(app: procrastinate.App, concurrency: int) -> None:
    """Open the application, work until the worker ends, and close whatever was opened.

    `App.open_async()` as a context leaves its pool open when it is cancelled or fails while
    it opens: the pool's tasks then outlive the worker, and a second opening keeps that pool.
    """
    try:
        await app.open_async()
        await _worker(app, concurrency).run()  # type: ignore[no-untyped-call]
    finally:
        await app.close_async()


async def end(task: asyncio.Task[None], seconds: float) -> None:
    """Cancel a task until it has ended; a cancellation can get lost on its way."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=seconds)
    if not task.cancelled() and task.exception():
        log.warning("%s ended with %s", task.get_name(), type(task.exception()).__name__)


def _worker(app: procrastinate.App, concurrency: int) -> PatientWorker:
    return PatientWorker(
        app=app,
        # Other workers' jobs are unknown to this application: it would fail them.
        queues=queues_of(app),
        name="impreuna",
        concurrency=concurrency,
        fetch_job_polling_interval=_POLL_SECONDS,
        update_heartbeat_interval=_HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        shutdown_graceful_timeout=_GRACE_SECONDS,
        delete_jobs=DeleteJobCondition.ALWAYS.value,
        install_signal_handlers=False,
    )
