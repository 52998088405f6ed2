"""The trained model and the actions in this process: a conversation without servers.

The stores of the product are replaced by ones in memory that keep their promises: a turn is
saved whole, a tracker begins with its last session.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.dialogue import patches
from bot.dialogue.turn import Turns


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """The action server's webhook, without a server."""

    def __init__(self) -> None:
        super().__init__(url="http://actions.invalid", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, json: Any, **_: Any) -> Any:  # type: ignore[override]
        try:
            # Over the wire nothing but JSON arrives.
            return _plain(await self._executor.run(_plain(json)))
        except ActionExecutionRejection as error:
            body = {"error": error.message, "action_name": error.action_name}
            raise ClientResponseError(400, "rejected", _text(body)) from None


class MemoryStore(TrackerStore, SerializedTrackerAsText):  # type: ignore[misc]
    """Keeps events by conversation; reads back the last session, as the product's store does."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[str | None, dict[str, Any]]]] = {}
        super().__init__(None)

    async def turn(self, sender_id: str, message_id: str) -> list[Event]:
        rows = self._rows.get(sender_id, [])
        return [Event.from_parameters(data) for of, data in rows if of == message_id]

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        events = [data for _, data in self._rows.get(sender_id, [])]
        starts = [i for i, data in enumerate(events) if data["event"] == "session_started"]
        if not events:
            return None
        session = events[starts[-1] :]
        tracker = DialogueStateTracker.from_dict(sender_id, session, self.domain.slots)
        tracker.stored = len(session)
        return tracker

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        tracker = self.init_tracker(sender_id)
        tracker.stored = 0
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        new = list(tracker.events)[tracker.stored :]
        of = next((e.message_id for e in reversed(new) if isinstance(e, UserUttered)), None)
        rows = self._rows.setdefault(tracker.sender_id, [])
        rows += [(of, _plain(event.as_dict())) for event in new]

    def forget(self, sender_id: str) -> None:
        """Nothing is remembered besides the events."""


class NoLocks:
    """One conversation at a time needs no lock."""

    @asynccontextmanager
    async def lock(self, _: str) -> AsyncIterator[None]:
        yield


class Assistant:
    """The product's turns on a model, and a way to look into a conversation."""

    def __init__(self, model: Path) -> None:
        patches.apply()
        # Rasa writes every message into its debug log, which costs more than the turn.
        quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
        structlog.configure(wrapper_class=quiet)
        logging.getLogger("rasa").setLevel(logging.CRITICAL)
        self.store = MemoryStore()
        self._agent = Agent.load(
            model_path=str(model),
            generator=EndpointConfig(type="bot.nlg.catalog_nlg.CatalogNlg"),
            tracker_store=self.store,
            lock_store=NoLocks(),
            action_endpoint=InProcessActions(),
        )
        self.turns = Turns(self._agent)

    def tracker(self, conversation: str) -> DialogueStateTracker:
        """The conversation's current session."""
        tracker = asyncio.run(self.store.retrieve(conversation))
        assert tracker is not None
        return tracker


def _plain(value: Any) -> Any:
    return json.loads(_text(value))


def _text(value: Any) -> str:
    return json.dumps(value)
