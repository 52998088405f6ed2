"""Handoffs: at most one open a conversation; every step under the conversation's lock.

What may happen stands in `bot.conversations.handoff_states`; this module changes the rows
accordingly, writes the event, wakes the desk and defers the alerts, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from bot.conversations.handoff import RETURNED, HandoffRequest, more_urgent
from bot.conversations.handoff_states import Event, Refused, Standing, State
from bot.conversations.message import Conversation
from bot.conversations.urgency import TELL_AT_MOST, URGENT
from bot.store import conversations, counts, jobs
from bot.store.database import Connection, fetch_one

NOTIFICATIONS = conversations.DESK_NOTIFICATIONS
"""The LISTEN channel of the desk; a notification's payload is `<handoff> <what>`."""

MAIL, WEBHOOK = "alert.mail", "alert.webhook"
ALERTS_QUEUE = "alerts"
TOLD, DELIVERY = "told", "delivery"
"""What else wakes the desk's pages: new facts, and what became of a message on its way."""
RAISED, REPLY = "raise", "reply"
"""What stands in `handoff_event` beside the events of the state machine."""

_STANDING = """
SELECT handoff.id AS handoff, reference, priority, state, outcome, agent_id AS agent,
       first_name AS agent_name,
       (SELECT array_agg(request->>'reason') FROM jsonb_array_elements(requests) AS request)
         AS reasons,
       (SELECT coalesce(max(seq), 0) FROM outbound
         WHERE outbound.conversation_id = handoff.conversation_id) AS last_outbound
FROM handoff LEFT JOIN staff ON staff.id = agent_id
WHERE handoff.conversation_id = %s ORDER BY closed_at IS NULL DESC, closed_at DESC LIMIT 1
"""
_TAKEN = "agent_id = %(agent)s, claimed_at = now()"
_CHANGES: Mapping[Event, str] = {
    Event.CLAIM: f"{_TAKEN}, unanswered_since = coalesce(unanswered_since, waiting_since)",
    Event.ASSIGN: f"{_TAKEN}, unanswered_since = coalesce(unanswered_since, waiting_since)",
    Event.TRANSFER: f"{_TAKEN}, unanswered_since = coalesce(unanswered_since, now())",
    Event.RELEASE: "agent_id = NULL, waiting_since = coalesce(unanswered_since, now())",
    # Whoever left the counsellor by a word is not told that nobody came; staff are.
    Event.PERSON_RETURNS: "agent_id = NULL, waiting_since = now(), unanswered_since = NULL,"
    f" escalations = greatest(escalations, {TELL_AT_MOST})",
    Event.RETURN_TO_BOT: f"closed_at = now(), unanswered_since = NULL, outcome = '{RETURNED}'",
    Event.RESOLVE: "closed_at = now(), unanswered_since = NULL, outcome = %(outcome)s",
    Event.REOPEN: "closed_at = NULL, outcome = NULL, agent_id = NULL, waiting_since = now(),"
    " unanswered_since = NULL, escalations = 0, escalated_at = NULL",
    Event.ESCALATE: "escalations = escalations + 1, escalated_at = now()",
}


@dataclass(frozen=True)
class Opened:
    """What became of a request; `raised` means that the open handoff is more urgent now."""

    handoff: int
    new: bool
    raised: bool


async def standing(connection: Connection, conversation: UUID) -> Standing:
    """Read where a conversation stands; to decide by it, lock the conversation first."""
    row = await fetch_one(connection, _STANDING, (conversation,))
    if row is None:
        return Standing()
    outcome, state = row.pop("outcome"), State(row.pop("state"))
    if state is State.CLOSED and outcome == RETURNED:
        state = State.BOT
    return Standing(state=state, **{**row, "reasons": tuple(row["reasons"] or ())})


async def lock(connection: Connection, handoff: int) -> tuple[Conversation, Standing]:
    """Lock a handoff's conversation and read where it stands.

    Raises:
        Refused: If the handoff is gone.
    """
    row = await fetch_one(
        connection, "SELECT conversation_id FROM handoff WHERE id = %s", (handoff,)
    )
    conversation = await conversations.lock(connection, row["conversation_id"]) if row else None
    if conversation is None:
        raise Refused("unknown_handoff")
    return conversation, await standing(connection, conversation.id)


