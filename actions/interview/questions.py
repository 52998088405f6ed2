"""The next question that matters, as the law engine asks for it.

A path of the law's schema gives the name of its question: `sponsor.status` is asked by
`utter_ask_sponsor_status`, `person.place` by `utter_ask_person_place`, or by
`utter_ask_family_place` where several members are asked at once. So a new rule brings its own
question: only its sentence has to be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.interview.situation import DONT_KNOW, Member, Situation
from actions.law import ASKING_ORDER

RELATION = "person.relation"
# What concerns everyone is asked once for everyone.
FOR_ALL = {
    "person.place",
    "person.in_origin_at_asylum_application",
    "person.married",
    "person.born_after_asylum_application",
    "person.age",
}
# One sentence asks for both: "was one of you under 18 at the wedding, or is one of you now?"
TOGETHER = {
    "person.marriage.under_18_at_marriage": (
        "person.marriage.under_18_at_marriage",
        "person.marriage.under_18_now",
    ),
    "person.marriage.under_18_now": ("person.marriage.under_18_now",),
}
# Outcomes whose advice depends on the documents; elsewhere asking for them is of no use.
DOCUMENTS_MATTER = {"ELIG", "ELIG_CHECK", "UAM", "APPROVED"}


@dataclass(frozen=True)
class Question:
    """One question: the slot Rasa asks for, the paths it fills, the members it speaks of."""

    slot: str
    paths: tuple[str, ...]
    members: tuple[str, ...] = ()

    def dump(self) -> dict[str, Any]:
        """Plain JSON, to be kept in the situation."""
        return {"slot": self.slot, "paths": list(self.paths), "members": list(self.members)}

    @classmethod
    def load(cls, value: dict[str, Any] | None) -> Question | None:
        """Read `dump` back; None stays None."""
        if not value:
            return None
        return cls(value["slot"], tuple(value["paths"]), tuple(value["members"]))


def next_question(situation: Situation, today: str = "") -> Question | None:
    """The next question that can still change something, or None when all is known."""
    if situation.asker is None:
        return Question("asker", ("asker",))
    missing = _missing(situation, today)
    if missing:
        path = min(missing, key=ASKING_ORDER.index)
        return _question(situation, path, missing[path])
    if situation.documents is None and _documents_matter(situation, today):
        return Question("documents", ("documents",))
    return None


def _missing(situation: Situation, today: str) -> dict[str, list[Member]]:
    """Each missing path to the members for whom it is missing (none for a shared path)."""
    missing: dict[str, list[Member]] = {}
    for member in situation.members or [None]:  # type: ignore[list-item]
        for path in situation.finding(member, today).missing:
            missing.setdefault(path, [])
            if member is not None and path.startswith("person."):
                missing[path].append(member)
    return missing


def _question(situation: Situation, path: str, members: list[Member]) -> Question:
    if path.startswith("person.") and not situation.members:
        return Question("person_relation", (RELATION,))  # first who it is about
    if path == RELATION:
        same = [member.key for member in members if member.kind == members[0].kind]
        return Question("member_relation", (path,), tuple(same))
    slot = path.replace(".", "_")
    paths = TOGETHER.get(path, (path,))
    if path in FOR_ALL and len(members) > 1 and f"each:{path}" not in situation.tries:
        return Question(
            slot.replace("person_", "family_", 1), paths, tuple(member.key for member in members)
        )
    return Question(slot, paths, tuple(member.key for member in members[:1]))


def _documents_matter(situation: Situation, today: str) -> bool:
    return any(
        situation.finding(member, today).outcome in DOCUMENTS_MATTER for member in situation.members
    )


def give_up(situation: Situation, question: Question) -> None:
    """Asked twice and not known: note it as `dont_know`, so that a counsellor looks at it."""
    if question.slot == "documents":
        situation.documents = []
        return
    if question.paths == (RELATION,) and not question.members:
        question = Question(question.slot, question.paths, (situation.add("someone").key,))
    for path in question.paths:
        if not path.startswith("person."):
            situation.set(path, DONT_KNOW)
        for key in question.members:
            situation.set(path, DONT_KNOW, situation.member(key))
