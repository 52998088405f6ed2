"""Countries and places in a message: where each member is, where the writer is from."""

from __future__ import annotations

from actions.interview.marriages import MARRIAGE_FACTS
from actions.interview.mentions import Mention
from actions.interview.notes import Notes
from actions.interview.places import place_of
from actions.interview.situation import Member
from actions.interview.writer import FAMILY_ABROAD


class Whereabouts(Notes):
    """Reads where people are."""

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
