"""Says why the bot asks, or what its last answer rests on."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import end
from actions.interview.questions import Question
from actions.law import ROWS, Source, sources
from actions.turn import Turn, situation_of

REASON = "utter_reason_"


class ActionExplain(Action):
    """Answers "why do you ask?" and "where does this come from?"."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_explain"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """In the interview the reason of the question; else the sources of the last answer."""
        turn = Turn(tracker)
        question = Question.load(situation_of(tracker).pending)
        if turn.in_interview and question:
            dispatcher.utter_message(response=f"utter_why_{why(question)}")
            return []
        cited = cited_by(tracker)
        if cited:
            dispatcher.utter_message(response="utter_sources", sources={"lines": cites(cited)})
            dispatcher.utter_message(json_message={"links": links(cited)})
        else:
            dispatcher.utter_message(response="utter_sources_general")
        return end(dispatcher, turn)


def why(question: Question) -> str:
    """The reason's name: asking several at once has the same reason as asking one."""
    asked, _, rest = question.slot.partition("_")
    return f"person_{rest}" if asked in ("family", "member") else question.slot


def cited_by(tracker: Tracker) -> list[str]:
    """Ids of the facts on which the newest answer with sources rests, in order."""
    said: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user" and any(map(facts_of, said)):
            break
        if event.get("event") == "bot":
            said.insert(0, event.get("metadata") or {})
    # After findings, what counts is the rows, not the advice that follows them.
    findings = [metadata for metadata in said if name_of(metadata).startswith(REASON)]
    return list(dict.fromkeys(fact for metadata in findings or said for fact in facts_of(metadata)))


def name_of(metadata: dict[str, Any]) -> str:
    """The name of the response behind an utterance."""
    return str(metadata.get("utter_action") or "")


def facts_of(metadata: dict[str, Any]) -> list[str]:
    """The facts behind one utterance: named in the domain, or by the row of a finding."""
    name = name_of(metadata)
    row = ROWS.get(name.removeprefix(REASON)) if name.startswith(REASON) else None
    if row is not None:
        return list(row.facts)
    return list((metadata.get("metadata") or {}).get("sources") or [])


def cites(facts: list[str]) -> list[str]:
    """The human citations of those facts, each once; open questions last."""
    known = sources()
    told = sorted((known[fact] for fact in facts if fact in known), key=is_open)
    return list(dict.fromkeys(source.cite for source in told))


def is_open(source: Source) -> bool:
    """Whether the sources leave this question open."""
    return source.label == "OPEN"


def links(facts: list[str]) -> list[dict[str, str]]:
    """The pages on which those facts can be read, each once."""
    known = sources()
    pages: dict[str, str] = {}
    for fact in facts:
        source = known.get(fact)
        if source and source.url:
            pages.setdefault(source.url, source.cite)
    return [{"title": title, "url": url} for url, title in pages.items()]
