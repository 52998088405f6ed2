"""The closing transaction: a message is done, and everything it led to happens with it.

A job may run twice at once (a stalled one is retried while it still lives). So the first
thing is to set `done`; whoever changes no row drops all its effects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversations.handoff import HandoffRequest
from bot.conversations.message import Inbound, Outbound
from bot.store import conversations, handoffs, jobs, outbox
from bot.store.database import Connection


@dataclass(frozen=True)
class Closing:
    """What handling one message led to.

    Attributes:
        outcome: Who answered: `rasa`, `gateway` or `failure`.
        answers: The seq of the question whose choice was taken.
        erase: The person confirmed that everything of theirs is deleted.
    """

    outcome: str
    messages: Sequence[Outbound] = ()
    language: str | None = None
    handoff: HandoffRequest | None = None
    findings: Sequence[Mapping[str, Any]] = ()
    answers: int | None = None
    keep_key: bool | None = None
    erase: bool = False


async def close(connection: Connection, inbound: Inbound, closing: Closing) -> bool:
    """Close a turn.

    Returns:
        False if the message was done already or was erased; then nothing was changed.
    """
    conversation = await conversations.lock(connection, inbound.conversation)
    if conversation is None or not await _mark_done(connection, inbound, closing.outcome):
        return False
    if closing.answers is not None:
        await outbox.mark_answered(connection, conversation.id, closing.answers)
    if closing.language and closing.language != conversation.language:
        await conversations.set_language(connection, conversation.id, closing.language)
    if closing.keep_key is not None:
        await conversations.set_keep_key(connection, conversation.id, closing.keep_key)
    for number, message in enumerate(closing.messages, 1):
        await outbox.put(connection, conversation.id, f"reply:{inbound.id}:{number}", message)
    if closing.handoff:
        language = closing.language or conversation.speaks("")
        await handoffs.open_or_add(
            connection, conversation.id, closing.handoff, language or None, closing.findings
        )
    if closing.erase:
        await jobs.defer(connection, jobs.ERASE, conversation.id)
    await conversations.notify(connection, conversation.id)
    return True


async def _mark_done(connection: Connection, inbound: Inbound, outcome: str) -> bool:
    cursor = await connection.execute(
        "UPDATE inbound SET done = now(), outcome = %s WHERE id = %s AND done IS NULL",
        (outcome, inbound.id),
    )
    return cursor.rowcount == 1
