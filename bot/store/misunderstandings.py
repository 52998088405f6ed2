"""What the bot was unsure of, masked: for staff who teach it, and gone with its conversation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from bot.store.database import Connection


@dataclass(frozen=True)
class Unsure:
    """A message that the bot was unsure of.

    Attributes:
        text: Masked already (`bot.conversations.masking`).
        intent: What the bot took it for.
        confidence: How sure it was, 0 to 1.
    """

    text: str
    language: str | None
    intent: str | None
    confidence: float | None

    def __repr__(self) -> str:
        return f"Unsure({self.intent}, {self.confidence})"


async def put(connection: Connection, conversation: UUID, unsure: Unsure) -> None:
    """Store one message that the bot was unsure of."""
    await connection.execute(
        "INSERT INTO misunderstanding (conversation_id, language, text, intent, confidence)"
        " VALUES (%s, %s, %s, %s, %s)",
        (conversation, unsure.language, unsure.text, unsure.intent, unsure.confidence),
    )
