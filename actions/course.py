"""The course of the conversation: yes and no outside a question, starting over, sessions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import (
    ActionExecuted,
    ActiveLoop,
    EventType,
    FollowupAction,
    SessionStarted,
    SlotSet,
)
from rasa_sdk.executor import CollectingDispatcher

from actions import handover
from actions.turn import INTERVIEW, situation_of

MISUNDERSTANDINGS = 2


class ActionAffirm(Action):
    """A yes outside the interview: to deleting, to going on, or to the invitation."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_affirm"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Delete if that was asked; else go on with the interview."""
        if awaited(tracker) == "erasure":
            dispatcher.utter_message(response="utter_erasure_begun")
            dispatcher.utter_message(json_message={"erase": True})
            return [SlotSet("awaiting", None), SlotSet("situation", None)]
        return [SlotSet("awaiting", None), FollowupAction(INTERVIEW)]


def awaited(tracker: Tracker) -> str | None:
    """What a yes or no answers: `erasure`, `go_on`, or None.

    Only the turn before counts: whoever spoke of something else since has not said yes to it.
    """
    return tracker.get_slot("awaiting") if was_set_before(tracker, "awaiting") else None


def was_set_before(tracker: Tracker, slot: str) -> bool:
    """Whether the turn before this one gave that slot a value."""
    before = itertools.islice(turns_backwards(tracker.events), 1, 2)
    return any(
        event.get("event") == "slot" and event.get("name") == slot and bool(event.get("value"))
        for event in itertools.chain.from_iterable(before)
    )


def turns_backwards(events: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The events of each turn, the newest turn first."""
    turn: list[dict[str, Any]] = []
    for event in reversed(events):
        turn.append(event)
        if event.get("event") == "user":
            yield turn
            turn = []


class ActionDeny(Action):
    """A no outside the interview."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_deny"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing is deleted; the interview goes on where it stood; else the menu."""
        awaiting = awaited(tracker)
        if awaiting == "erasure":
            dispatcher.utter_message(response="utter_erasure_stopped")
            if situation_of(tracker).pending:
                return [SlotSet("awaiting", None), FollowupAction(INTERVIEW)]
        elif awaiting != "go_on":
            dispatcher.utter_message(response="utter_denied")
        dispatcher.utter_message(response="utter_menu")
        return [SlotSet("awaiting", None)]


class ActionRestart(Action):
    """Starts over: everything told is forgotten, the language stays."""

    def name(self) -> str:
        """Rasa's own name for it, so that it holds in every state."""
        return "action_restart"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Empty the situation and offer the menu."""
        dispatcher.utter_message(response="utter_restarted")
        dispatcher.utter_message(response="utter_menu")
        return [
            SlotSet("situation", None),
            SlotSet("asker", None),
            SlotSet("awaiting", None),
            SlotSet("misunderstood", 0.0),
            ActiveLoop(None),
            SlotSet("requested_slot", None),
        ]


class ActionMisunderstood(Action):
    """Not understood: other words once, then a person."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_misunderstood"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Ask for other words; the second time in a row hand over as well."""
        in_a_row = was_set_before(tracker, "misunderstood")
        times = (float(tracker.get_slot("misunderstood") or 0) if in_a_row else 0.0) + 1
        if times >= MISUNDERSTANDINGS:
            situation = situation_of(tracker)
            dispatcher.utter_message(response="utter_sorry_misunderstood")
            handover.open_handoff(dispatcher, tracker, situation, "misunderstood", "normal")
            times = 0.0
        else:
            dispatcher.utter_message(response="utter_misunderstood")
        dispatcher.utter_message(response="utter_menu")
        return [SlotSet("misunderstood", times)]


class ActionSessionStart(Action):
    """Starts a new Rasa session in the middle of a conversation, losing nothing.

    Sessions are kept short because Rasa re-reads them each turn. All slots are carried over and
    the interview stays at its question.
    """

    def name(self) -> str:
        """Rasa's own name for it."""
        return "action_session_start"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Return the session's first events."""
        events: list[EventType] = [SessionStarted()]
        events += [
            SlotSet(name, value) for name, value in tracker.slots.items() if value is not None
        ]
        loop = (tracker.active_loop or {}).get("name")
        if loop:
            events += [
                ActiveLoop(loop),
                SlotSet("requested_slot", tracker.get_slot("requested_slot")),
            ]
        return [*events, ActionExecuted("action_listen")]
