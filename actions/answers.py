"""Answers the questions people ask, each from the fact sheet with its source and a next step."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import handover
from actions.interview.situation import Situation
from actions.operator import Operator, operator
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

OWN_ASYLUM = "own_asylum"

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
        if tells_of_refusal(turn):
            return tell_refusal(dispatcher, tracker, turn, "utter_answer_rejection_own")
        response = response_of(turn)
        dispatcher.utter_message(response=response)
        if turn.intent == "ask_documents":
            for state in situation_of(tracker).documents or []:
                dispatcher.utter_message(response=f"utter_guidance_{state}")
        if turn.intent == "ask_privacy":
            tell_channel(dispatcher, turn, domain)
            tell_decided(dispatcher, operator())
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
        told = tell_refusal(dispatcher, tracker, turn, response_of(turn))
        return [*told, ActiveLoop(None), SlotSet("requested_slot", None)]


def tells_of_refusal(turn: Turn) -> bool:
    """Whether a message about other matters says that asylum was refused: a time limit may run."""
    return turn.intent == "ask_other_topic" and asylum_refused(turn)


def tells_of_own_refusal(turn: Turn) -> bool:
    """Whether a message of facts names the own asylum and says that it was refused."""
    return turn.value("topic") == OWN_ASYLUM and asylum_refused(turn)


def asylum_refused(turn: Turn) -> bool:
    """Whether the facts of a message say that the own asylum was refused."""
    return turn.value("own_application") == "refused" or turn.value("status") == "no_status"


def tell_refusal(
    dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, response: str
) -> list[EventType]:
    """Keep the refusal among the facts, say what must happen today and hand over."""
    situation = situation_of(tracker)
    note_refusal(turn, situation)
    pass_refusal_on(dispatcher, tracker, situation, response)
    return [SlotSet("situation", situation.dump())]


def pass_refusal_on(
    dispatcher: CollectingDispatcher, tracker: Tracker, situation: Situation, response: str
) -> None:
    """Say what must happen today; a counsellor gets the handoff with the deadline's priority."""
    dispatcher.utter_message(response=response)
    handover.open_handoff(dispatcher, tracker, situation, "refusal", "deadline")


def tell_channel(dispatcher: CollectingDispatcher, turn: Turn, domain: dict[str, Any]) -> None:
    """Say what the company behind the person's channel learns, where there is one."""
    response = f"utter_privacy_on_{turn.channel}"
    if response in (domain.get("responses") or {}):
        dispatcher.utter_message(response=response)


def tell_decided(dispatcher: CollectingDispatcher, decided: Operator) -> None:
    """Say who is responsible for the data and how long they are kept, or that it is open."""
    if decided.controller:
        dispatcher.utter_message(response="utter_privacy_controller", controller=decided.controller)
    else:
        dispatcher.utter_message(response="utter_privacy_controller_open")
    if decided.retention_days:
        days = {"number": decided.retention_days}
        dispatcher.utter_message(response="utter_privacy_kept", days=days)
    else:
        dispatcher.utter_message(response="utter_privacy_kept_open")
    dispatcher.utter_message(response="utter_privacy_end")


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
    return file_of(turn) if entity == "file" else turn.value(entity)


def file_of(turn: Turn) -> str | None:
    """Which file is meant: the own asylum file, the family's, a visa; None: not said.

    "I was refused" alone may be either, so it is asked.
    """
    told = next((name for name in FILES if turn.value(name)), None)
    if told is None or (told == "application" and not turn.value("person")):
        file = turn.value("file")
    else:
        file = FILES[told]
    # Waiting for a visa is waiting in the family's file.
    return "family" if file == "visa" and turn.intent == "ask_application_delay" else file


def note_refusal(turn: Turn, situation: Situation) -> None:
    """Keep that the family's application, or a visa after it, was refused, if it was said."""
    file = file_of(turn)
    if file == "visa":
        situation.set("application", "approved")
        situation.set("visa_refused", True)
    elif file == "family" and turn.value("application") in ("refused", None):
        situation.set("application", "refused")
    elif asylum_refused(turn):
        situation.set("sponsor.status", "no_status")


def end(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """Close an answer with the choices that lead on; in the interview its question does."""
    if not turn.in_interview:
        dispatcher.utter_message(response="utter_answer_end")
    return []
