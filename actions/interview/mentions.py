"""The recognised entities of a message, in order, and what stands next to what.

The understanding pipeline gives the same names and values in every language: `person=wife`,
`number=12`, `country=TR`. Nothing here knows a word of any language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NEAR = 4  # characters between entities that belong together: a space, a hyphen, a comma
COUNT_LIMIT = 12
AGE_LIMIT = 120
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True)
class Mention:
    """One entity: its name, its value, its place in the text."""

    name: str
    value: str
    start: int
    end: int


class Mentions:
    """All mentions of one message in the order of the text."""

    def __init__(self, entities: Iterable[Mapping[str, Any]]) -> None:
        self._all = sorted(map(_mention, entities), key=lambda mention: mention.start)

    def __iter__(self) -> Iterator[tuple[int, Mention]]:
        return iter(enumerate(self._all))

    def __len__(self) -> int:
        return len(self._all)

    def at(self, index: int) -> Mention | None:
        """The mention at that place, or None outside the message."""
        return self._all[index] if 0 <= index < len(self._all) else None

    def after(self, index: int) -> list[Mention]:
        """The mentions behind that place."""
        return self._all[index + 1 :]

    def before(self, index: int) -> list[Mention]:
        """The mentions before that place."""
        return self._all[:index]

    def values(self, name: str) -> list[str]:
        """The values of all mentions of that name."""
        return [mention.value for mention in self._all if mention.name == name]

    def touching(self, index: int) -> Mention | None:
        """The next mention, if nothing but a space or a mark stands between."""
        here, after = self.at(index), self.at(index + 1)
        return after if here and after and 0 <= after.start - here.end <= NEAR else None

    def is_count(self, index: int) -> bool:
        """Whether it counts people: a small number right before a person, as in "two sons"."""
        mention, after = self.at(index), self.touching(index)
        return (
            mention is not None
            and after is not None
            and mention.name == "number"
            and after.name == "person"
            and mention.value.isdigit()
            and 0 < int(mention.value) <= COUNT_LIMIT
        )

    def age(self, index: int) -> int | None:
        """The age that a number tells, in whole years; None if it is no age."""
        mention, unit = self.at(index), self.touching(index)
        if mention is None or mention.name != "number":
            return None
        if unit is not None and unit.name == "ago":
            return None
        months = unit is not None and unit.name == "unit" and unit.value in ("month", "week", "day")
        if months and not self._marked_as_age(index):
            return None
        try:
            age = int(float(mention.value))
        except ValueError:
            return None
        if months:
            age //= 12
        return age if 0 <= age <= AGE_LIMIT else None

    def _marked_as_age(self, index: int) -> bool:
        near = (self.at(index - 1), self.at(index + 1), self.at(index + 2))
        return any(mention is not None and mention.name == "age" for mention in near)

    def number_before_person(self, index: int) -> int | None:
        """Where the age stands in "12-year-old daughter": its index, or None."""
        back, marked = index - 1, False
        while (mention := self.at(back)) is not None and mention.name in ("unit", "age"):
            marked = True
            back -= 1
        number = self.at(back)
        joined = number is not None and number.name == "number" and marked
        return back if joined and self._runs_together(back, index) else None

    def _runs_together(self, first: int, last: int) -> bool:
        return all(self.touching(index) is not None for index in range(first, last))


def days_of(value: str) -> int | None:
    """Days in a span such as `6 day` or `2 month`; None if it is no span."""
    number, _, unit = value.partition(" ")
    try:
        return round(float(number) * DAYS[unit])
    except (ValueError, KeyError):
        return None


def kind_of(value: str) -> tuple[str, int | None, bool]:
    """The kind, the count and "several" in `son`, `son*2`, `son+`."""
    if value.endswith("+"):
        return value[:-1], None, True
    kind, star, count = value.partition("*")
    return kind, int(count) if star and count.isdigit() else None, False


def _mention(entity: Mapping[str, Any]) -> Mention:
    return Mention(
        str(entity.get("entity")),
        str(entity.get("value")),
        int(entity.get("start") or 0),
        int(entity.get("end") or 0),
    )
