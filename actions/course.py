"""The course of the conversation: yes and no outside a question, starting over, sessions."""

from __future__ import annotations

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
        if tracker.get_slot("awaiting") == "erasure":
            dispatcher.utter_message(response="utter_erasure_begun")
            dispatcher.utter_message(json_message={"erase": True})
            return [SlotSet("awaiting", None), SlotSet("situation", None)]
        return [SlotSet("awaiting", None), FollowupAction(INTERVIEW)]


class ActionDeny(Action):
    """A no outside the interview."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_deny"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing is deleted; the interview goes on where it stood; else the menu."""
        awaiting = tracker.get_slot("awaiting")
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
        times = float(tracker.get_slot("misunderstood") or 0) + 1
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
