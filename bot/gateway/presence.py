"""Presence: while an answer is being prepared, its person sees that somebody writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.conversations.message import Conversation
from bot.errors import BotError
from bot.gateway.lines import Line, Lines
from bot.store import received
from bot.store.vault import Vault

log = logging.getLogger(__name__)

RENEW_SECONDS = 20.0
"""WhatsApp's sign goes out after 25 seconds."""
_LAST_CALL_SECONDS = 2.0


class Presence:
    """Shows the sign on the channels that have one.

    Args:
        lines: By the channel's name.
        vault: Opens the provider's id, which is sealed beside its message.
        renew: Seconds after which the sign is shown anew.
    """

    def __init__(
        self, lines: Lines, vault: Vault | None = None, renew: float = RENEW_SECONDS
    ) -> None:
        self._lines = lines
        self._vault = vault
        self._renew = renew

    @asynccontextmanager
    async def working(self, conversation: Conversation, external_id: str) -> AsyncIterator[None]:
        """Show the sign at once and until the block ends; never after it.

        Nothing that goes wrong with it disturbs the answer.

        Args:
            conversation: Whose message is being answered.
            external_id: `Inbound.external_id`.
        """
        line = self._lines.get(conversation.channel) if conversation.pushed else None
        if line is None:
            yield
            return
        ended = asyncio.Event()
        task = asyncio.create_task(self._show(line, external_id, ended), name="presence")
        try:
            yield
        finally:
            ended.set()
            # A call under way is awaited: cancelled, it could still reach WhatsApp after the
            # answer, and the sign would stand there below it.
            await asyncio.wait([task], timeout=_LAST_CALL_SECONDS)
            task.cancel()

    async def _show(self, line: Line, external_id: str, ended: asyncio.Event) -> None:
        try:
            message_id = self._open(external_id)
            while not ended.is_set():
                await line.show_typing(message_id)
                await _wait(ended, self._renew)
        except (BotError, ValueError) as error:
            log.info("the typing sign is not shown (%s)", type(error).__name__)

    def _open(self, external_id: str) -> str:
        return received.open_id(self._vault, external_id) if self._vault else external_id


async def _wait(ended: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(ended.wait(), seconds)
    except asyncio.TimeoutError:
        return
