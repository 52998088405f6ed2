"""Facts out of one message: what the recognised entities say, and about whom.

"My wife and two sons, 12 and 17, are in Turkey" becomes three members, two ages, one place.
What a message does not say is left to be asked; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.interview.answers import allowed, answer
from actions.interview.marriages import MARRIAGE_FACTS
from actions.interview.mentions import Mention, days_of
from actions.interview.questions import Question
from actions.interview.relatives import Relatives
from actions.interview.situation import DONT_KNOW, Member, Situation
from actions.interview.whereabouts import Whereabouts
from actions.interview.writer import SPONSOR, asker_of, of_writer

SHARED_FACTS = {
    "status": "sponsor.status",
    "application": "application",
    "visa_refused": "visa_refused",
    "unaccompanied": "sponsor.unaccompanied",
    "fears": "sponsor.fears_or_does_not_want",
    "turned_18": "sponsor.turned_18",
    "parent_in_romania": "sponsor.parent_in_romania",
    "parents_or_guardian": "sponsor.parents_or_guardian",
}
# A question may speak of these in general: "how many applications are approved?".
TOLD_OF_FILES = {"status", "sponsor_status", "application", "visa_refused"}
MEMBER_FACTS = {
    "born_after": "person.born_after_asylum_application",
    "dependent": "person.dependent_for_health",
}
REFUSAL = "sponsor.refusal_days"
WAITING = "months_since_application"
SOME = "some"
OTHER_PAPERS = "other"  # a choice that is none of the law's states
# "Is any of them married?" "Yes": then it is asked of each.
SINGLE = {"person.married", "person.born_after_asylum_application"}
OF_EVERYONE = {"person.place", "person.in_origin_at_asylum_application"}


class Reading(Relatives, Whereabouts):
    """One message read into a situation; the attributes of `Notes` say how it went."""

    def __init__(
        self,
        situation: Situation,
        question: Question | None,
        entities: Iterable[Mapping[str, Any]],
        intent: str = "",
        today: str = "",
    ) -> None:
        super().__init__(situation, question, entities, today)
        self._asks = intent.startswith("ask_")
        self._read_asker()
        for index, mention in self._mentions:
            self._read(index, mention)
        self._read_answer(intent)
        if self._focus:
            situation.focus = [member.key for member in self._focus]

    def _read(self, index: int, mention: Mention) -> None:
        if index in self._used:
            return
        if mention.name in SHARED_FACTS:
            if not self._of_another_writer(index) and not self._is_general(mention.name):
                self._store(SHARED_FACTS[mention.name], typed(mention.value))
        elif mention.name in MARRIAGE_FACTS:
            self._store_marriage(MARRIAGE_FACTS[mention.name], mention.value)
        elif mention.name in MEMBER_FACTS:
            for member in self._focus:
                self._store(MEMBER_FACTS[mention.name], True, member)
        else:
            read = getattr(self, f"_on_{mention.name}", None)
            if read is not None:
                read(index, mention)

    def _read_asker(self) -> None:
        if self.situation.asker not in (None, DONT_KNOW):
            return
        told = asker_of(self._mentions)
        if told:
            self._store("asker", told)

    def _is_general(self, name: str) -> bool:
        """Whether a question speaks of it in general: "how many applications are approved?"."""
        own = {"person", "self", "ago"} & {m.name for _, m in self._mentions}
        return self._asks and name in TOLD_OF_FILES and not own

    def _of_another_writer(self, index: int) -> bool:
        """Whether the writer, who is not the sponsor, says it of the own person."""
        return self.situation.asker != SPONSOR and of_writer(self._mentions, index)

    def _on_self(self, _index: int, _mention: Mention) -> None:
        self._of_self = True

    def _on_documents(self, _index: int, mention: Mention) -> None:
        states = self.situation.documents or []
        new = {mention.value} - {*states, OTHER_PAPERS}
        self.situation.documents = [*states, *new]
        self.understood = True
        self.answered |= self._pending("documents")

    def _on_ago(self, _index: int, mention: Mention) -> None:
        """How long ago: a refusal of asylum in days, the family's application in months."""
        days = days_of(mention.value)
        if days is None:
            return
        own = "refused" in self._mentions.values("own_application")
        if own or "no_status" in self._mentions.values("status") or self._pending(REFUSAL):
            self._store(REFUSAL, days)
        elif "pending" in self._mentions.values("application") or self._pending(WAITING):
            self._store(WAITING, days // 30)

    def _read_answer(self, intent: str) -> None:
        """What the message says to the question that waits, if nothing in it did yet."""
        if self.question is None or self.answered or self._is_general(self.question.slot):
            return
        value = answer(self.question, self._mentions, intent, self.today)
        self.unknown |= value == DONT_KNOW
        if value is None or value == DONT_KNOW or not self._is_allowed(value):
            return
        self.understood = self.answered = True
        if self.question.slot == "documents":
            self.situation.documents = [] if value == OTHER_PAPERS else [str(value)]
            return
        path = self.question.paths[0]
        if len(self.question.members) > 1 and (value == SOME or (value is True and path in SINGLE)):
            self.situation.tries[f"each:{path}"] = 1
            return
        for path in self.question.paths:
            if not path.startswith("person."):
                self._store(path, value)
            for member in self._answered_for(path):
                self._store(path, value, member)

    def _is_allowed(self, value: Any) -> bool:
        """Whether the law takes it; `some` and the documents have meanings of their own."""
        path = self.question.paths[0] if self.question else ""
        return value == SOME or path == "documents" or allowed(path, value, self.today)

    def _answered_for(self, path: str) -> list[Member]:
        """Those the question named; what holds for everyone also those it did not need."""
        asked = self._asked(path)
        if path not in OF_EVERYONE or len(asked) < 2:
            return asked
        short = path.removeprefix("person.")
        return [m for m in self.situation.members if m in asked or short not in m.facts]


def typed(value: str) -> Any:
    """An entity's value as the law's schema has it: yes and no are booleans."""
    return {"yes": True, "no": False}.get(value, value)
