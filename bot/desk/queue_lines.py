"""The queue's lines in words: a page of them is made at every change, for every open page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from bot.desk import durations
from bot.desk.case_texts import Reasons, channel_text, outcome_texts, priority_texts
from bot.i18n import Translator
from bot.store.queue import Entry


@dataclass(frozen=True)
class Line:
    """One line of the queue.

    Attributes:
        since: Since when the person waits; of what is closed, when that was.
        is_unanswered: Somebody has it, and the person waits for an answer.
    """

    id: int
    reference: str
    reason: str
    more_reasons: int
    priority: str
    priority_text: str
    is_child: bool
    language: str
    channel: str
    since: datetime
    waiting: str
    state: str
    agent: str | None
    is_mine: bool
    is_unanswered: bool
    escalations: int
    labels: Sequence[str]
    outcome: str
    closed_at: datetime | None

    @property
    def can_be_claimed(self) -> bool:
        """Whether it waits for somebody to take it."""
        return self.state == "waiting"


class Lines:
    """Makes lines; what they have in common is looked up once.

    Args:
        words: In the reader's language.
        me: The reader's account.
        now: This moment.
    """

    def __init__(self, words: Translator, me: UUID, now: datetime) -> None:
        self._words = words
        self._me = me
        self._now = now
        self._reasons = Reasons(words)
        self._priorities = priority_texts(words)
        self._outcomes = outcome_texts(words)
        self._language = cache(lambda tag: durations.language_text(words, tag))
        self._channel = cache(lambda channel: channel_text(words, channel))

    def line(self, entry: Entry, is_child: bool) -> Line:
        """Make the line of a handoff."""
        since = entry.closed_at or _waits_since(entry)
        return Line(
            id=entry.id,
            reference=entry.reference,
            reason=self._reasons.text(entry.reason),
            more_reasons=entry.requests - 1,
            priority=entry.priority,
            priority_text=self._priorities.get(entry.priority, entry.priority),
            is_child=is_child,
            language=self._language(entry.language),
            channel=self._channel(entry.channel),
            since=since,
            waiting=durations.span_text(self._words, since, self._now),
            state=entry.state,
            agent=entry.agent_name,
            is_mine=entry.agent == self._me and entry.closed_at is None,
            is_unanswered=entry.state == "with_agent" and entry.unanswered_since is not None,
            escalations=entry.escalations,
            labels=entry.labels,
            outcome=self._outcomes.get(entry.outcome or "", entry.outcome or ""),
            closed_at=entry.closed_at,
        )


def _waits_since(entry: Entry) -> datetime:
    if entry.state == "with_agent":
        return entry.unanswered_since or entry.updated_at
    return min(entry.waiting_since, entry.unanswered_since or entry.waiting_since)
