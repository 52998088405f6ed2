"""Taking in: a stored webhook becomes messages of conversations, each with its job.

One job at a time drains a channel's webhooks. Each event has a transaction of its own: one
that cannot be taken in stops no other. A message is claimed by its id in the transaction
that stores it, so whatever is taken in twice has an effect once.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Union
from uuid import UUID

from bot.channels.whatsapp.events import Batch, NumberChange, Received, Status
from bot.conversations.message import KEPT_KINDS, InboundDraft
from bot.conversations.text import MAX_CHARACTERS
from bot.errors import StoreError
from bot.gateway.logs import describe
from bot.gateway.metrics import Metrics
from bot.store import conversations, deliveries, inbox, media, outbox, received, webhooks
from bot.store.aliases import Directory
from bot.store.database import Connection, Database
from bot.store.vault import Vault
from bot.store.webhooks import Webhook

log = logging.getLogger(__name__)

WINDOW_HOURS = 24
"""So long after a person's message the channel takes free text."""

_PAGE = 50
Event = Union[Received, NumberChange, Status]  # noqa: UP007 (an alias at run time on 3.10)
Parse = Callable[[bytes, datetime], Batch]


class TakingIn:
    """Takes in the webhooks of one channel.

    Args:
        channel: The channel's name.
        parse: Reads a body, at a time; never raises.
        database: Where all of it stands.
        vault: Opens the bodies, seals the names.
        metrics: What is counted.
    """

    def __init__(
        self,
        channel: str,
        parse: Parse,
        database: Database,
        vault: Vault,
        metrics: Metrics,
    ) -> None:
        self.channel = channel
        self._parse = parse
        self._database = database
        self._vault = vault
        self._metrics = metrics

    async def drain(self) -> int:
        """Take in everything that is due, the oldest first.

        Returns:
            How many webhooks were looked at.

        Raises:
            StoreError: If the database went away; what was not taken in stays.
        """
        count = 0
        while True:
            async with self._database.transaction(durable=False) as connection:
                found = await webhooks.due(connection, self.channel, _PAGE)
            if not found:
                return count
            for webhook in found:
                await self._take_webhook(webhook)
            count += len(found)

    async def call_if_due(self) -> None:
        """Defer a draining job if something waits for one."""
        async with self._database.transaction(durable=False) as connection:
            await webhooks.call_if_due(connection, self.channel)

    async def purge(self) -> None:
        """Forget the ids and the failures that have been kept long enough."""
        async with self._database.transaction() as connection:
            ids, failures = await received.purge(connection), await webhooks.purge(connection)
        if ids or failures:
            log.info("forgot %s ids of messages and %s failed webhooks", ids, failures)

    async def _take_webhook(self, webhook: Webhook) -> None:
        events, failures = self._events(webhook), 0
        for number, event in enumerate(events, 1):
            last = number == len(events) and not failures
            failures += not await self._try(webhook, event, last)
        if events and not failures:
            return  # gone with its last event
        async with self._database.transaction(durable=False) as connection:
            if not events:
                await webhooks.done(connection, webhook.id)
                return
            lost = await webhooks.failed(connection, webhook)
        self._metrics.webhooks.labels(self.channel, "lost" if lost else "again").inc()
        level = logging.ERROR if lost else logging.WARNING
        log.log(level, "%s events of webhook %s failed", failures, webhook.id)

    def _events(self, webhook: Webhook) -> list[Event | None]:
        """Give a webhook's events in their order; None for one that cannot even be opened."""
        try:
            batch = self._parse(self._vault.open(webhook.sealed), datetime.now(timezone.utc))
        except Exception as error:
            log.error("webhook %s cannot be read: %s", webhook.id, describe(error))
            return [None]
        self._count(webhook, batch)
        # At the same time the number changes first: the message may come from the new one.
        said: list[Received | NumberChange] = [*batch.changes, *batch.messages]
        return [*sorted(said, key=lambda one: one.at), *batch.statuses]

    def _count(self, webhook: Webhook, batch: Batch) -> None:
        self._metrics.webhooks.labels(self.channel, "ignored").inc(batch.ignored)
        for code in batch.problems:
            self._metrics.webhooks.labels(self.channel, "unreadable").inc()
            log.warning("webhook %s: %s", webhook.id, code)

    async def _try(self, webhook: Webhook, event: Event | None, last: bool) -> bool:
        """Take in one event, and with the last one the webhook; False if that failed.

        Raises:
            StoreError: If the database went away: then it was not the event's fault.
        """
        if event is None:
            return False
        try:
            # Not waiting for the disk: a crash that undoes this leaves the webhook, and what
            # is taken in once more has no effect.
            async with self._database.transaction(durable=False) as connection:
                await self._take(connection, event)
                if last:
                    await webhooks.done(connection, webhook.id)
        except Exception as error:
            if isinstance(error, StoreError):
                await self._database.check()
            log.error("an event of webhook %s failed: %s", webhook.id, describe(error))
            return False
        return True

    async def _take(self, connection: Connection, event: Event) -> None:
        if isinstance(event, Status):
            provider_id = deliveries.keyed(self._vault, event.id) if event.id else None
            await deliveries.status(
                connection, provider_id, event.key, event.state, event.error_code
            )
        elif not await received.claim(connection, self._vault, self.channel, event.id):
            self._metrics.webhooks.labels(self.channel, "repeated").inc()
        elif isinstance(event, NumberChange):
            directory = Directory(connection, self._vault, self.channel)
            await directory.change(event.old.names(), event.new.names(), event.at)
        else:
            await self._take_message(connection, event)

    async def _take_message(self, connection: Connection, message: Received) -> None:
        directory = Directory(connection, self._vault, self.channel)
        conversation = await directory.find_or_make(message.sender.names(), message.at)
        await conversations.open_window(connection, conversation, message.at, WINDOW_HOURS)
        accepted = await inbox.accept(connection, conversation, self._draft(message))
        await self._want_media(connection, conversation, accepted.id, message)
        # The person wrote: what waits for the channel to take free text may go now.
        for one in await conversations.with_waiting(connection, conversation):
            await outbox.wake(connection, one)
        self._metrics.inbound.labels(self.channel).inc()

    def _draft(self, message: Received) -> InboundDraft:
        said = f"{message.kind}:{message.choice or ''}:{message.text}"
        return InboundDraft(
            external_id=received.seal_id(self._vault, message.id),
            content_hash=hashlib.sha256(said.encode()).digest(),
            text=message.text[:MAX_CHARACTERS],
            choice=message.choice,
            too_long=len(message.text) > MAX_CHARACTERS,
            kind=message.kind,
            sent_at=message.at,
        )

    async def _want_media(
        self, connection: Connection, conversation: UUID, inbound: int, message: Received
    ) -> None:
        # A sticker is no use to a counsellor: what nobody needs is not kept.
        reference = message.media
        if reference is None or reference.kind not in KEPT_KINDS:
            return
        await media.want(
            connection,
            self._vault,
            conversation,
            inbound,
            kind=reference.kind,
            provider_id=reference.id,
            mime_type=reference.mime_type,
            filename=reference.filename,
            sha256=reference.sha256,
        )
