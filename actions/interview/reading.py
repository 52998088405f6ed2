"""Facts out of one message: what the recognised entities say, and about whom.

"My wife and two sons, 12 and 17, are in Turkey" becomes three members, two ages, one place.
What a message does not say is left to be asked; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.interview.answers import allowed, answer
from actions.interview.mentions import ADJOINING, COMMA, Mention, Mentions, days_of, kind_of
from actions.interview.numbers import age_at, age_before, is_count
from actions.interview.places import place_of
from actions.interview.questions import Question
from actions.interview.situation import DONT_KNOW, RELATIONS, Member, Situation, members_of
from actions.interview.writer import FAMILY_ABROAD, SPONSOR, asker_of, is_in_romania, of_writer

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
TOLD_OF_FILES = {"status", "application", "visa_refused"}
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
PARENTS = {"mother", "father", "parent"}
ADULT = 18
HELPER = "helper"
AGE_THEN = "person.age_at_asylum_application"
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
        unknown: The message says that the answer is not known.
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
        self._asks = intent.startswith("ask_")
        self._mentions = Mentions(entities)
        self.unknown = DONT_KNOW in self._mentions.values("answer")
        self._focus: list[Member] = []
        self._fitting: list[Member] = []
        self._unplaced: list[Member] = []
        self._aged: dict[str, int] = {}
        self._several: set[str] = set()
        self._used: set[int] = set()
        self._of_self = self._of_helped = False
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
            if not self._of_another_writer(index) and not self._is_general(mention):
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
        if self.situation.asker not in (None, DONT_KNOW):
            return
        told = asker_of(self._mentions)
        if told:
            self._store("asker", told)

    def _is_general(self, mention: Mention) -> bool:
        """Whether a question speaks of it in general: "how many applications are approved?"."""
        own = {"person", "self", "ago"} & {m.name for _, m in self._mentions}
        return self._asks and mention.name in TOLD_OF_FILES and not own

    def _of_another_writer(self, index: int) -> bool:
        """Whether the writer, who is not the sponsor, says it of the own person."""
        return self.situation.asker != SPONSOR and of_writer(self._mentions, index)

    def _by_self(self, index: int) -> bool:
        before = self._mentions.at(index - 1)
        return before is not None and before.name == "self"

    def _on_self(self, _index: int, _mention: Mention) -> None:
        self._of_self = True

    # Members ------------------------------------------------------------------------------

    def _on_person(self, index: int, mention: Mention) -> None:
        kind, count, many = kind_of(mention.value)
        if kind not in RELATIONS or self._is_of_the_children(index, kind):
            return
        self._of_self = self._of_helped = False
        self.understood = True
        if self._is_helped(index):
            self._of_helped = True
            return
        asked = self._asked("person.relation")
        if asked:
            for member in asked:
                self._store("person.relation", RELATIONS[kind], member)
            return
        if self.situation.asker == FAMILY_ABROAD and is_in_romania(self._mentions, index):
            self._read_sponsor(kind)
            return
        before = self._mentions.at(index - 1)
        if before is not None and is_count(self._mentions, index - 1):
            count, many = int(before.value), False
        self._focus = self._members(kind, count, many)
        self._unplaced += [m for m in self._focus if m not in self._unplaced]
        self._read_age_before(index)

    def _is_helped(self, index: int) -> bool:
        """Whether it names whom the writer helps, the sponsor: "I help a boy"."""
        before = self._mentions.at(index - 1)
        if before is None or (before.name, before.value) != ("asker", HELPER):
            return False
        return self._mentions.gap(index - 1) in (0, ADJOINING)

    def _is_of_the_children(self, index: int, kind: str) -> bool:
        """Whether it is said from the children's side: "two kids, with their mother"."""
        before = self._mentions.at(index - 1)
        if before is None or before.name != "other" or self._mentions.gap(index - 1) != ADJOINING:
            return False
        return kind in PARENTS and any(_is_child(member) for member in self._focus)

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
        if self.situation.asker == FAMILY_ABROAD:
            # Related to the writer, perhaps not to the person in Romania: asked, not guessed.
            member.facts.pop("relation", None)
        return member

    def _on_other(self, _index: int, mention: Mention) -> None:
        """He, she, they: the members spoken of last, if they fit."""
        self._of_self = False
        gender = GENDERS.get(mention.value)
        if self._focus and all(_fits(member, gender) for member in self._focus):
            return
        fitting = [member for member in self.situation.members if _fits(member, gender)]
        spoken = [member for member in fitting if member.key in self.situation.focus]
        self._fitting = spoken or fitting
        self._focus = self._fitting if gender is None or len(self._fitting) == 1 else []
        # Who helps somebody says "he" of the sponsor, as long as no relative is named.
        self._of_helped = self.situation.asker == HELPER and not fitting

    def _on_member(self, _index: int, mention: Mention) -> None:
        """A choice that names the member: the answer to "who is 19?"."""
        self._focus = members_of(self.situation, [mention.value])
        self._of_self = False

    # Ages ---------------------------------------------------------------------------------

    def _read_age_before(self, index: int) -> None:
        number = age_before(self._mentions, index)
        if number is None or number in self._used or len(self._focus) != 1:
            return
        age = age_at(self._mentions, number)
        if age is not None:
            self._used.add(number)
            self._give_age(age, self._focus[0], index)

    def _on_number(self, index: int, _mention: Mention) -> None:
        age = age_at(self._mentions, index)
        if age is None or is_count(self._mentions, index) or self._before_person(index):
            return
        if self._of_self:
            if self._by_self(index) and self.situation.asker in (None, SPONSOR):
                self._store("sponsor.age", age)
        elif self._pending("sponsor.age") and not self._focus:
            if not self._is_one_of_several(index):
                self._store("sponsor.age", age)
        elif self._of_helped:
            self._store("sponsor.age", age)
        elif self._is_of_then(index):
            self._read_wedding_age(age)
        elif self._asked("person.age") or self._follows_person(index):
            self._give_age_to_one(age, index)

    def _is_one_of_several(self, index: int) -> bool:
        """Whether another number stands beside it: "34 or 35" is no answer."""
        beside = (self._mentions.at(index - 1), self._mentions.at(index + 1))
        return any(mention is not None and mention.name == "number" for mention in beside)

    def _read_wedding_age(self, age: int) -> None:
        """An age of the wedding day only matters under 18; the age of today stays open."""
        if age < ADULT and not self._asked(AGE_THEN):
            self._store_marriage(MARRIAGE_FLAGS["under_18"], True)

    def _is_of_then(self, index: int) -> bool:
        """Whether it is an age of the past: asked as such, or "she was 16 when we married"."""
        asked = self._asked(AGE_THEN)
        if asked and all(member in asked for member in self._focus):
            return True
        after = self._mentions.at(index + 1)
        spouses = [m for m in self._focus if m.facts.get("relation") in MARRIED_RELATIONS]
        if not spouses or after is None or after.name != "married":
            return False
        return self._mentions.gap(index) != COMMA

    def _before_person(self, index: int) -> bool:
        """Whether this number is the age in "12-year-old daughter", read with its person."""
        ahead = range(index + 1, min(index + 4, len(self._mentions)))
        return any(age_before(self._mentions, place) == index for place in ahead)

    def _follows_person(self, index: int) -> bool:
        """As in "my son, 12" and "he is 19", but not "my wife is in Turkey for 2 years"."""
        before = self._mentions.at(index - 1)
        return before is not None and before.name in AGE_FOLLOWS

    def _give_age_to_one(self, age: int, index: int) -> None:
        focus = self._focus or self._asked("person.age") or self._corrected(age)
        free = [m for m in focus if m.key not in self._aged]
        if free:
            self._give_age(age, free[0], index)
        elif focus and (focus[0].key in self._several or self._is_named_anew(focus, index)):
            twin = self.situation.add_like(focus[0])
            self._focus = [*focus, twin]
            self._unplaced.append(twin)
            self._give_age(age, twin, index)

    def _is_named_anew(self, focus: list[Member], index: int) -> bool:
        """Whether the same word came again since its age: "my son 12, my son 14" are two."""
        if len(focus) != 1 or not _is_child(focus[0]):
            return False
        since = range(self._aged[focus[0].key] + 1, index)
        named = [self._mentions.at(place) for place in since]
        return any(mention is not None and mention.name == "person" for mention in named)

    def _corrected(self, age: int) -> list[Member]:
        """Whose age a message corrects that names nobody; several may be meant: then it is asked."""
        spoken = self._fitting or members_of(self.situation, self.situation.focus)
        aged = [m for m in self.situation.members if isinstance(m.facts.get("age"), int)]
        meant = self._fitting or (aged if self._mentions.values("correction") else spoken)
        if len(meant) > 1 and (self._fitting or meant is aged):
            self.unclear = (meant, age)
        return meant if len(meant) == 1 else []

    def _give_age(self, age: int, member: Member, index: int) -> None:
        if member.many:
            member.many = False
            self._several.add(member.key)
        self._aged[member.key] = index
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
        if self.situation.asker == FAMILY_ABROAD and country != "RO":
            writer = next((m for m in self.situation.members if m.kind == "self"), None)
            self._put(writer or self.situation.add("self"), place_of(country, None), country)
        elif country != "RO" and self.situation.origin is None:
            self.situation.origin = country

    def _on_place(self, _index: int, mention: Mention) -> None:
        if not self._of_self:
            self._place(mention.value, None)

    def _is_wedding(self, index: int) -> bool:
        """Where the wedding was ("we married in Syria"), not where anybody is."""
        back = index - 1
        before = self._mentions.at(back)
        if before is not None and before.name == "person" and self._mentions.gap(back - 1) == 1:
            before = self._mentions.at(back - 1)  # "I married my wife in Syria"
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

    def _on_married(self, index: int, mention: Mention) -> None:
        married = mention.value == "yes"
        children = [m for m in self._focus if _is_child(m)] if self._is_said_of(index) else []
        for member in children or (self._asked("person.married") if not married else []):
            self._store("person.married", married, member)
        if not children and self._pending("sponsor.married"):
            self._store("sponsor.married", married)

    def _is_said_of(self, index: int) -> bool:
        """Whether it follows the one spoken of: "my daughter is married", not "we married"."""
        before, gap = self._mentions.at(index - 1), self._mentions.gap(index - 1)
        named = ("person", "other", "number", "age")
        return before is not None and before.name in named and gap in (None, 0, ADJOINING, COMMA)

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
        self.unknown |= value == DONT_KNOW
        if value is None or value == DONT_KNOW or not self._is_allowed(value):
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

    def _asked(self, path: str) -> list[Member]:
        """The members of whom the pending question asks that path."""
        if self.question is None or path not in self.question.paths:
            return []
        return members_of(self.situation, self.question.members)

    def _pending(self, path: str) -> bool:
        return self.question is not None and path in self.question.paths

    def _store(self, path: str, value: Any, member: Member | None = None) -> None:
        if not allowed(path, value, self.today):
            return
        if path == "asker" and value != SPONSOR:
            # Told before it was known who writes: it was not the sponsor's.
            self.situation.shared.pop("sponsor.age", None)
        self.situation.set(path, value, member, self.today)
        self.understood = True
        asked = self.question
        if asked and path in asked.paths and (member is None or member.key in asked.members):
            self.answered = True


def typed(value: str) -> Any:
    """An entity's value as the law's schema has it: yes and no are booleans."""
    return {"yes": True, "no": False}.get(value, value)


def _is_child(member: Member) -> bool:
    return member.facts.get("relation") in CHILD_RELATIONS


def _fits(member: Member, gender: str | None) -> bool:
    return gender in (None, member.gender) or member.gender is None
