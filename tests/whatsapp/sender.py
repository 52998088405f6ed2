"""The way out without a network and without waiting: a clock that is set, a client that obeys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from prometheus_client import CollectorRegistry

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.parts import Address, Part, Text
from bot.conversations.message import Choice, Outbound
from bot.conversations.turn import Said
from bot.errors import SendFailed
from bot.gateway.lines import WhatsAppLine
from bot.gateway.outbound_counts import OutboundCounts
from bot.gateway.sending import Sending
from bot.store import deliveries, outbox
from bot.store.aliases import Directory
from bot.store.database import Database, fetch_all, fetch_one
from bot.store.vault import Vault
from tests.whatsapp.words import say

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@dataclass
class Clock:
    """A time that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


@dataclass
class FakeClient:
    """Stands for the API: takes everything, unless it is told otherwise."""

    outcomes: list[SendFailed | str] = field(default_factory=list)
    always: SendFailed | None = None
    sent: list[tuple[Address, Part, str]] = field(default_factory=list)

    async def send(self, to: Address, part: Part, key: str) -> str:
        self.sent.append((to, part, key))
        outcome = self.outcomes.pop(0) if self.outcomes else self.always
        if isinstance(outcome, SendFailed):
            raise outcome
        return outcome or f"wamid.{len(self.sent)}.{key}"

    def texts(self) -> list[str]:
        """What was asked, in order; what is no plain text by its kind."""
        return [
            part.text if isinstance(part, Text) else type(part).__name__ for _, part, _ in self.sent
        ]


class PostOffice:
    """Everything that carries messages, on the test's database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.vault = Vault(b"v" * 32)
        self.clock = Clock()
        self.client = FakeClient()
        self.registry = CollectorRegistry()
        self.pauses: list[float] = []
        self.line = WhatsAppLine(self.client, say)  # type: ignore[arg-type]
        self.sending = Sending(
            database,
            self.vault,
            {CHANNEL: self.line},
            OutboundCounts(self.registry),
            self.clock,
            self._pause,
        )
        self._keys = 0
        self._people = 0

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def empty(self) -> None:
        async with self.database.transaction() as connection:
            for table in ("conversation", "channel_pause", "procrastinate_jobs"):
                await connection.execute(f"DELETE FROM {table}")

    async def person(self, language: str | None = "en", **names: str) -> UUID:
        """Somebody who has just written for the first time."""
        self._people += 1
        names = names or {"phone": f"407000000{self._people:02}"}
        async with self.database.transaction() as connection:
            directory = Directory(connection, self.vault, CHANNEL)
            conversation = await directory.find_or_make(names, self.clock.now)
            await connection.execute(
                "UPDATE conversation SET language = %s WHERE id = %s", (language, conversation)
            )
        await self.writes(conversation)
        return conversation

    async def writes(self, conversation: UUID) -> None:
        """The person writes: the window opens, and sending is deferred."""
        async with self.database.transaction() as connection:
            await connection.execute(
                "UPDATE conversation SET window_until = %s WHERE id = %s",
                (self.clock.now + 24 * HOUR, conversation),
            )
            await outbox.wake(connection, conversation)

    async def put(self, conversation: UUID, text: str, *titles: str, **more: Any) -> int:
        """The bot says something; give the message's id."""
        self._keys += 1
        key = more.pop("key", f"test:{self._keys}")
        choices = tuple(Choice(title, f"/{title}") for title in titles)
        message = Outbound(text=text, choices=choices, **more)
        async with self.database.transaction() as connection:
            await outbox.put(connection, conversation, key, message)
            row = await fetch_one(connection, "SELECT id FROM outbound WHERE key = %s", (key,))
        assert row
        return int(row["id"])

    async def send(self, conversation: UUID) -> None:
        await self.sending.send(conversation)

    async def say(self, conversation: UUID, *texts: str) -> list[int]:
        """The bot says things and they are sent."""
        said = [await self.put(conversation, text) for text in texts]
        await self.send(conversation)
        return said

    async def status(self, state: str, code: int | None = None, nth: int = -1) -> str:
        """The channel tells what became of a message that was asked."""
        key = self.client.sent[nth][2]
        row = await self.row("SELECT provider_id FROM delivery WHERE key = %s", key)
        return await self.status_of(row["provider_id"], key, state, code)

    async def status_of(
        self, provider_id: str | None, key: str | None, state: str, code: int | None = None
    ) -> str:
        async with self.database.transaction() as connection:
            return await deliveries.status(connection, provider_id, key, state, code)

    async def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        async with self.database.transaction() as connection:
            return await fetch_all(connection, query, parameters)

    async def row(self, query: str, *parameters: Any) -> dict[str, Any]:
        rows = await self.rows(query, *parameters)
        assert len(rows) == 1, rows
        return rows[0]

    async def outbound(self, outbound: int) -> dict[str, Any]:
        return await self.row("SELECT * FROM outbound WHERE id = %s", outbound)

    async def is_delivered(self, outbound: int) -> bool:
        return (await self.outbound(outbound))["delivered"] is not None

    async def delivery(self, outbound: int, part: int = 1) -> dict[str, Any]:
        query = "SELECT * FROM delivery WHERE outbound_id = %s AND part = %s"
        return await self.row(query, outbound, part)

    async def states(self, conversation: UUID) -> list[str]:
        query = "SELECT state FROM delivery WHERE conversation_id = %s ORDER BY id"
        return [row["state"] for row in await self.rows(query, conversation)]

    async def wakes(self, conversation: UUID) -> list[float]:
        """In how many seconds the conversation is woken."""
        query = (
            "SELECT scheduled_at, lock FROM procrastinate_jobs WHERE task_name = 'outbound.wake'"
            " AND args->>'conversation' = %s ORDER BY scheduled_at"
        )
        rows = await self.rows(query, str(conversation))
        assert not any(row["lock"] for row in rows), "a job for later must not block the others"
        return [(row["scheduled_at"] - self.clock.now).total_seconds() for row in rows]

    async def sends(self, conversation: UUID) -> int:
        """How many jobs are deferred that send at once, in order."""
        query = (
            "SELECT lock FROM procrastinate_jobs WHERE task_name = 'outbound.send'"
            " AND args->>'conversation' = %s"
        )
        rows = await self.rows(query, str(conversation))
        assert {row["lock"] for row in rows} <= {f"out:{conversation}"}
        return len(rows)

    def count(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"impreuna_{name}_total", labels) or 0.0


__all__ = ["HOUR", "SECOND", "Clock", "FakeClient", "PostOffice", "Said", "say"]
