"""Tells the findings of the interview, in one message."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import handover
from actions.interview import words
from actions.interview.findings import (
    WITH_STEPS,
    Group,
    flags_of,
    groups_of,
    hands_over,
    priority_of,
    told,
)
from actions.interview.situation import DONT_KNOW, Member, Situation
from actions.turn import Turn, situation_of

FLAGS_TOLD = ("SAFETY_SCREEN", "URGENT", "TRACE")
# The reasons of these rows say themselves that it is urgent.
URGENT_ROWS = {"A2", "A2b", "A7a", "B16", "B17", "C7", "C8", "C9", "C10"}


class ActionTellFindings(Action):
    """Shows the family back and says of each member what the rule says."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_tell_findings"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Utter the findings; hand over where one asks for it."""
        situation = situation_of(tracker)
        groups = groups_of(situation)
        if situation.told == told(groups):
            # After an answer to something else "this changes nothing" would make no sense.
            answered = Turn(tracker).said
            dispatcher.utter_message(
                response="utter_answer_end" if answered else "utter_nothing_changed"
            )
            return []
        situation.told = told(groups)
        situation.focus = []  # everybody was shown: "no, he is 19" may be any of them
        tell(dispatcher, situation, groups)
        if hands_over(groups):
            reason = next((g.finding.row for g in groups if g.finding.flags), None) or "finding"
            handover.open_handoff(
                dispatcher, tracker, situation, f"finding:{reason}", priority_of(groups)
            )
        if any(group.finding.outcome in WITH_STEPS for group in groups):
            tell_steps(dispatcher, situation)
        dispatcher.utter_message(response="utter_findings_end")
        dispatcher.utter_message(json_message={"findings": records(groups)})
        return [SlotSet("situation", situation.dump())]


def tell(dispatcher: CollectingDispatcher, situation: Situation, groups: list[Group]) -> None:
    """The family shown back, then each finding with its reason, then what must not wait."""
    if situation.members:
        dispatcher.utter_message(response="utter_family", family=words.family(situation))
    for group in groups:
        tell_one(dispatcher, group)
    said = {"URGENT"} if any(group.finding.row in URGENT_ROWS for group in groups) else set()
    for flag in FLAGS_TOLD:
        if flag in flags_of(groups) - said:
            dispatcher.utter_message(response=f"utter_flag_{flag.lower()}")


def tell_one(dispatcher: CollectingDispatcher, group: Group) -> None:
    """One finding: named or not, why, and where the sources leave it open."""
    finding = group.finding
    people = words.people(group.members) if group.members else {"response": "utter_word_family"}
    outcome = str(finding.outcome).lower()
    dispatcher.utter_message(response=f"utter_finding_{outcome}", people=people)
    if finding.reason:
        dispatcher.utter_message(response="utter_reason_dont_know")
    else:
        dispatcher.utter_message(response=f"utter_reason_{finding.row}")
    if finding.outcome == "ELIG" and any(left_before(member) for member in group.members):
        dispatcher.utter_message(response="utter_caveat_origin")


def left_before(member: Member) -> bool:
    """Whether the member was not, or perhaps not, in the home country at the asylum request."""
    return member.facts.get("in_origin_at_asylum_application") in (False, DONT_KNOW)


def tell_steps(dispatcher: CollectingDispatcher, situation: Situation) -> None:
    """Where to apply, which originals, how long; then what the documents' state asks for."""
    dispatcher.utter_message(response="utter_next_steps")
    for state in situation.documents or []:
        dispatcher.utter_message(response=f"utter_guidance_{state}")


def records(groups: list[Group]) -> list[dict[str, Any]]:
    """The findings for the channel: one record a member."""
    return [
        {
            "person": kind,
            "row": group.finding.row,
            "outcome": group.finding.outcome,
            "flags": list(group.finding.flags),
        }
        for group in groups
        for kind in kinds(group)
    ]


def kinds(group: Group) -> list[str | None]:
    """The words for a group's members; one None where nobody was named yet."""
    return [member.kind for member in group.members] or [None]
