"""Fetching pictures, voice notes and files from the provider, to be kept sealed for a counsellor.

The provider's address of a file is good for minutes, so each try asks for it anew. Which
hosts are trusted and how much is read is the client's business; here the content must be
what was announced, and whoever sent something that is lost is asked to send it again.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any, Protocol

from bot.conversations.turn import merge
from bot.errors import BotError, MediaRefused, StoreError
from bot.gateway.answers import DEFAULT_LANGUAGE
from bot.gateway.handling import TryAgain
from bot.gateway.metrics import Metrics
from bot.gateway.voice import Voice
from bot.store import conversations, media, outbox
from bot.store.database import Connection, Database
from bot.store.media import Wanted
from bot.store.vault import Vault

log = logging.getLogger(__name__)

MAX_BYTES = 20 * 1024 * 1024
"""The largest file that is kept; WhatsApp's pictures and voice notes have up to 16 MB."""
DELAYS = (2.0, 10.0, 60.0, 600.0, 3600.0, 6 * 3600.0)
"""Seconds before the second, third, ... try."""
_LOST = "utter_kept_lost"
_JUST = 60.0


class Provider(Protocol):
    """Where the files are: the channel's client."""

    async def media(self, media_id: str) -> Any:
        """Ask where a file is; the address is good for minutes."""

    async def download(self, info: Any, limit: int) -> bytes:
        """Read a file of at most so many bytes."""


class Fetching:
    """Fetches what people sent.

    Args:
        provider: The channel's client; it raises errors that say whether they may heal.
        database: Where the content is kept.
        vault: Seals it.
        voice: Says that something is lost.
        metrics: What is counted.
    """

    def __init__(
        self, provider: Provider, database: Database, vault: Vault, voice: Voice, metrics: Metrics
    ) -> None:
        self._provider = provider
        self._database = database
        self._vault = vault
        self._voice = voice
        self._metrics = metrics

    async def fetch(self, row: int, attempts: int) -> None:
        """Fetch one file; what was fetched already, or erased, is left alone.

        Raises:
            TryAgain: If it may be had later.
            StoreError: If the database went away.
        """
        async with self._database.transaction(durable=False) as connection:
            wanted = await media.wanted(connection, row)
        if wanted is None:
            return
        try:
            content = await self._content(wanted)
        except StoreError:
            raise
        except BotError as error:
            if error.retryable and attempts < len(DELAYS):
                log.warning("media %s: %s at try %s", row, error.code, attempts + 1)
                raise TryAgain(DELAYS[attempts]) from error
            await self._lose(wanted, error.code)
            return
        await self._keep(wanted, content)

    async def _content(self, wanted: Wanted) -> bytes:
        info = await self._provider.media(wanted.provider_id)
        content = await self._provider.download(info, MAX_BYTES)
        if len(content) > MAX_BYTES:
            raise MediaRefused("it is too large")
        if wanted.sha256 is not None and hashlib.sha256(content).digest() != wanted.sha256:
            raise MediaRefused("it is not what was announced")
        return content

    async def _keep(self, wanted: Wanted, content: bytes) -> None:
        digest = hashlib.sha256(content).digest()
        async with self._database.transaction() as connection:
            kept = await media.keep(connection, self._vault, wanted.id, content, digest)
            await conversations.notify(connection, wanted.conversation)
        if kept:
            self._metrics.media.labels("kept").inc()

    async def _lose(self, wanted: Wanted, code: str) -> None:
        async with self._database.transaction() as connection:
            if await self._say_lost(connection, wanted):
                self._metrics.media.labels("lost").inc()
                log.error("media %s of kind %s is lost: %s", wanted.id, wanted.kind, code)

    async def _say_lost(self, connection: Connection, wanted: Wanted) -> bool:
        conversation = await conversations.lock(connection, wanted.conversation)
        if conversation is None or not await media.lose(connection, wanted.id):
            return False
        language = conversation.speaks(DEFAULT_LANGUAGE)
        said = [self._voice.say(_LOST, language)]
        message = merge(said, language, self._voice.direction(language), asks=False)
        # An album is lost as a whole: its sender is asked once.
        told = _LOST in await outbox.just_said(connection, conversation.id, _JUST)
        if message and not told:
            await outbox.put(connection, conversation.id, f"media:{wanted.id}:lost", message)
        await conversations.notify(connection, conversation.id)
        return True
