"""Ages in a message: whose each of them is. What may be of several is asked, never guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from actions.interview.births import BORN, ages_of, is_birth
from actions.interview.marriages import MARRIAGE_FLAGS, Marriages
from actions.interview.mentions import COMMA, Mention
from actions.interview.notes import MARRIED_RELATIONS, is_child
from actions.interview.numbers import age_at, age_before, is_almost, is_count
from actions.interview.questions import Question
from actions.interview.situation import Member, Situation, members_of
from actions.interview.writer import SPONSOR

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
ADULT = 18
AGE_THEN = "person.age_at_asylum_application"


class Ages(Marriages):
    """Reads the numbers of a message."""

    def __init__(
        self,
        situation: Situation,
        question: Question | None,
        entities: Iterable[Mapping[str, Any]],
        today: str,
    ) -> None:
        super().__init__(situation, question, entities, today)
        self._aged: dict[str, int] = {}
        self._several: set[str] = set()
        self._used: set[int] = set()

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
        by_self = self._by_self(index)
        if self._of_self or by_self:
            if by_self and self.situation.asker in (None, SPONSOR):
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

    def _on_date(self, index: int, mention: Mention) -> None:
        """A day of birth, or the date that answers a question for an age."""
        born = is_birth(self._mentions, index)
        if not born and not self._asked("person.age") and not self._pending("sponsor.age"):
            return
        today = dt.date.fromisoformat(self.today) if self.today else dt.date.today()
        ages = ages_of(mention.value, today)
        # Where it depends on the birthday, the age stays open and is asked.
        if ages is not None and ages[0] == ages[1]:
            self._read_birth(index, ages[0])

    def _read_birth(self, index: int, age: int) -> None:
        of_sponsor = self._pending("sponsor.age") and not self._focus
        if self._of_self:
            if self.situation.asker in (None, SPONSOR):
                self._store("sponsor.age", age)
        elif of_sponsor or self._of_helped:
            self._store("sponsor.age", age)
        else:
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
        before = self._before(index)
        is_born = before is not None and (before.name, before.value) == BORN
        return before is not None and before.name in AGE_FOLLOWS and not is_born

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
        if len(focus) != 1 or not is_child(focus[0]):
            return False
        since = range(self._aged[focus[0].key] + 1, index)
        named = [self._mentions.at(place) for place in since]
        return any(mention is not None and mention.name == "person" for mention in named)

    def _corrected(self, age: int) -> list[Member]:
        """Whose age a message corrects that names nobody; if several may be meant, it is asked."""
        spoken = self._fitting or members_of(self.situation, self.situation.focus)
        aged = [m for m in self.situation.members if isinstance(m.facts.get("age"), int)]
        if self._mentions.values("correction"):
            # Only an age that was told before can be put right: "no, he is 19".
            meant = [m for m in self._fitting if m in aged] or self._fitting or aged
        else:
            meant = self._fitting or spoken
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

    def _by_self(self, index: int) -> bool:
        """Whether "I" stands before the number, or in its own word: Turkish "16 yaşındayım"."""
        before = self._before(index)
        if before is not None and before.name == "self":
            return True
        behind = [self._mentions.at(place) for place in (index + 1, index + 2)]
        names = {mention.name for mention in behind if mention}
        return names == {"age", "self"} and len({(m.start, m.end) for m in behind if m}) == 1

    def _before(self, index: int) -> Mention | None:
        """What stands before a number; "almost" belongs to the number."""
        return self._mentions.at(index - 2 if is_almost(self._mentions, index) else index - 1)