async def open_or_add(
    connection: Connection,
    conversation: UUID,
    request: HandoffRequest,
    language: str | None,
    findings: Sequence[Mapping[str, Any]] = (),
) -> Opened:
    """Open a handoff, or add to the open one, whose priority may only rise, its reason with it.

    The conversation's row must be locked.
    """
    before = await standing(connection, conversation)
    entry = _entry(request, findings)
    if before.is_open and before.handoff and before.priority:
        return await _add(connection, conversation, before, request, language, entry)
    row = await fetch_one(
        connection,
        "INSERT INTO handoff"
        " (conversation_id, reference, reason, priority, language, facts, requests)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (
            conversation,
            request.reference,
            request.reason,
            request.priority,
            language,
            Jsonb(dict(request.facts)),
            Jsonb([entry]),
        ),
    )
    if row is None:
        raise LookupError("a row that was inserted did not come back")
    urgent = request.priority in URGENT
    await record(
        connection, conversation, row["id"], Event.REQUEST.value, State.WAITING, mail=urgent
    )
    return Opened(row["id"], new=True, raised=False)


async def _add(
    connection: Connection,
    conversation: UUID,
    before: Standing,
    request: HandoffRequest,
    language: str | None,
    entry: dict[str, Any],
) -> Opened:
    handoff, priority = before.handoff or 0, before.priority or request.priority
    urgency = more_urgent(priority, request.priority)
    raised = urgency != priority
    await connection.execute(
        # Its reason is that of its priority: the queue says of danger that it is danger.
        "UPDATE handoff SET priority = %s, reason = CASE WHEN %s THEN %s ELSE reason END,"
        " language = coalesce(%s, language),"
        " facts = facts || %s, requests = requests || %s, updated_at = now(),"
        # Staff hear of it now: the next escalation is not due before its time from here.
        " escalated_at = CASE WHEN %s THEN now() ELSE escalated_at END WHERE id = %s",
        (
            urgency,
            raised,
            request.reason,
            language,
            Jsonb(dict(request.facts)),
            Jsonb([entry]),
            raised,
            handoff,
        ),
    )
    event, mail = (RAISED, urgency in URGENT) if raised else (Event.REQUEST.value, False)
    await record(connection, conversation, handoff, event, before.state, mail=mail)
    return Opened(handoff, new=False, raised=raised)


def _entry(request: HandoffRequest, findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "reference": request.reference,
        "reason": request.reason,
        "priority": request.priority,
        "findings": [dict(finding) for finding in findings],
    }


async def step(
    connection: Connection,
    conversation: Conversation,
    before: Standing,
    event: Event,
    *,
    handoff: int | None = None,
    by: UUID | None = None,
    agent: UUID | None = None,
    outcome: str | None = None,
) -> int:
    """Change a handoff's row by one event that the table allows.

    Args:
        connection: An open transaction that holds the conversation's lock.
        conversation: The locked conversation.
        before: Where it stands, read under that lock.
        event: What happens.
        handoff: The handoff to reopen, where it is not the last one.
        by: Who does it; None: the system, or the person.
        agent: Who has it from now on.
        outcome: How it ended.

    Returns:
        The id of the event's row.

    Raises:
        Refused: If the event cannot be in this state.
    """
    state = before.step(event).state
    target = handoff if event is Event.REOPEN and handoff else before.handoff or 0
    # "bot" is a conversation without an open handoff: its row is closed.
    stored = State.CLOSED if state is State.BOT else state
    cursor = await connection.execute(
        f"UPDATE handoff SET state = %(state)s, updated_at = now(), {_CHANGES[event]}"  # noqa: S608
        " WHERE id = %(id)s AND (state = %(from)s OR %(reopens)s)",
        {
            "id": target,
            "state": stored.value,
            "from": before.state.value,
            "reopens": event is Event.REOPEN,
            "agent": agent,
            "outcome": outcome,
        },
    )
    if cursor.rowcount != 1:
        raise Refused("unknown_handoff")
    if stored is State.CLOSED:
        await counts.ended(connection, target)
    elif event is Event.REOPEN:
        await counts.reopened(connection, target)
    mail = event is Event.ESCALATE
    return await record(connection, conversation.id, target, event.value, stored, by=by, mail=mail)


