"""The closing transaction: a message is done, and everything it led to happens with it.

A job may run twice at once (a stalled one is retried while it still lives). So the first
thing is to set `done`; whoever changes no row drops all its effects. Who answers, the bot or a
counsellor, is decided here, under the conversation's lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversations.handoff import HandoffRequest
from bot.conversations.handoff_states import Event, Standing
from bot.conversations.meanwhile import said_beside
from bot.conversations.message import Conversation, Inbound, Outbound
from bot.store import conversations, handoffs, jobs, misunderstandings, outbox
from bot.store.database import Connection
from bot.store.misunderstandings import Unsure


class StandingChanged(Exception):
    """A message that was left to a counsellor has none any more: decide on it again."""


@dataclass(frozen=True)
class Closing:
    """What handling one message led to.

    Attributes:
        outcome: Who answered: `rasa`, `gateway`, `failure`, or `agent` (a counsellor does).
        facts: What the interview knows now, if it learnt anything (personal).
        answers: The seq of the question whose choice was taken.
        erase: The person confirmed that everything of theirs is deleted.
        beside_agent: What is said instead of `messages` while a counsellor has the
            conversation; None: those of `messages` that may be said then.
        left_to_agent: Nothing but a counsellor answers this message.
        back_to_bot: The person goes back from the counsellor to the bot.
        unsure: The message, masked, where the bot was unsure of it.
    """

    outcome: str
    messages: Sequence[Outbound] = ()
    language: str | None = None
    handoff: HandoffRequest | None = None
    findings: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    answers: int | None = None
    keep_key: bool | None = None
    erase: bool = False
    beside_agent: Sequence[Outbound] | None = None
    left_to_agent: bool = False
    back_to_bot: bool = False
    unsure: Unsure | None = None


async def close(connection: Connection, inbound: Inbound, closing: Closing) -> bool:
    """Close a turn.

    Returns:
        False if the message was done already or was erased; then nothing was changed.

    Raises:
        StandingChanged: If it was left to a counsellor who has the conversation no more;
            the transaction must be rolled back.
    """
    conversation = await conversations.lock(connection, inbound.conversation)
    if conversation is None or not await _mark_done(connection, inbound, closing.outcome):
        return False
    standing = await _standing(connection, conversation, closing)
    if closing.answers is not None:
        await outbox.mark_answered(connection, conversation.id, closing.answers)
    if closing.language and closing.language != conversation.language:
        await conversations.set_language(connection, conversation.id, closing.language)
    if closing.keep_key is not None:
        await conversations.set_keep_key(connection, conversation.id, closing.keep_key)
    messages = _said(closing, standing)
    for number, message in enumerate(messages, 1):
        await outbox.put(connection, conversation.id, f"reply:{inbound.id}:{number}", message)
    await _hand_over(connection, conversation, inbound, closing, standing, len(messages))
    if closing.unsure:
        await misunderstandings.put(connection, conversation.id, closing.unsure)
    if closing.erase:
        await jobs.defer(connection, jobs.ERASE, conversation.id)
    await conversations.notify(connection, conversation.id)
    return True


async def _standing(
    connection: Connection, conversation: Conversation, closing: Closing
) -> Standing:
    """Read who has the conversation now, after the person went back to the bot, if so."""
    standing = await handoffs.standing(connection, conversation.id)
    if closing.left_to_agent and not standing.with_agent:
        raise StandingChanged
    if closing.back_to_bot and standing.with_agent:
        await handoffs.step(connection, conversation, standing, Event.PERSON_RETURNS)
        standing = await handoffs.standing(connection, conversation.id)
    return standing


def _said(closing: Closing, standing: Standing) -> Sequence[Outbound]:
    """Choose what is said: the bot's answer only where no counsellor has the conversation."""
    if standing.with_agent:
        messages = closing.messages if closing.beside_agent is None else closing.beside_agent
        return said_beside(messages, standing)
    return closing.messages


async def _hand_over(
    connection: Connection,
    conversation: Conversation,
    inbound: Inbound,
    closing: Closing,
    standing: Standing,
    said: int,
) -> None:
    if closing.handoff:
        language = closing.language or conversation.speaks("")
        await handoffs.open_or_add(
            connection, conversation.id, closing.handoff, language or None, closing.findings
        )
    elif closing.facts and standing.handoff and standing.is_open:
        await handoffs.add_facts(connection, standing.handoff, closing.facts)
    silenced = closing.left_to_agent or closing.handoff or (closing.messages and not said)
    if standing.with_agent and standing.handoff and silenced:
        await handoffs.left_unanswered(connection, standing.handoff, inbound.id)


async def _mark_done(connection: Connection, inbound: Inbound, outcome: str) -> bool:
    cursor = await connection.execute(
        "UPDATE inbound SET done = now(), outcome = %s WHERE id = %s AND done IS NULL",
        (outcome, inbound.id),
    )
    return cursor.rowcount == 1
