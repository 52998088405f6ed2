"""What a conversation knows so far: the sponsor, the family members, the documents.

One `Situation` is kept in the slot `situation` as plain JSON. It speaks the schema of the
law (`actions.law`): a fact is a path such as `sponsor.age` or `person.marriage.when`.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.law import Finding, precheck

DONT_KNOW = "dont_know"

# What a word for a family member means in the law. The word itself is kept for showing the
# family back as the person wrote it.
RELATIONS: dict[str, str] = {
    "wife": "spouse",
    "husband": "spouse",
    "spouse": "spouse",
    "fiance": "fiance",
    "partner": "partner",
    "son": "child",
    "daughter": "child",
    "child": "child",
    "stepson": "stepchild",
    "stepdaughter": "stepchild",
    "stepchild": "stepchild",
    "adopted_child": "adopted_child",
    "raised_child": "raised_child",
    "mother": "parent",
    "father": "parent",
    "parent": "parent",
    "guardian": "guardian",
    "brother": "sibling",
    "sister": "sibling",
    "sibling": "sibling",
    "grandparent": "other_relative",
    "grandchild": "other_relative",
    "nephew": "other_relative",
    "niece": "other_relative",
    "cousin": "other_relative",
    "uncle": "other_relative",
    "aunt": "other_relative",
    "in_law": "other_relative",
    "step_parent": "other_relative",
    "other_relative": "other_relative",
}
FEMALE = {"wife", "daughter", "stepdaughter", "mother", "sister", "niece", "aunt"}
MALE = {"husband", "son", "stepson", "father", "brother", "nephew", "uncle"}

# These age: the day on which they were told goes with them to the law.
AGEING = {
    "sponsor.age",
    "sponsor.refusal_days",
    "months_since_application",
    "person.age",
}


@dataclass
class Member:
    """One family member abroad.

    Attributes:
        key: Stable within the conversation, such as `p1`.
        kind: The word for the member (a key of `RELATIONS`), or `self` for the person who writes.
        facts: Paths below `person.` to values, such as `{"age": 12, "marriage.when": ...}`.
        country: ISO code of the country the member is in, where it was named.
        told_on: Paths below `person.` to the ISO day on which they were told.
        many: Several of this kind, their number not known yet ("my children").
    """

    key: str
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    country: str | None = None
    told_on: dict[str, str] = field(default_factory=dict)
    many: bool = False

    @property
    def gender(self) -> str | None:
        """`f`, `m`, or None where the word does not say."""
        return "f" if self.kind in FEMALE else "m" if self.kind in MALE else None


@dataclass
class Situation:
    """Everything the person has told in this interview.

    Attributes:
        shared: Paths that hold for every member (`application`, `sponsor.age`) to values.
        told_on: The same paths to the ISO day on which they were told.
        members: The family members, in the order they were told.
        documents: States of the documents, or None while nothing was said of them.
        origin: ISO code of the home country, where it was named.
        tries: How often a question was asked without an answer, by slot and members.
        focus: Keys of the members spoken of last.
        pending: The question that waits: `{"slot": ..., "paths": [...], "members": [...]}`.
        told: The findings told last, by member key, so that nothing is told twice.
        seen: How many members this conversation has had: keys are never used again.
    """

    shared: dict[str, Any] = field(default_factory=dict)
    told_on: dict[str, str] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    documents: list[str] | None = None
    origin: str | None = None
    tries: dict[str, int] = field(default_factory=dict)
    focus: list[str] = field(default_factory=list)
    pending: dict[str, Any] | None = None
    told: dict[str, Any] = field(default_factory=dict)
    seen: int = 0

    @classmethod
    def load(cls, value: Mapping[str, Any] | None) -> Situation:
        """Read the slot's value back; None is an empty situation."""
        data = copy.deepcopy(dict(value or {}))
        data["members"] = [Member(**member) for member in data.get("members", [])]
        return cls(**data)

    def dump(self) -> dict[str, Any]:
        """The slot's value: plain JSON, leaving out what is empty."""
        data = {name: value for name, value in vars(self).items() if value not in (None, {}, [], 0)}
        if self.documents is not None:
            data["documents"] = self.documents
        if self.members:
            data["members"] = [copy.deepcopy(vars(member)) for member in self.members]
        return copy.deepcopy(data)

    @property
    def asker(self) -> str | None:
        """Who writes: `sponsor`, `family_abroad`, `helper`, or None while not known."""
        return self.shared.get("asker")

    def member(self, key: str) -> Member:
        """The member of that key; raises KeyError."""
        for member in self.members:
            if member.key == key:
                return member
        raise KeyError(key)

    def add(self, kind: str) -> Member:
        """Add a member of that kind and return it."""
        self.seen += 1
        member = Member(f"p{self.seen}", kind)
        if kind in RELATIONS:
            member.facts["relation"] = RELATIONS[kind]
        self.members.append(member)
        return member

    def add_like(self, member: Member) -> Member:
        """Add one more of the same kind, in the same place: the next of "my children"."""
        twin = self.add(member.kind)
        twin.facts = {name: value for name, value in member.facts.items() if name != "age"}
        twin.country = member.country
        return twin

    def set(self, path: str, value: Any, member: Member | None = None, today: str = "") -> None:
        """Store a fact; `today` (ISO) is kept with the facts that age."""
        day = today or dt.date.today().isoformat()
        if path.startswith("person."):
            if member is None:
                raise ValueError(f"{path} needs a member")
            short = path.removeprefix("person.")
            member.facts[short] = value
            if path in AGEING:
                member.told_on[short] = day
        else:
            self.shared[path] = value
            if path in AGEING:
                self.told_on[path] = day

    def facts_for(self, member: Member | None, today: str = "") -> dict[str, Any]:
        """The object that `actions.law.precheck` takes, for one member (or nobody yet)."""
        facts: dict[str, Any] = {"today": today or dt.date.today().isoformat()}
        told_on = dict(self.told_on)
        for path, value in self.shared.items():
            _put(facts, path, value)
        if member is not None:
            for short, value in member.facts.items():
                _put(facts, f"person.{short}", value)
            told_on |= {f"person.{short}": day for short, day in member.told_on.items()}
        if told_on:
            facts["told_on"] = told_on
        if self.documents:
            facts["documents"] = list(self.documents)
        return facts

    def finding(self, member: Member | None, today: str = "") -> Finding:
        """What the law says of one member as far as it is known."""
        return precheck(self.facts_for(member, today))


def _put(facts: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        facts = facts.setdefault(parent, {})
    facts[last] = value


def members_of(situation: Situation, keys: Iterable[str]) -> list[Member]:
    """The members of those keys that still exist, in the family's order."""
    wanted = set(keys)
    return [member for member in situation.members if member.key in wanted]
