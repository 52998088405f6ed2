"""Answers the questions people ask, each from the fact sheet with its source and a next step."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import handover
from actions.interview.situation import Situation
from actions.turn import Turn, situation_of

# The entity that makes an answer more exact: `ask_other_topic` with `topic=court` is answered
# by `utter_answer_other_topic_court`.
EXACT = {
    "ask_other_topic": "topic",
    "ask_application_delay": "file",
    "ask_rejection": "file",
}
# A status of the own asylum file or of the family's application tells which file is meant.
FILES = {"own_application": "own", "application": "family", "visa_refused": "visa"}

# These end in a question of their own.
ASKING_BACK = {"utter_answer_application_delay"}


class ActionAnswer(Action):
    """Answers an `ask_*` intent by the response of that name."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Utter the answer, then what the person's own documents add to it."""
        turn = Turn(tracker)
        response = response_of(turn)
        dispatcher.utter_message(response=response)
        if turn.intent == "ask_documents":
            for state in situation_of(tracker).documents or []:
                dispatcher.utter_message(response=f"utter_guidance_{state}")
        return [] if response in ASKING_BACK else end(dispatcher, turn)


class ActionAnswerRejection(Action):
    """A refusal: a time limit may be running, so a counsellor is called at once."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer_rejection"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say what must happen today, keep the fact, hand over with the deadline's priority."""
        turn = Turn(tracker)
        situation = situation_of(tracker)
        note_refusal(turn, situation)
        dispatcher.utter_message(response=response_of(turn))
        handover.open_handoff(dispatcher, tracker, situation, "refusal", "deadline")
        situation.pending = None
        return [
            SlotSet("situation", situation.dump()),
            ActiveLoop(None),
            SlotSet("requested_slot", None),
        ]


def response_of(turn: Turn) -> str:
    """The response that answers this message."""
    name = f"utter_answer_{turn.intent.removeprefix('ask_')}"
    exact = exact_of(turn)
    return f"{name}_{exact}" if exact else name


def exact_of(turn: Turn) -> str | None:
    """The topic or the file that the message names, where the intent has several answers."""
    entity = EXACT.get(turn.intent)
    if entity is None:
        return None
    if entity == "file":
        return next((FILES[name] for name in FILES if turn.value(name)), turn.value("file"))
    return turn.value(entity)


def note_refusal(turn: Turn, situation: Situation) -> None:
    """Keep that the family's application, or a visa after it, was refused, if it was said."""
    if turn.value("visa_refused"):
        situation.set("application", "approved")
        situation.set("visa_refused", True)
    elif turn.value("application") == "refused" or turn.value("file") == "family":
        situation.set("application", "refused")
    elif turn.value("own_application") == "refused" or turn.value("status") == "no_status":
        situation.set("sponsor.status", "no_status")


def end(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """Close an answer with the choices that lead on; in the interview its question does."""
    if not turn.in_interview:
        dispatcher.utter_message(response="utter_answer_end")
    return []
