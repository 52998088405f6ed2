"""The desk's jobs, with a worker of their own: alerts, and every minute the look at who waits.

A mail server that hangs never delays an answer to a person.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import procrastinate
from procrastinate import RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from bot.errors import AlertFailed, StoreError
from bot.gateway.alerts import Alerts
from bot.gateway.escalation import Escalation
from bot.gateway.queue import open_queue
from bot.store import handoffs

ALERT_DELAYS = (10.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 3 * 3600.0)
"""Seconds before the second, third, ... try; then an alert is given up (the desk shows it)."""
CONCURRENCY = 3
_QUEUE = "desk"


class AlertRetries(BaseRetryStrategy):
    """Tries an alert again, later and later; its job carries no lock, so nothing waits for it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide by the kind of error; anything unknown ends the job."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()  # this process stops; another one takes it at once
        if not isinstance(exception, (AlertFailed, StoreError)) or job.attempts >= len(
            ALERT_DELAYS
        ):
            return None
        delay = timedelta(seconds=ALERT_DELAYS[job.attempts])
        return RetryDecision(retry_at=datetime.now(timezone.utc) + delay)


def create_desk_jobs(url: str, alerts: Alerts, escalation: Escalation) -> procrastinate.App:
    """Make the application of the desk's worker; nothing runs before it is opened."""
    app = open_queue(url)

    @app.task(name=handoffs.MAIL, queue=handoffs.ALERTS_QUEUE, retry=AlertRetries())
    async def mail(conversation: str, event: int) -> None:
        await alerts.mail(event)

    @app.task(name=handoffs.WEBHOOK, queue=handoffs.ALERTS_QUEUE, retry=AlertRetries())
    async def webhook(conversation: str, event: int) -> None:
        await alerts.webhook(event)

    @app.periodic(cron="* * * * *", queueing_lock="desk.escalate")
    @app.task(name="desk.escalate", queue=_QUEUE)
    async def escalate(timestamp: int) -> None:
        await escalation.run()

    return app
