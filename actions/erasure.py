"""Deleting what is stored: asked once more, then done by the gateway."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ActionAskErasure(Action):
    """Asks for the confirmation."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_erasure"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Stop the interview and wait for yes or no."""
        dispatcher.utter_message(response="utter_confirm_erasure")
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("awaiting", "erasure")]
