"""Hands the conversation over to a counsellor.

An action has no outside effects: it only asks, in the custom payload. The gateway opens the
handoff in the transaction that closes the turn.
"""

from __future__ import annotations

import hashlib
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.interview.situation import Situation
from actions.turn import situation_of

# No letters that are mistaken for each other on the phone or on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
URGENT = {"danger", "deadline"}


class ActionHandOver(Action):
    """The person asked for a person."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_hand_over"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Open the handoff and say what happens now."""
        open_handoff(dispatcher, tracker, situation_of(tracker), "asked", "normal")
        return []


def open_handoff(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    situation: Situation,
    reason: str,
    priority: str,
) -> None:
    """Utter the reference and the numbers, and ask the gateway to open the handoff.

    Args:
        dispatcher: Collects what the action says.
        tracker: Gives the conversation's id.
        situation: The facts that go along.
        reason: `asked`, `danger`, `refusal`, `misunderstood`, `finding:<row>`.
        priority: `danger`, `deadline`, `child`, `window` or `normal`.
    """
    number = reference(tracker.sender_id)
    urgent = "_urgent" if priority in URGENT else ""
    dispatcher.utter_message(response=f"utter_handoff_opened{urgent}", reference=number)
    handoff = {
        "reference": number,
        "reason": reason,
        "priority": priority,
        "facts": situation.dump(),
    }
    dispatcher.utter_message(json_message={"handoff": handoff})


def reference(conversation: str) -> str:
    """Eight letters that name the conversation's handoff to a person on the phone."""
    number = int.from_bytes(hashlib.sha256(conversation.encode()).digest(), "big")
    letters = ""
    for _ in range(8):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
    return f"{letters[:4]}-{letters[4:]}"
