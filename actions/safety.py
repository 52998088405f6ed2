"""Danger: the emergency numbers first, before anything else."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import handover
from actions.turn import Turn, situation_of


class ActionSafety(Action):
    """Gives the emergency numbers, calls a counsellor, and waits before it asks on."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_safety"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Utter the safety text. The interview stops here: "go on" takes it up again.

        Source: F12.1-F12.6; row A1.
        """
        situation = situation_of(tracker)
        dispatcher.utter_message(response="utter_safety" + where(Turn(tracker)))
        handover.open_handoff(dispatcher, tracker, situation, "danger", "danger")
        dispatcher.utter_message(response="utter_safety_end")
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("awaiting", "go_on")]


def where(turn: Turn) -> str:
    """Romania or abroad, where the message says it; both numbers and advice where it does not."""
    places = {
        "romania" if entity.get("value") in ("RO", "romania") else "abroad"
        for entity in turn.entities
        if entity.get("entity") in ("country", "place")
    }
    return f"_{places.pop()}" if len(places) == 1 else ""
