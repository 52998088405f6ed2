"""How people and answers are named in the bot's sentences: values for the responses.

A value is what `bot.i18n` renders in the person's language: a nested response, a number, a
country, a list. Actions never hold a sentence.
"""

from __future__ import annotations

from typing import Any

from actions.interview.situation import Member, Situation

Value = dict[str, Any]
# Kinds that have a word for several: "your children".
SEVERAL = {"son", "daughter", "child", "stepchild", "sibling", "brother", "sister", "parent"}


def person(member: Member) -> Value:
    """A member as the person wrote it: "your wife", "your son (12)"."""
    many = "_many" if member.many and member.kind in SEVERAL else ""
    word: Value = {"response": f"utter_word_{member.kind}{many}"}
    age = member.facts.get("age")
    if isinstance(age, int):
        return {"response": "utter_word_aged", "values": {"person": word, "age": {"number": age}}}
    return word


def people(members: list[Member]) -> Value:
    """One member, or several as one list in the person's language."""
    named = [person(member) for member in members]
    return named[0] if len(named) == 1 else {"list": named}


def line(member: Member) -> Value:
    """One line of the family shown back: who and where."""
    values = {"person": person(member), "place": place(member)}
    return {"response": "utter_line_member", "values": values}


def place(member: Member) -> Value:
    """Where a member is: the country by name if it was named, else the kind of place."""
    if member.country:
        return {"country": member.country}
    return {"response": f"utter_word_place_{member.facts.get('place', 'unknown')}"}


def family(situation: Situation) -> Value:
    """The family shown back, one member a line."""
    return {"lines": [line(member) for member in situation.members]}
