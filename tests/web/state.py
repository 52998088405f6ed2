"""What the stand-in server knows, and what is to go wrong with it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Faults:
    """What goes wrong: counts go down by one with each use."""

    refuse_messages: int = 0  # 503 and nothing stored
    drop_before: int = 0  # the connection breaks, nothing stored
    drop_after: int = 0  # stored, but the answer is lost
    reject_messages: int = 0  # 400
    refuse_streams: int = 0  # 503
    cut_streams: int = 0  # the stream ends after its first message
    hold_streams: bool = False  # something in between holds every byte back
    twice: bool = False  # every message arrives two times
    delay: float = 0.0

    def take(self, name: str) -> bool:
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0


@dataclass
class Conversation:
    token: str
    language: str | None
    messages: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    keep_key: bool | None = None
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    streams: int = 0
    seq: int = 0

    async def add(self, message: dict[str, Any]) -> int:
        async with self.news:
            self.seq = seq = self.seq + 1
            self.messages.append({"seq": seq} | message)
            self.news.notify_all()
        return seq


@dataclass
class Site:
    """The state behind the stand-in, for the tests to set and to look at."""

    faults: Faults = field(default_factory=Faults)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    operator: dict[str, Any] = field(
        default_factory=lambda: {"controller": None, "retention_days": None}
    )
    forms: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def only(self) -> Conversation:
        """The one conversation that the test has."""
        assert len(self.conversations) == 1, len(self.conversations)
        return next(iter(self.conversations.values()))

    def make(self, language: str | None) -> Conversation:
        made = Conversation(secrets.token_urlsafe(8), language)
        self.conversations[made.token] = made
        return made