async def record(
    connection: Connection,
    conversation: UUID,
    handoff: int,
    event: str,
    state: State,
    *,
    by: UUID | None = None,
    mail: bool = False,
) -> int:
    """Write an event down, wake the desk, and defer what tells others of it.

    Returns:
        The event's id.
    """
    row = await fetch_one(
        connection,
        "INSERT INTO handoff_event (handoff_id, event, state, staff_id)"
        " VALUES (%s, %s, %s, %s) RETURNING id",
        (handoff, event, state.value, by),
    )
    if row is None:
        raise LookupError("a row that was inserted did not come back")
    await wake_desk(connection, handoff, event)
    for task in (MAIL, WEBHOOK) if mail else (WEBHOOK,):
        await jobs.defer_job(
            connection, task, ALERTS_QUEUE, conversation=str(conversation), event=row["id"]
        )
    return int(row["id"])


async def wake_desk(connection: Connection, handoff: int, what: str) -> None:
    """Wake the desk's pages, in every gateway, at commit."""
    await connection.execute("SELECT pg_notify(%s, %s)", (NOTIFICATIONS, f"{handoff} {what}"))


async def wake_desk_of(connection: Connection, conversation: UUID, what: str) -> None:
    """Wake the desk's pages of a conversation's open handoff, if it has one."""
    await connection.execute(
        "SELECT pg_notify(%s, id || %s) FROM handoff"
        " WHERE conversation_id = %s AND closed_at IS NULL",
        (NOTIFICATIONS, f" {what}", conversation),
    )


async def add_facts(connection: Connection, handoff: int, facts: Mapping[str, Any]) -> None:
    """Keep what the person told the bot since the handoff was opened."""
    await connection.execute(
        "UPDATE handoff SET facts = facts || %s, updated_at = now() WHERE id = %s",
        (Jsonb(dict(facts)), handoff),
    )
    await wake_desk(connection, handoff, TOLD)


async def left_unanswered(connection: Connection, handoff: int, inbound: int) -> None:
    """Note that a person's message waits for the counsellor."""
    await connection.execute(
        # It may have come before the claim that it is left to now.
        "UPDATE handoff SET updated_at = now(), unanswered_since = least(unanswered_since,"
        " (SELECT received_at FROM inbound WHERE id = %s)) WHERE id = %s",
        (inbound, handoff),
    )


async def answered(
    connection: Connection, conversation: Conversation, before: Standing, by: UUID
) -> None:
    """Note that the counsellor answered; nothing of the person's waits any more."""
    await connection.execute(
        "UPDATE handoff SET unanswered_since = NULL, answered_at = coalesce(answered_at, now()),"
        " updated_at = now() WHERE id = %s",
        (before.handoff,),
    )
    handoff = before.handoff or 0
    await record(connection, conversation.id, handoff, REPLY, before.state, by=by)


async def before_erasure(connection: Connection, conversation: UUID) -> None:
    """Count what is about to be erased, and tell the desk that it is gone."""
    await counts.erased(connection, conversation)
    await connection.execute(
        "SELECT pg_notify(%s, id || ' ' || %s) FROM handoff WHERE conversation_id = %s",
        (NOTIFICATIONS, Event.ERASE.value, conversation),
    )


async def conversation_of(connection: Connection, reference: str) -> UUID | None:
    """Find a conversation by any reference that was told to its person."""
    row = await fetch_one(
        connection,
        "SELECT conversation_id FROM handoff WHERE reference = %(reference)s"
        " OR requests @> jsonb_build_array(jsonb_build_object('reference', %(reference)s::text))"
        " LIMIT 1",
        {"reference": reference},
    )
    return row["conversation_id"] if row else None
