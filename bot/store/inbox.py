"""What comes in: stored before it is answered, once, in order, with its job."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from bot.conversations.message import Conversation, Inbound, InboundDraft, read_choice_id
from bot.errors import IdConflict, NotAuthorised
from bot.store import conversations, jobs
from bot.store.database import Connection, fetch_one

# Shown as the person's words when the choice was never on offer.
_UNKNOWN_CHOICE = "\u2026"


@dataclass(frozen=True)
class Accepted:
    """A stored message; `new` is false when it had come before."""

    seq: int
    new: bool
    id: int


async def accept(connection: Connection, conversation: UUID, draft: InboundDraft) -> Accepted:
    """Store a message and defer its job; a repetition changes nothing.

    Raises:
        NotAuthorised: If the conversation is gone.
        IdConflict: If the id was used with another content.
    """
    if await conversations.lock(connection, conversation) is None:
        raise NotAuthorised("This key opens no conversation.")
    earlier = await fetch_one(
        connection,
        "SELECT id, seq, content_hash FROM inbound WHERE conversation_id = %s AND external_id = %s",
        (conversation, draft.external_id),
    )
    if earlier is None:
        return await _store(connection, conversation, draft)
    if bytes(earlier["content_hash"]) != draft.content_hash:
        raise IdConflict("This id was used before for another message.")
    return Accepted(earlier["seq"], new=False, id=earlier["id"])


async def _store(connection: Connection, conversation: UUID, draft: InboundDraft) -> Accepted:
    seq = await conversations.next_seq(connection, conversation)
    text = draft.text
    if draft.choice is not None:
        text = await _title(connection, conversation, draft.choice) or text or _UNKNOWN_CHOICE
    row = await fetch_one(
        connection,
        "INSERT INTO inbound (conversation_id, external_id, content_hash, seq, text, choice,"
        " too_long, kind, sent_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (
            conversation,
            draft.external_id,
            draft.content_hash,
            seq,
            text,
            draft.choice,
            draft.too_long,
            draft.kind,
            draft.sent_at,
        ),
    )
    if row is None:
        raise LookupError("a row that was inserted did not come back")
    await jobs.defer(connection, jobs.ANSWER, conversation, inbound=row["id"])
    await conversations.notify(connection, conversation)
    return Accepted(seq, new=True, id=row["id"])


async def _title(connection: Connection, conversation: UUID, choice: str) -> str | None:
    """Find what the person saw on the choice, whether it still counts or not."""
    seq, number = read_choice_id(choice) or (0, 0)
    row = await fetch_one(
        connection,
        "SELECT body->'choices'->%s->>'title' AS title FROM outbound"
        " WHERE conversation_id = %s AND seq = %s",
        (max(number - 1, 0), conversation, seq),
    )
    return row["title"] if row and number else None


async def load(connection: Connection, inbound: int) -> tuple[Inbound, Conversation] | None:
    """Read a message and its conversation; None if they were erased."""
    row = await fetch_one(
        connection,
        "SELECT inbound.id, conversation_id, text, choice, too_long, done IS NOT NULL AS done,"
        " extract(epoch FROM now() - received_at)::float AS seconds_waiting,"
        " kind, inbound.external_id, channel, language, hint_language, keep_key,"
        " conversation.seq, token_hash IS NULL AS pushed"
        " FROM inbound JOIN conversation ON conversation.id = conversation_id"
        " WHERE inbound.id = %s",
        (inbound,),
    )
    if row is None:
        return None
    message = Inbound(
        id=row["id"],
        conversation=row["conversation_id"],
        text=row["text"],
        choice=row["choice"],
        too_long=row["too_long"],
        seconds_waiting=row["seconds_waiting"],
        done=row["done"],
        kind=row["kind"],
        external_id=row["external_id"],
    )
    return message, Conversation(
        id=row["conversation_id"],
        channel=row["channel"],
        language=row["language"],
        hint_language=row["hint_language"],
        keep_key=row["keep_key"],
        seq=row["seq"],
        pushed=row["pushed"],
    )
