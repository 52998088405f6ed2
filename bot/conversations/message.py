"""What goes in and what goes out.

Inbound and outbound are different things: a person writes a text or takes a choice; the
bot sends one message a turn, with choices that are valid until the next question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

KEPT_KINDS = ("voice", "audio", "image", "video", "document")
"""What the bot can neither hear nor see: kept for a counsellor."""
KINDS = (
    "text",
    "choice",
    "tap",  # "show me what waits for me": it opens the channel's window, nothing more
    "start",  # the person opened the chat and wrote nothing yet
    *KEPT_KINDS,
    "sticker",
    "location",
    "contacts",
    "order",
    "unsupported",
)


@dataclass(frozen=True)
class Conversation:
    """One person on one channel; its row owns the language.

    Attributes:
        pushed: Whether messages are sent to the person; else a page reads them by its key.
    """

    id: UUID
    channel: str
    language: str | None
    hint_language: str | None
    keep_key: bool | None
    seq: int
    pushed: bool = False

    def speaks(self, default: str) -> str:
        """Give the language to answer in: the chosen one, the browser's, or the default."""
        return self.language or self.hint_language or default


@dataclass(frozen=True)
class InboundDraft:
    """What a channel made of a request, not stored yet.

    Attributes:
        external_id: The sender's own id of the message.
        content_hash: SHA-256 of what was sent, as it was sent.
        kind: One of `KINDS`.
        sent_at: The provider's time; None if the message comes without one.
    """

    external_id: str
    content_hash: bytes
    text: str = ""
    choice: str | None = None
    too_long: bool = False
    kind: str = "text"
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Inbound:
    """What a person sent, as stored.

    Attributes:
        choice: The id of a choice, or None.
        kind: One of `KINDS`; the text beside a picture is its caption.
        external_id: The sender's own id of the message, as the channel keeps it.
    """

    id: int
    conversation: UUID
    text: str
    choice: str | None = None
    too_long: bool = False
    seconds_waiting: float = 0.0
    done: bool = False
    kind: str = "text"
    external_id: str = ""


@dataclass(frozen=True)
class Choice:
    """An answer on offer; `payload` is what Rasa gets and never leaves the house."""

    title: str
    payload: str
    description: str | None = None


@dataclass(frozen=True)
class Outbound:
    """One message to a person.

    Attributes:
        asks: Whether this message is the conversation's current question from now on;
            a receipt in between ("this chat is kept") leaves the question as it was.
        extra: More of the body: a counsellor's first name, what a status says.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    numbered: bool = True
    links: tuple[Mapping[str, str], ...] = ()
    names: tuple[str, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    language: str = "en"
    direction: str = "ltr"
    kind: str = "message"
    author: str = "bot"
    asks: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Give what is stored and shown; the payloads are kept apart."""
        if self.kind != "message":
            # Nobody says a status, so it has no author.
            return {"kind": self.kind, **self.extra}
        return {
            "kind": self.kind,
            "author": self.author,
            **self.extra,
            "text": self.text,
            "choices": [_shown(choice) for choice in self.choices],
            "numbered": self.numbered,
            "links": [dict(link) for link in self.links],
            "language": self.language,
            "direction": self.direction,
            "names": list(self.names),
            "findings": [dict(finding) for finding in self.findings],
        }

    def payloads(self) -> list[str]:
        """Give the choices' payloads, in the choices' order."""
        return [choice.payload for choice in self.choices]


@dataclass(frozen=True)
class Question:
    """The newest message of the bot that awaits an answer, as stored."""

    seq: int
    body: Mapping[str, Any]
    payloads: Sequence[str] = ()
    answered: bool = False

    def choices(self) -> list[Choice]:
        """Give the choices with their payloads."""
        return [
            Choice(shown["title"], payload, shown.get("description"))
            for shown, payload in zip(self.body.get("choices", ()), self.payloads, strict=True)
        ]

    @property
    def numbered(self) -> bool:
        """Tell whether a typed number is the number of a choice."""
        return bool(self.body.get("numbered", True))


def choice_id(seq: int, number: int) -> str:
    """Name a choice: the message's seq and the choice's place in it, from 1."""
    return f"{seq}-{number}"


def read_choice_id(text: str) -> tuple[int, int] | None:
    """Read a choice's id; None if it is none."""
    seq, dash, number = text.partition("-")
    if not (dash and _is_plain_number(seq) and _is_plain_number(number)):
        return None
    return int(seq), int(number)


def _is_plain_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _shown(choice: Choice) -> dict[str, str]:
    shown = {"title": choice.title}
    if choice.description:
        shown["description"] = choice.description
    return shown
