"""Changes the language, at any time and any number of times."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn


class ActionChangeLanguage(Action):
    """Answers in the language asked for, or asks which one."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_change_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Set the language where it is spoken here; else say which are."""
        turn = Turn(tracker)
        wanted = turn.value("language")
        spoken = (tracker.latest_message.get("metadata") or {}).get("languages") or []
        if wanted in spoken:
            dispatcher.utter_message(response="utter_language_changed", language=wanted)
            dispatcher.utter_message(json_message={"language": wanted})
            return [SlotSet("language", wanted)]
        choices = [
            {"title": {"own_name": code}, "payload": f'/change_language{{"language": "{code}"}}'}
            for code in spoken
        ]
        if wanted:
            dispatcher.utter_message(
                response="utter_language_missing", choices=choices, wanted={"language": wanted}
            )
        else:
            dispatcher.utter_message(response="utter_ask_language", choices=choices)
        return []
