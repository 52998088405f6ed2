"""When a new session begins."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import Event, Restarted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.turn import session_is_over

NOW = 1_000_000.0
DAY = 24 * 3600


def user(age: float = 0) -> UserUttered:
    return UserUttered("x", {"name": "greet"}, timestamp=NOW - age)


@pytest.mark.parametrize(
    ("events", "over"),
    [
        ([], True),
        ([SessionStarted()], False),
        ([SessionStarted(), user()], False),
        ([SessionStarted(), user(age=DAY + 1)], True),
        ([SessionStarted(), user(age=DAY - 1)], False),
        ([SessionStarted(), user(age=2 * DAY), user()], False),
        ([SessionStarted(), *[user() for _ in range(24)]], False),
        ([SessionStarted(), *[user() for _ in range(25)]], True),
        ([*[user() for _ in range(25)], SessionStarted(), user()], False),
        ([SessionStarted(), user(), Restarted()], True),
    ],
)
def test_a_session_ends_after_25_turns_a_day_or_a_restart(events: list[Event], over: bool) -> None:
    tracker = DialogueStateTracker.from_events("c", events, [])
    assert session_is_over(tracker, NOW) is over
