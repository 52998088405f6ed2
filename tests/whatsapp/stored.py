"""Webhooks put straight into the store, and what became of them."""

from __future__ import annotations

from typing import Any

from bot.channels.whatsapp import CHANNEL
from bot.store import webhooks
from bot.store.database import Database
from bot.store.vault import Vault
from tests.whatsapp.gateway import execute, rows
from tests.whatsapp.payloads import as_meta


async def put(database: Database, vault: Vault, body: Any) -> int:
    raw = body if isinstance(body, bytes) else as_meta(body)
    async with database.transaction() as connection:
        return await webhooks.put(connection, vault, CHANNEL, raw)


def waiting(url: str) -> list[dict[str, Any]]:
    return rows(url, "SELECT id, tries, failed_at, due_at - now() AS wait FROM webhook ORDER BY id")


def jobs_of(url: str, task: str) -> list[dict[str, Any]]:
    query = "SELECT * FROM procrastinate_jobs WHERE task_name = %s ORDER BY id"
    return rows(url, query, task)


def make_due(url: str) -> None:
    execute(url, "UPDATE webhook SET due_at = now()")
