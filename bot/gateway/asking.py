"""What is about to be asked of a channel, and what became of it; and how long to wait for that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.errors import SendFailed
from bot.gateway.lines import Line
from bot.store.database import Connection
from bot.store.deliveries import AGAIN, DOUBLED, OPEN, Delivery
from bot.store.pauses import Chat

PATIENCE = timedelta(seconds=30)
"""So long a status may take that tells of a part whose answer did not come. Longer than any
request, so that nobody asks again while somebody else still does."""


@dataclass(frozen=True)
class Turn:
    """One look at a conversation, in one transaction."""

    connection: Connection
    chat: Chat
    line: Line
    now: datetime


@dataclass(frozen=True)
class Asking:
    """A part that is about to be asked.

    Attributes:
        outbound: The message that waits.
        number: The part's place in it.
        key: Goes along, unless an earlier request is unsure and keeps its own.
        delivery: What is known of the part, if it was asked before.
        is_template: It only says that the message waits.
    """

    outbound: int
    number: int
    part: Any
    key: str
    delivery: Delivery | None = None
    is_template: bool = False

    def form(self, line: Line) -> Any:
        """Choose the part's form: another one if the first was refused for what it is."""
        if self.delivery is None or self.delivery.state != AGAIN:
            return self.part
        failure = line.failure(self.delivery.error_code)
        return line.other_form(self.part, failure) or self.part


@dataclass(frozen=True)
class Request:
    """A part that is committed as asked."""

    chat: Chat
    line: Line
    delivery: Delivery
    part: Any
    address: Any


@dataclass(frozen=True)
class Answered:
    """What became of a request: the channel's id of the message, or why it was not taken."""

    request: Request
    result: str | SendFailed


def answer_due(delivery: Delivery | None, now: datetime) -> datetime | None:
    """Tell until when an answer may still come that was not heard; None if nobody waits for one."""
    if delivery is None or delivery.state not in OPEN:
        return None
    due = delivery.asked_at + PATIENCE
    return due if due > now else None


def is_hopeless(delivery: Delivery | None) -> bool:
    """Tell whether a part was asked twice already without an answer."""
    return delivery is not None and delivery.state == DOUBLED
