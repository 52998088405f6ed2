"""How long a person may wait before staff are told again, by priority: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

AFTER: Mapping[str, timedelta] = {
    "danger": timedelta(minutes=10),
    "deadline": timedelta(minutes=60),
    "child": timedelta(minutes=60),
    "window": timedelta(minutes=240),
    "normal": timedelta(minutes=1440),
}
"""From waiting to the first escalation, and from one to the next."""

URGENT = frozenset({"danger", "deadline", "child"})
"""What staff are told of at once, and outside the opening hours too."""

TELL_AT_MOST = 2
"""How often one handoff's person is told the numbers again."""

GONE_AFTER = timedelta(minutes=15)
"""A counsellor without a sign for so long, whose person waits, has left."""


def is_due(
    priority: str, since: datetime, escalated_at: datetime | None, now: datetime, is_open: bool
) -> bool:
    """Tell whether a handoff escalates now.

    Args:
        priority: One of `bot.conversations.handoff.PRIORITIES`.
        since: When the person's waiting began.
        escalated_at: When it escalated last.
        now: This moment.
        is_open: Whether counsellors work now; true where nobody has said when they do.
    """
    if not is_open and priority not in URGENT:
        return False
    return max(since, escalated_at or since) + AFTER[priority] <= now
