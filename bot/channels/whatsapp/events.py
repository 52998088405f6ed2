"""What a webhook tells: messages, what became of ours, and people's new numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Sender:
    """The names under which WhatsApp knows a person; each may be missing.

    Attributes:
        phone: Digits, with the country's code, without a plus sign.
        user_id: The business-scoped user id (BSUID).
        parent_id: The same above several businesses.
    """

    phone: str | None = None
    user_id: str | None = None
    parent_id: str | None = None

    def names(self) -> dict[str, str]:
        """Give what is known by kind, the surest first."""
        known = {"user_id": self.user_id, "phone": self.phone, "parent_id": self.parent_id}
        return {kind: name for kind, name in known.items() if name}

    def __repr__(self) -> str:
        # A phone number must not get into a log by way of an exception's text.
        return f"Sender({', '.join(self.names())})"


@dataclass(frozen=True)
class MediaRef:
    """A picture, a voice note or a file, still at Meta's.

    Attributes:
        sha256: Of the content, if told.
    """

    kind: str
    id: str
    mime_type: str
    filename: str | None = None
    sha256: bytes | None = None


@dataclass(frozen=True)
class Received:
    """One message of a person.

    Attributes:
        id: WhatsApp's id of the message (`wamid`); opaque, and a person's number is in it.
        kind: One of `bot.conversations.message.KINDS`.
        text: Cleaned, as long as it came; a caption if there is media.
        choice: The id of a choice of ours, if one was taken.
        context_id: The id of the message that this one answers, if told.
    """

    id: str
    sender: Sender
    at: datetime
    kind: str
    text: str = ""
    choice: str | None = None
    media: MediaRef | None = None
    context_id: str | None = None


@dataclass(frozen=True)
class Status:
    """What became of a message of ours.

    Attributes:
        id: WhatsApp's id of our message; empty if not told.
        key: What we sent along with it, if it came back.
        state: `sent`, `delivered`, `read` or `failed`.
    """

    id: str
    key: str | None
    state: str
    at: datetime
    error_code: int | None = None
    recipient: Sender = Sender()


@dataclass(frozen=True)
class NumberChange:
    """A person has another number, or another user id, from now on."""

    id: str
    at: datetime
    old: Sender
    new: Sender


@dataclass(frozen=True)
class Batch:
    """All of one webhook; each kind of event in the order of (time, place).

    Attributes:
        ignored: How many events are none for us: reactions, groups, other topics.
        problems: A code for each thing that could not be read; never a person's data.
    """

    messages: tuple[Received, ...] = ()
    statuses: tuple[Status, ...] = ()
    changes: tuple[NumberChange, ...] = ()
    ignored: int = 0
    problems: tuple[str, ...] = ()
