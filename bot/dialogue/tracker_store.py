"""The tracker in PostgreSQL: one row per event, only new ones written, one session read.

Unlike Rasa's own stores this one raises when the database does not answer: an empty conversation
would lose the person's message and everything told before. Each row carries the id of the message
in whose turn it was saved, so that a repeated message finds its answer.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import psycopg
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.database import Database, database_of
from bot.errors import StoreError

READ_TURN = "SELECT data FROM events WHERE sender_id = %s AND message_id = %s ORDER BY id"
READ_SESSION = """
SELECT id, data FROM events
WHERE sender_id = %(sender)s AND id >= coalesce((
    SELECT id FROM events WHERE sender_id = %(sender)s AND type_name = 'session_started'
    ORDER BY id DESC LIMIT 1), 0)
ORDER BY id
"""
READ_ALL = "SELECT id, data FROM events WHERE sender_id = %(sender)s ORDER BY id"
READ_LAST = "SELECT max(id) FROM events WHERE sender_id = %s"
# The events as one JSON text: psycopg escapes an array of texts letter by letter.
APPEND = """
INSERT INTO events (sender_id, message_id, type_name, timestamp, data)
SELECT %s, %s, type_name, timestamp, data
FROM ROWS FROM (unnest(%s::text[]), unnest(%s::float8[]), json_array_elements(%s::json))
    WITH ORDINALITY AS new (type_name, timestamp, data, place)
ORDER BY place
RETURNING id
"""
REMEMBERED_CONVERSATIONS = 64
REMEMBERED_SECONDS = 600
_STORED = "_impreuna_stored"


@dataclass
class _Remembered:
    tracker: DialogueStateTracker
    last_id: int
    at: float


class PostgresTrackerStore(TrackerStore, SerializedTrackerAsText):  # type: ignore[misc]
    """Keeps trackers in the table `events`; `endpoints.yml` names it under `tracker_store: type`.

    Trackers of the last minutes are remembered, and used only if the database's last event is
    still theirs: the lock makes that certain.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.database: Database = database_of(url or host or "")
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()
        super().__init__(domain, event_broker, **kwargs)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Read the current session.

        Raises:
            StoreError: If the database does not answer.
        """
        remembered = self._remembered.pop(sender_id, None)
        if remembered is not None and await self._last_id(sender_id) == remembered.last_id:
            return remembered.tracker
        return await self._read(sender_id, READ_SESSION)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Read all sessions.

        Raises:
            StoreError: If the database does not answer.
        """
        return await self._read(conversation_id, READ_ALL)

    async def turn(self, sender_id: str, message_id: str) -> list[Event]:
        """The events that were saved in the turn of a message; none if it had no turn yet.

        Raises:
            StoreError: If the database does not answer.
        """
        rows = await self._rows(sender_id, READ_TURN, (sender_id, message_id))
        return [Event.from_parameters(data) for (data,) in rows]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are new since the tracker was read.

        Raises:
            StoreError: If the database does not answer, or the tracker is not from this store.
        """
        stored = getattr(tracker, _STORED, None)
        if stored is None:
            raise StoreError("a tracker that was not read from this store cannot be saved")
        new = list(islice(tracker.events, stored, None))
        if not new:
            return
        rows = await self._rows(tracker.sender_id, APPEND, _columns(tracker.sender_id, new))
        setattr(tracker, _STORED, stored + len(new))
        self._remember(tracker, new, last_id=rows[-1][0])

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """Make the tracker of a new conversation; nothing is written before there is an event."""
        tracker = self.init_tracker(sender_id)
        setattr(tracker, _STORED, 0)
        return tracker

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations that have events."""
        rows = await self._rows("", "SELECT DISTINCT sender_id FROM events", ())
        return [sender_id for (sender_id,) in rows]

    def forget(self, sender_id: str) -> None:
        """Drop what is remembered of a conversation."""
        self._remembered.pop(sender_id, None)

    async def _read(self, sender_id: str, query: str) -> DialogueStateTracker | None:
        rows = await self._rows(sender_id, query, {"sender": sender_id})
        if not rows:
            return None
        tracker = DialogueStateTracker.from_dict(
            sender_id, [data for _, data in rows], self.domain.slots
        )
        setattr(tracker, _STORED, len(rows))
        return tracker

    async def _last_id(self, sender_id: str) -> int | None:
        rows = await self._rows(sender_id, READ_LAST, (sender_id,))
        last_id: int | None = rows[0][0]
        return last_id

    async def _rows(self, sender_id: str, query: str, arguments: Any) -> list[tuple[Any, ...]]:
        try:
            async with self.database.connection(sender_id) as connection:
                cursor = await connection.execute(query, arguments)
                return await cursor.fetchall()
        except psycopg.Error as error:
            raise StoreError(f"the tracker was not reached: {type(error).__name__}") from error

    def _remember(self, tracker: DialogueStateTracker, new: list[Event], last_id: int) -> None:
        now = time.monotonic()
        while self._remembered and (
            len(self._remembered) >= REMEMBERED_CONVERSATIONS
            or next(iter(self._remembered.values())).at < now - REMEMBERED_SECONDS
        ):
            self._remembered.popitem(last=False)
        # A new session begins with a short tracker: read it afresh.
        if not any(isinstance(event, SessionStarted) for event in new):
            self._remembered[tracker.sender_id] = _Remembered(tracker, last_id, now)


def _columns(sender_id: str, events: list[Event]) -> tuple[Any, ...]:
    message_id = next((e.message_id for e in reversed(events) if isinstance(e, UserUttered)), None)
    return (
        sender_id,
        message_id,
        [event.type_name for event in events],
        [event.timestamp for event in events],
        json.dumps([event.as_dict() for event in events]),
    )
