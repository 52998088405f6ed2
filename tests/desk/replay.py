"""Who answered whom, read back from what a conversation holds: the proof that nobody was left.

Each change of who answers is told in the transaction that makes it, so the order of the seqs is
the order of what happened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from bot.conversations.handoff_states import (
    BACK_WITH_BOT,
    CLOSED,
    JOINED,
    LEFT,
    PERSON_BACK,
    REOPENED,
    STILL_WAITING,
)
from bot.conversations.meanwhile import may_be_said
from bot.store import handoffs
from bot.store.database import fetch_all, fetch_one
from tests.desk.scene import Scene

ENDS = {LEFT, PERSON_BACK, BACK_WITH_BOT, CLOSED}
NOTICES = {*ENDS, JOINED, REOPENED, STILL_WAITING}
_SAID = """
SELECT seq, key, body FROM outbound
WHERE conversation_id = %s AND body->>'kind' = 'message' ORDER BY seq
"""
_DONE = """
SELECT id, seq, received_at FROM inbound WHERE conversation_id = %s AND done IS NOT NULL
"""
_WAITS = """
SELECT unanswered_since FROM handoff
WHERE conversation_id = %s AND closed_at IS NULL AND state = 'with_agent'
"""


async def check(scene: Scene, conversation: UUID) -> None:
    """Make sure that at no point two answered a person or nobody did."""
    async with scene.database.transaction(durable=False) as connection:
        standing = await handoffs.standing(connection, conversation)
        said = await fetch_all(connection, _SAID, (conversation,))
        done = await fetch_all(connection, _DONE, (conversation,))
        row = await fetch_one(connection, _WAITS, (conversation,))
    agent = never_two(said)
    assert standing.with_agent == (agent is not None), "the words do not tell the state"
    if agent is not None:
        assert standing.agent_name == agent
        assert standing.agent is not None
    never_nobody(said, done, row["unanswered_since"] if row else None)


def never_two(said: list[dict[str, Any]]) -> str | None:
    """Read who has the conversation; fail where somebody else answered.

    Returns:
        The first name of the counsellor who has it at the end; None: the bot.
    """
    agent: str | None = None
    for row in said:
        names, author = row["body"]["names"], row["body"]["author"]
        if ENDS & set(names):
            agent = None
        if JOINED in names:
            agent = row["body"]["text"].split(" ")[0]
        elif author == "agent":
            assert agent == row["body"]["agent"], f"{row['key']}: not the one who has it"
        elif not NOTICES & set(names):
            beside = agent is not None
            assert not beside or may_be_said(names), f"{row['key']}: the bot beside {agent}"
    return agent


def never_nobody(
    said: list[dict[str, Any]], done: list[dict[str, Any]], since: datetime | None
) -> None:
    """Make sure that each message was answered, or waits for a counsellor who has it.

    Args:
        said: What went out.
        done: The person's messages that were handled.
        since: Since when the person waits for the counsellor who has the conversation.
    """
    for message in done:
        own = [row for row in said if row["key"].startswith(f"reply:{message['id']}:")]
        taken_up = [
            row
            for row in said
            if row["seq"] > message["seq"]
            and (row["body"]["author"] == "agent" or ENDS & set(row["body"]["names"]))
        ]
        waiting = since is not None and since <= message["received_at"]
        assert own or taken_up or waiting, f"inbound {message['id']}: nobody answers it"
