"""Marriages in a message: whose they are, their form and day, and what makes them doubtful."""

from __future__ import annotations

from typing import Any

from actions.interview.mentions import ADJOINING, COMMA, Mention
from actions.interview.notes import MARRIED_RELATIONS, Notes, is_child

MARRIAGE_FACTS = {"marriage_form": "person.marriage.form", "marriage_when": "person.marriage.when"}
MARRIAGE_FLAGS = {
    "forced": "person.marriage.forced",
    "same_sex": "person.marriage.same_sex",
    "ended": "person.marriage.ended",
    "other_spouses": "person.marriage.other_spouses",
    "under_18": "person.marriage.under_18_at_marriage",
}


class Marriages(Notes):
    """Reads what a message says of marriages."""

    def _on_married(self, index: int, mention: Mention) -> None:
        married = mention.value == "yes"
        children = [m for m in self._focus if is_child(m)] if self._is_said_of(index) else []
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
