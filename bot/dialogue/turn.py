"""One turn of a conversation: looked up, handled, and saved whole or not at all.

Everything happens under the conversation's lock, in its transaction. A turn that did not come to
its end (an action failed, nothing was said) is not saved, so the message can be sent again.
"""

from __future__ import annotations

import time
from typing import Any

from rasa.core.actions.action import create_bot_utterance
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_SESSION_START_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.events import Restarted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.answer import build_answer, is_answered
from bot.dialogue.request import TurnRequest, understand_payload
from bot.dialogue.tracker_store import PostgresTrackerStore
from bot.errors import RasaUnavailable
from bot.i18n import SOURCE_LANGUAGE, languages
from bot.nlg.catalog_nlg import LANGUAGE_SLOT

CHANNEL_NAME = "impreuna"
SESSION_TURNS = 25
SESSION_SECONDS = 24 * 3600


class Silence(OutputChannel):  # type: ignore[misc]
    """An output channel that sends nothing: the answer is made from the events."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, which responses and actions see."""
        return CHANNEL_NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Do nothing."""


class Turns:
    """Answers messages with a loaded Rasa agent."""

    def __init__(self, agent: Agent) -> None:
        self._locks = agent.lock_store
        self._store: PostgresTrackerStore = agent.tracker_store
        self._processor: MessageProcessor = agent.processor
        self._output = Silence()

    async def answer(self, request: TurnRequest) -> dict[str, Any]:
        """Answer a message; one that was answered before gets the same answer again.

        Raises:
            RasaUnavailable: If the turn did not come to its end; nothing was saved.
            StoreError: If the database did not answer; nothing was saved.
        """
        async with self._locks.lock(request.conversation):
            events = await self._store.turn(request.conversation, request.message_id)
            if not is_answered(events):
                events = await self._run(request)
        answer = build_answer(events)
        if answer["custom"]["erase"]:
            self._store.forget(request.conversation)
        return answer

    async def _run(self, request: TurnRequest) -> list[Any]:
        tracker = await self._processor.get_tracker(request.conversation)
        before = len(tracker.events)
        if session_is_over(tracker, time.time()):
            await self._start_session(tracker, request)
        await self._handle(tracker, request)
        new = list(tracker.events)[before:]
        if not is_answered(new):
            raise RasaUnavailable("the turn ended without an answer")
        await self._store.save(tracker)
        return new

    async def _start_session(self, tracker: DialogueStateTracker, request: TurnRequest) -> None:
        processor = self._processor
        tracker.update(SlotSet(SESSION_START_METADATA_SLOT, _metadata(request)), processor.domain)
        await processor._run_action(
            action=processor._get_action(ACTION_SESSION_START_NAME),
            tracker=tracker,
            output_channel=self._output,
            nlg=processor.nlg,
            prediction=PolicyPrediction.for_action_name(
                processor.domain, ACTION_SESSION_START_NAME
            ),
        )

    async def _handle(self, tracker: DialogueStateTracker, request: TurnRequest) -> None:
        processor = self._processor
        await processor._handle_message_with_tracker(self._message(request), tracker)
        heard = _heard_language(tracker)
        if heard.get("decided") not in (None, request.language):
            tracker.update(SlotSet(LANGUAGE_SLOT, heard["decided"]), processor.domain)
        await processor.run_action_extract_slots(self._output, tracker)
        await processor._run_prediction_loop(self._output, tracker)
        if heard.get("ask"):
            await self._ask_language(tracker, heard["ask"])

    async def _ask_language(self, tracker: DialogueStateTracker, candidates: list[str]) -> None:
        """Two languages are equally likely: ask by their own names, below the answer."""
        said = await self._processor.nlg.generate(
            "utter_ask_language",
            tracker,
            CHANNEL_NAME,
            choices=[
                {
                    "title": {"own_name": code},
                    "payload": f'/change_language{{"language": "{code}"}}',
                }
                for code in candidates
            ],
        )
        if said is not None:
            said["utter_action"] = "utter_ask_language"
            tracker.update(create_bot_utterance(said), self._processor.domain)

    def _message(self, request: TurnRequest) -> UserMessage:
        domain = self._processor.domain
        understood = None
        if request.payload is not None:
            understood = understand_payload(
                request.payload, domain.intents, domain.entities, request.language
            )
        return UserMessage(
            text=request.text if understood is None else understood["text"],
            output_channel=self._output,
            sender_id=request.conversation,
            parse_data=understood,
            input_channel=CHANNEL_NAME,
            message_id=request.message_id,
            metadata=_metadata(request),
        )


def _heard_language(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What the identifier noted on the message; a choice or an unknown language notes nothing."""
    message = tracker.latest_message
    heard = message.parse_data.get("language") if message and message.parse_data else None
    return heard if isinstance(heard, dict) else {}


def _metadata(request: TurnRequest) -> dict[str, Any]:
    """What the understanding, the actions and the NLG are told about a message."""
    return {
        "language": request.language,
        "channel": request.channel,
        "languages": sorted({*languages(), SOURCE_LANGUAGE}),
    }


def session_is_over(tracker: DialogueStateTracker, now: float) -> bool:
    """Whether the next message begins a new session: none yet, 25 turns, or a day of silence."""
    turns = 0
    for event in reversed(tracker.events):
        if isinstance(event, SessionStarted):
            return turns >= SESSION_TURNS
        if isinstance(event, Restarted):
            return True
        if isinstance(event, UserUttered):
            turns += 1
            if turns == 1 and now - event.timestamp > SESSION_SECONDS:
                return True
    return True
