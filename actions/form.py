"""The interview: reads each message, asks the next question that the law engine needs."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import pass_refusal_on, tells_of_own_refusal
from actions.interview import words
from actions.interview.questions import Question, give_up, next_question
from actions.interview.reading import Reading
from actions.interview.situation import Member, Situation, members_of
from actions.law import precheck
from actions.turn import INTERVIEW, Turn, situation_of

# Within the interview these are answers or attempts at one; every other intent interrupts.
ANSWERS = {
    "inform",
    "affirm",
    "deny",
    "check_eligibility",
    "ask_unaccompanied_child",
    "nlu_fallback",
    "out_of_scope",
    "",
}
DANGER = "report_danger"  # who is named in it is not told as family
SURE = 0.6  # below this, a message that answers the question is taken as the answer
TRIES = 2
# Answers that are questions themselves: their choices would be lost under the interview's.
ASKING_BACK = {"utter_ask_language", "utter_language_missing", "utter_answer_application_delay"}
NOTED = {"family_abroad", "helper"}  # who hears first about whom the questions are


class ValidateInterviewForm(Action):
    """Takes the facts out of the message and names the next question.

    For an interrupting intent the facts are kept and the form rejects, so that the rule of that
    intent answers; when the rule returns to the form, the same question is asked once more.
    """

    def __init__(self) -> None:
        """Build what every first question needs, before somebody waits for it."""
        precheck({})

    def name(self) -> str:
        """The name Rasa calls before the form goes on."""
        return "validate_interview_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Return the situation, the next question's slot, and its values."""
        situation = situation_of(tracker)
        turn = Turn(tracker)
        if turn.in_interview and turn.answered:
            return wait(situation) if turn.said & ASKING_BACK else ask(situation)
        question = Question.load(situation.pending) if turn.in_interview else None
        if question and turn.intent == DANGER and turn.confidence >= SURE:
            return [ActionExecutionRejected(INTERVIEW)]
        asker = situation.asker
        reading = Reading(situation, question, turn.entities, turn.intent)
        if turn.in_interview and interrupts(turn, reading):
            return [SlotSet("situation", situation.dump()), ActionExecutionRejected(INTERVIEW)]
        if situation.asker != asker and situation.asker in NOTED:
            dispatcher.utter_message(response=f"utter_note_{situation.asker}")
        if not turn.in_interview and tells_of_own_refusal(turn):
            # Told among the family's facts, but a time limit may run: no question comes first.
            pass_refusal_on(dispatcher, tracker, situation, "utter_answer_rejection_own")
        if reading.unclear:
            return ask_which(dispatcher, situation, *reading.unclear)
        if wants_to_change(turn, reading):
            return ask_what_changes(dispatcher, situation, turn.value("correction"))
        if question and not reading.answered and (reading.unknown or not reading.understood):
            clarify(dispatcher, situation, question, reading.unknown)
        return ask(situation)


def interrupts(turn: Turn, reading: Reading) -> bool:
    """Whether the message is something else than an answer to the pending question."""
    if turn.intent in ANSWERS:
        return False
    return not (reading.answered and turn.confidence < SURE)


def clarify(
    dispatcher: CollectingDispatcher, situation: Situation, question: Question, unknown: bool
) -> None:
    """Asked once more with other words; not known after that, a counsellor looks at it."""
    asked = ":".join((question.slot, *question.members))
    tries = situation.tries.get(asked, 0) + 1
    situation.tries[asked] = tries
    if tries < TRIES:
        dispatcher.utter_message(response="utter_find_out" if unknown else "utter_clarify")
    else:
        give_up(situation, question)


def ask(situation: Situation) -> list[EventType]:
    """The events that make Rasa ask the next question, or end the interview."""
    question = next_question(situation)
    situation.pending = question.dump() if question else None
    events: list[EventType] = [
        SlotSet("asker", situation.asker),
        SlotSet("requested_slot", question.slot if question else None),
    ]
    if question and question.members:
        asked = members_of(situation, question.members)
        situation.focus = [member.key for member in asked]
        events.append(SlotSet("person", words.people(asked)))
    return [SlotSet("situation", situation.dump()), *events]


def ask_which(
    dispatcher: CollectingDispatcher, situation: Situation, members: list[Member], age: int
) -> list[EventType]:
    """An age that may be of several members: ask which, never guess."""
    choices = [
        {
            "title": words.person(member),
            "payload": f'/inform{{"member": "{member.key}", "number": "{age}"}}',
        }
        for member in members
    ]
    dispatcher.utter_message(response="utter_ask_which", age={"number": age}, choices=choices)
    return wait(situation)


def wants_to_change(turn: Turn, reading: Reading) -> bool:
    """Whether the person wants to correct or add something and has not said what."""
    said = turn.value("correction") is not None
    return said and not (reading.understood or reading.unknown)


def ask_what_changes(
    dispatcher: CollectingDispatcher, situation: Situation, what: str | None
) -> list[EventType]:
    """Ask for the correction, or for the person to add, in the person's own words."""
    dispatcher.utter_message(
        response="utter_ask_addition" if what == "add" else "utter_ask_correction"
    )
    return wait(situation)


def wait(situation: Situation) -> list[EventType]:
    """The form waits for words; the law's question is asked again after them."""
    return [SlotSet("situation", situation.dump()), SlotSet("requested_slot", "own_words")]
