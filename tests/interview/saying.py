"""What a message says, written down with its entities, and what was understood of it.

`said("[I am](self) [34](number=34), [my wife](person=wife) is [30](number=30)")` gives the
entities that the understanding pipeline would give, each at its place in the text.
"""

from __future__ import annotations

import re
from typing import Any

from actions.interview.questions import Question
from actions.interview.reading import Reading
from actions.interview.situation import Situation

MARKED = re.compile(r"\[([^\]]*)\]\(([a-z_0-9]+)(?:=([^)]*))?\)")
TODAY = "2026-11-21"


def said(marked: str) -> list[dict[str, Any]]:
    """The entities of a text in which they are marked; `(name)` means `(name=yes)`."""
    found, plain, read = [], "", 0
    for match in MARKED.finditer(marked):
        plain += marked[read : match.start()]
        start = len(plain)
        plain += match[1]
        value = match[3] or "yes"
        found.append({"entity": match[2], "value": value, "start": start, "end": len(plain)})
        read = match.end()
    return found


def read(
    *messages: str | list[dict[str, Any]],
    situation: Situation | None = None,
    question: Question | None = None,
    intent: str = "inform",
) -> Reading:
    """Read messages one after the other; the last reading, which holds the situation."""
    situation = situation or Situation()
    for message in messages:
        entities = said(message) if isinstance(message, str) else message
        reading = Reading(situation, question, entities, intent, TODAY)
    return reading


def family(situation: Situation) -> list[str]:
    """The members in a short form: `son 12 TR`, `child+`, `mother unknown`."""
    return [_short(member) for member in situation.members]


def _short(member: Any) -> str:
    facts = member.facts
    parts = [member.kind + ("+" if member.many else "")]
    parts += [str(facts["age"])] if "age" in facts else []
    place = member.country or facts.get("place")
    return " ".join([*parts, *([place] if place else [])])


def more(situation: Situation, number: int = 0) -> dict[str, Any]:
    """What is known of one member besides relation, age and place."""
    known = situation.members[number].facts
    return {key: value for key, value in known.items() if key not in ("relation", "age", "place")}
