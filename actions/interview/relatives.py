"""The people in a message: new members, those spoken of again, and the sponsor."""

from __future__ import annotations

from actions.interview.ages import Ages
from actions.interview.mentions import ADJOINING, Mention, kind_of
from actions.interview.notes import is_child
from actions.interview.numbers import is_count
from actions.interview.situation import RELATIONS, Member, members_of
from actions.interview.writer import FAMILY_ABROAD, HELPER, is_in_romania

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
PARENTS = {"mother", "father", "parent"}


class Relatives(Ages):
    """Reads of whom a message speaks."""

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
        return kind in PARENTS and any(is_child(member) for member in self._focus)

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
        fitting = [member for member in self.situation.members if _fits(member, gender)]
        aged = [member for member in fitting if isinstance(member.facts.get("age"), int)]
        numbers = self._mentions.values("number")
        corrects = bool(aged and numbers and self._mentions.values("correction"))
        if corrects:
            # "No, he is 19" puts an age right that was told, of whomever was spoken last.
            fitting = aged
        elif self._focus and all(_fits(member, gender) for member in self._focus):
            return
        # Persian "u" is he and she: one age for several is nobody's until it is asked.
        anyone = corrects and gender is None and len(numbers) < len(fitting)
        spoken = [member for member in fitting if member.key in self.situation.focus]
        self._fitting = fitting if anyone else spoken or fitting
        of_all = gender is None and not anyone
        self._focus = self._fitting if of_all or len(self._fitting) == 1 else []
        # Who helps somebody says "he" of the sponsor, as long as no relative is named.
        self._of_helped = self.situation.asker == HELPER and not fitting

    def _on_member(self, _index: int, mention: Mention) -> None:
        """A choice that names the member: the answer to "who is 19?"."""
        self._focus = members_of(self.situation, [mention.value])
        self._of_self = False


def _fits(member: Member, gender: str | None) -> bool:
    return gender in (None, member.gender) or member.gender is None
