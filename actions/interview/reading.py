"""Facts out of one message: what the recognised entities say, and about whom.

"My wife and two sons, 12 and 17, are in Turkey" becomes three members, two ages, one place.
What a message does not say is left to be asked; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.interview.answers import answer
from actions.interview.mentions import Mention, Mentions, days_of, kind_of
from actions.interview.places import place_of
from actions.interview.questions import Question
from actions.interview.situation import DONT_KNOW, RELATIONS, Member, Situation, members_of

SHARED_FACTS = {
    "status": "sponsor.status",
    "application": "application",
    "visa_refused": "visa_refused",
    "unaccompanied": "sponsor.unaccompanied",
    "fears": "sponsor.fears_or_does_not_want",
    "applied_before_18": "sponsor.applied_before_18",
    "turned_18": "sponsor.turned_18",
    "parent_in_romania": "sponsor.parent_in_romania",
    "parents_or_guardian": "sponsor.parents_or_guardian",
}
MARRIAGE_FACTS = {"marriage_form": "person.marriage.form", "marriage_when": "person.marriage.when"}
MARRIAGE_FLAGS = {
    "forced": "person.marriage.forced",
    "same_sex": "person.marriage.same_sex",
    "ended": "person.marriage.ended",
    "other_spouses": "person.marriage.other_spouses",
    "under_18": "person.marriage.under_18_at_marriage",
}
MEMBER_FACTS = {
    "born_after": "person.born_after_asylum_application",
    "dependent": "person.dependent_for_health",
}
MARRIED_RELATIONS = {"spouse", "fiance", "partner"}
CHILD_RELATIONS = {"child", "stepchild", "adopted_child", "raised_child"}
# A broad word that a more exact one may follow: "my children … my son".
BROAD = {"child": "child", "spouse": "spouse", "sibling": "sibling", "parent": "parent"}
# Seen from abroad: "my husband is in Romania" makes the writer the wife.
INVERSE = {
    "wife": "spouse",
    "husband": "spouse",
    "spouse": "spouse",
    "fiance": "fiance",
    "partner": "partner",
    "son": "parent",
    "daughter": "parent",
    "child": "parent",
    "mother": "child",
    "father": "child",
    "parent": "child",
    "brother": "sibling",
    "sister": "sibling",
    "sibling": "sibling",
}
GENDERS = {"he": "m", "she": "f"}
AGE_FOLLOWS = {
    "person",
    "member",
    "number",
    "unit",
    "age",
    "other",
    "correction",
    "negation",
    "answer",
}
REFUSAL = "sponsor.refusal_days"
WAITING = "months_since_application"
SOME = "some"
# "Is any of them married?" "Yes": then it is asked of each.
SINGLE = {"person.married", "person.born_after_asylum_application"}
OF_EVERYONE = {"person.place", "person.in_origin_at_asylum_application"}


class Reading:
    """One message read into a situation.

    Attributes:
        understood: The message held at least one fact.
        answered: The pending question got its answer.
        unclear: Members among whom the message did not say which, and the age it told of one.
    """

    def __init__(
        self,
        situation: Situation,
        question: Question | None,
        entities: Iterable[Mapping[str, Any]],
        intent: str = "",
        today: str = "",
    ) -> None:
        self.situation = situation
        self.question = question
        self.today = today
        self.understood = False
        self.answered = False
        self.unclear: tuple[list[Member], int] | None = None
        self._mentions = Mentions(entities)
        self._focus: list[Member] = []
        self._fitting: list[Member] = []
        self._unplaced: list[Member] = []
        self._aged: set[str] = set()
        self._several: set[str] = set()
        self._used: set[int] = set()
        self._of_self = False
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

    # Who writes ---------------------------------------------------------------------------

    def _read_asker(self) -> None:
        """Take from the message who writes: "I am a refugee", "my husband is in Romania"."""
        if self.situation.asker not in (None, DONT_KNOW):
            return
        told = self._mentions.values("asker")
        if told:
            self._store("asker", told[0])
        elif self._names_sponsor() and not self._mentions.values("status"):
            self._store("asker", "family_abroad")
        elif any(self._of_writer(index) for index, m in self._mentions if _of_sponsor(m)):
            self._store("asker", "sponsor")

    def _names_sponsor(self) -> bool:
        return any(self._in_romania(i) for i, m in self._mentions if m.name == "person")

    def _in_romania(self, index: int) -> bool:
        """Whether the place told of this person, before anybody else is named, is Romania."""
        for mention in self._mentions.after(index):
            if mention.name in ("person", "self"):
                return False
            if mention.name in ("country", "place"):
                return mention.value in ("RO", "romania")
        return False

    def _of_writer(self, index: int) -> bool:
        """Whether the last one named before this is the writer: "I am 16, alone"."""
        for mention in reversed(self._mentions.before(index)):
            if mention.name in ("person", "other", "self"):
                return mention.name == "self"
        return False

    def _by_self(self, index: int) -> bool:
        before = self._mentions.at(index - 1)
        return before is not None and before.name == "self"

    def _on_self(self, _index: int, _mention: Mention) -> None:
        self._of_self = True

    # Members ------------------------------------------------------------------------------

    def _on_person(self, index: int, mention: Mention) -> None:
        kind, count, many = kind_of(mention.value)
        if kind not in RELATIONS:
            return
        self._of_self = False
        self.understood = True
        if self.situation.asker == "family_abroad" and self._in_romania(index):
            self._read_sponsor(kind)
            return
        before = self._mentions.at(index - 1)
        if before is not None and self._mentions.is_count(index - 1):
            count, many = int(before.value), False
        self._focus = self._members(kind, count, many)
        self._unplaced += [m for m in self._focus if m not in self._unplaced]
        self._read_age_before(index)

    def _read_sponsor(self, kind: str) -> None:
        """Family abroad names the relative in Romania: that tells who the writer is."""
        writer = next((m for m in self.situation.members if m.kind == "self"), None)
        writer = writer or self.situation.add("self")
        if kind in INVERSE:
            self._store("person.relation", INVERSE[kind], writer)
        self._of_self = True  # the place that follows is the sponsor's

    def _members(self, kind: str, count: int | None, many: bool) -> list[Member]:
        known = [m for m in self.situation.members if m.kind == kind] or self._broad(kind)
        if known and (count or 1) <= len(known):
            return known if many or not count else known[:count]
        new = [self._add(kind) for _ in range((count or 1) - len(known))]
        new[0].many = many and count is None
        return known + new

    def _broad(self, kind: str) -> list[Member]:
        if kind in BROAD.values():
            return []
        broad = BROAD.get(RELATIONS[kind])
        return [m for m in self.situation.members if m.kind == broad and not m.many][:1]

    def _add(self, kind: str) -> Member:
        member = self.situation.add(kind)
        if self.situation.asker == "family_abroad":
            # Related to the writer, perhaps not to the person in Romania: asked, not guessed.
            member.facts.pop("relation", None)
        return member

    def _on_other(self, _index: int, mention: Mention) -> None:
        """He, she, they: the members spoken of last, if they fit."""
        self._of_self = False
        if self._focus:
            return
        gender = GENDERS.get(mention.value)
        fitting = [m for m in self.situation.members if gender in (None, m.gender) or not m.gender]
        spoken = [m for m in fitting if m.key in self.situation.focus]
        self._fitting = spoken or fitting
        if gender is None or len(self._fitting) == 1:
            self._focus = self._fitting

    def _on_member(self, _index: int, mention: Mention) -> None:
        """A choice that names the member: the answer to "who is 19?"."""
        self._focus = members_of(self.situation, [mention.value])
        self._of_self = False

    # Ages ---------------------------------------------------------------------------------

    def _read_age_before(self, index: int) -> None:
        number = self._mentions.number_before_person(index)
        if number is None or number in self._used or len(self._focus) != 1:
            return
        age = self._mentions.age(number)
        if age is not None:
            self._used.add(number)
            self._give_age(age, self._focus[0])

    def _on_number(self, index: int, _mention: Mention) -> None:
        age = self._mentions.age(index)
        if age is None or self._mentions.is_count(index) or self._before_person(index):
            return
        if self._pending("sponsor.age") and not self._focus:
            self._store("sponsor.age", age)
        elif self._of_self:
            if self._by_self(index) and self.situation.asker != "family_abroad":
                self._store("sponsor.age", age)
        elif self._asked("person.age") or self._follows_person(index):
            self._give_age_to_one(age)

    def _before_person(self, index: int) -> bool:
        """Whether this number is the age in "12-year-old daughter", read with its person."""
        ahead = range(index + 1, min(index + 4, len(self._mentions)))
        return any(self._mentions.number_before_person(i) == index for i in ahead)

    def _follows_person(self, index: int) -> bool:
        """As in "my son, 12" and "he is 19", but not "my wife is in Turkey for 2 years"."""
        before = self._mentions.at(index - 1)
        return before is not None and before.name in AGE_FOLLOWS

    def _give_age_to_one(self, age: int) -> None:
        focus = self._focus or self._asked("person.age") or self._corrected()
        free = [m for m in focus if m.key not in self._aged]
        if free:
            self._give_age(age, free[0])
        elif focus and focus[0].key in self._several:
            twin = self.situation.add_like(focus[0])
            self._focus = [*focus, twin]
            self._unplaced.append(twin)
            self._give_age(age, twin)
        elif self._fitting:
            self.unclear = (self._fitting, age)

    def _corrected(self) -> list[Member]:
        """Without a name, an age can only correct the one member spoken of last."""
        spoken = members_of(self.situation, self.situation.focus)
        return spoken if len(spoken) == 1 and not self._fitting else []

    def _give_age(self, age: int, member: Member) -> None:
        if member.many:
            member.many = False
            self._several.add(member.key)
        self._aged.add(member.key)
        for stale in ("age_at_asylum_application", "under_18_at_family_application"):
            member.facts.pop(stale, None)
        self._store("person.age", age, member)

    # Places -------------------------------------------------------------------------------

    def _on_country(self, index: int, mention: Mention) -> None:
        if self._of_self:
            self._read_own_country(mention.value)
        elif not self._is_wedding(index):
            self._place(place_of(mention.value, self.situation.origin), mention.value)

    def _read_own_country(self, country: str) -> None:
        if self.situation.asker == "family_abroad" and country != "RO":
            writer = next((m for m in self.situation.members if m.kind == "self"), None)
            self._put(writer or self.situation.add("self"), place_of(country, None), country)
        elif country != "RO" and self.situation.origin is None:
            self.situation.origin = country

    def _on_place(self, _index: int, mention: Mention) -> None:
        if not self._of_self:
            self._place(mention.value, None)

    def _is_wedding(self, index: int) -> bool:
        """Where the wedding was ("we married in Syria"), not where anybody is."""
        before = self._mentions.at(index - 1)
        return before is not None and before.name in ("married", *MARRIAGE_FACTS)

    def _place(self, place: str, country: str | None) -> None:
        asked = self._asked("person.place")
        for member in self._unplaced or self._focus or asked:
            self._put(member, place, country)
        self._unplaced = []

    def _put(self, member: Member, place: str, country: str | None) -> None:
        member.country = country
        self._store("person.place", place, member)

    # Marriage and the rest ----------------------------------------------------------------

    def _on_married(self, _index: int, mention: Mention) -> None:
        married = mention.value == "yes"
        children = [m for m in self._focus if m.facts.get("relation") in CHILD_RELATIONS]
        for member in children:
            self._store("person.married", married, member)
        if not children and self._pending("sponsor.married"):
            self._store("sponsor.married", married)

    def _on_marriage_flag(self, _index: int, mention: Mention) -> None:
        if mention.value in MARRIAGE_FLAGS:
            self._store_marriage(MARRIAGE_FLAGS[mention.value], True)

    def _store_marriage(self, path: str, value: Any) -> None:
        focus = [m for m in self._focus if m.facts.get("relation") in MARRIED_RELATIONS]
        married = [
            m for m in self.situation.members if m.facts.get("relation") in MARRIED_RELATIONS
        ]
        for member in focus or self._asked(path) or married:
            self._store(path, value, member)

    def _on_documents(self, _index: int, mention: Mention) -> None:
        states = self.situation.documents or []
        self.situation.documents = [*states, *({mention.value} - set(states))]
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

    # The pending question -----------------------------------------------------------------

    def _read_answer(self, intent: str) -> None:
        """What the message says to the question that waits, if nothing in it did yet."""
        if self.question is None or self.answered:
            return
        value = answer(self.question, self._mentions, intent, self.today)
        if value is None or value == DONT_KNOW:
            return
        self.understood = self.answered = True
        if self.question.slot == "documents":
            self.situation.documents = [] if value == "other" else [str(value)]
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

    def _answered_for(self, path: str) -> list[Member]:
        """Those the question named; what holds for everyone also those it did not need."""
        asked = self._asked(path)
        if path not in OF_EVERYONE or len(asked) < 2:
            return asked
        short = path.removeprefix("person.")
        return [m for m in self.situation.members if m in asked or short not in m.facts]

    def _asked(self, path: str) -> list[Member]:
        """The members of whom the pending question asks that path."""
        if self.question is None or path not in self.question.paths:
            return []
        return members_of(self.situation, self.question.members)

    def _pending(self, path: str) -> bool:
        return self.question is not None and path in self.question.paths

    def _store(self, path: str, value: Any, member: Member | None = None) -> None:
        self.situation.set(path, value, member, self.today)
        self.understood = True
        asked = self.question
        if asked and path in asked.paths and (member is None or member.key in asked.members):
            self.answered = True


def typed(value: str) -> Any:
    """An entity's value as the law's schema has it: yes and no are booleans."""
    return {"yes": True, "no": False}.get(value, value)


def _of_sponsor(mention: Mention) -> bool:
    return mention.name in ("status", "unaccompanied") or mention.value in ("RO", "romania")
