"""The workers: what their jobs do, made of the settings, and the running of all of them.

The gateway runs them beside serving; `impreuna worker` runs them alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import procrastinate

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.client import Client
from bot.channels.whatsapp.parse import parse
from bot.conversations.masking import Masking
from bot.gateway import desk_jobs, incoming_jobs, outbound_jobs
from bot.gateway.alerts import Alerts
from bot.gateway.desk_jobs import create_desk_jobs
from bot.gateway.doubts import Doubts
from bot.gateway.escalation import Escalation
from bot.gateway.expectation import Expectation
from bot.gateway.fetching import Fetching
from bot.gateway.handing_over import HandingOver
from bot.gateway.handling import Handling, Spot
from bot.gateway.incoming_jobs import create_incoming_jobs
from bot.gateway.jobs import create_jobs
from bot.gateway.lines import Lines, WhatsAppLine
from bot.gateway.metrics import Metrics
from bot.gateway.outbound_counts import OutboundCounts
from bot.gateway.outbound_jobs import create_outbound_jobs
from bot.gateway.presence import Presence
from bot.gateway.rasa import Rasa
from bot.gateway.sending import Sending
from bot.gateway.taking_in import TakingIn
from bot.gateway.voice import Voice
from bot.gateway.worker import STOP_SECONDS, end, run_worker
from bot.i18n.introductions import introductions
from bot.settings import Settings, WhatsApp
from bot.store.database import Database
from bot.store.vault import Vault, open_vault

Crew = tuple[str, procrastinate.App, int]


@dataclass(frozen=True)
class Parts:
    """What the jobs are made of; whoever made it opens and closes the database and Rasa."""

    settings: Settings
    database: Database
    rasa: Rasa
    voice: Voice
    spot: Spot
    metrics: Metrics = field(default_factory=Metrics)


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[None]:
    """Run every worker until the end of the block."""
    stopping = asyncio.Event()
    number = parts.settings.whatsapp
    client = Client(number) if number else None
    if client:
        await client.open()
    tasks = [
        asyncio.create_task(run_worker(app, concurrency, stopping), name=name)
        for name, app, concurrency in _workers(parts, number, client)
    ]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(*(end(task, STOP_SECONDS) for task in tasks))
        if client:
            await client.close()


def _workers(parts: Parts, number: WhatsApp | None, client: Client | None) -> list[Crew]:
    """Give each worker's name, its jobs and how many of them run at a time."""
    url, settings = parts.settings.require_database(), parts.settings
    expectation = Expectation(parts.voice, settings.operator)
    desk = ("desk worker", _desk_jobs(parts, expectation), desk_jobs.CONCURRENCY)
    days, concurrency = settings.operator.retention_days, settings.worker_concurrency or 1
    if number is None or client is None:
        handling = _handling(parts, expectation)
        return [("worker", create_jobs(url, parts.database, handling, days), concurrency), desk]
    vault = open_vault(settings)
    lines = {CHANNEL: WhatsAppLine(client, parts.voice.say)}
    handling = _handling(parts, expectation, Presence(lines, vault))
    fetching = Fetching(client, parts.database, vault, parts.voice, parts.metrics)
    app = create_jobs(url, parts.database, handling, days, fetching)
    return [
        ("worker", app, concurrency),
        desk,
        *_channel_workers(parts, number, vault, lines),
    ]


def _handling(parts: Parts, expectation: Expectation, presence: Presence | None = None) -> Handling:
    return Handling(
        parts.database,
        parts.rasa,
        parts.voice,
        parts.spot,
        parts.metrics,
        expectation,
        Doubts(Masking(introductions())),
        presence,
    )


def _channel_workers(parts: Parts, number: WhatsApp, vault: Vault, lines: Lines) -> list[Crew]:
    """Give the workers of what comes in by webhooks and of what is carried to people."""
    url = parts.settings.require_database()
    reads = partial(parse, phone_number_id=number.phone_number_id)
    taking_in = TakingIn(CHANNEL, reads, parts.database, vault, parts.metrics)
    counts = OutboundCounts(parts.metrics.registry)
    outbound = create_outbound_jobs(url, Sending(parts.database, vault, lines, counts))
    return [
        ("incoming worker", create_incoming_jobs(url, taking_in), incoming_jobs.CONCURRENCY),
        ("outbound worker", outbound, outbound_jobs.CONCURRENCY),
    ]


def _desk_jobs(parts: Parts, expectation: Expectation) -> procrastinate.App:
    handing_over = HandingOver(parts.database, parts.voice)
    escalation = Escalation(parts.database, handing_over, expectation.is_open)
    alerts = Alerts(parts.settings, parts.database)
    return create_desk_jobs(parts.settings.require_database(), alerts, escalation)
