"""The recognised entities of a message, in order, and what stands next to what.

The understanding pipeline gives the same names and values in every language: `person=wife`,
`number=12`, `country=TR`. Nothing here knows a word of any language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NEAR = 4  # characters between entities that belong together: a space, a hyphen, a comma
ADJOINING = 1  # nothing but a space or a hyphen: no mark that ends a sentence
COMMA = 2  # a mark and a space: what follows begins something new
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
        if here is None or after is None:
            return None
        # A dual such as "two months" is a number and a unit in one place.
        same = (here.start, here.end) == (after.start, after.end) and here.end > here.start
        return after if same or 0 <= after.start - here.end <= NEAR else None

    def gap(self, index: int) -> int | None:
        """Characters up to the next mention; None if there is none or the two overlap."""
        here, after = self.at(index), self.at(index + 1)
        if here is None or after is None or after.start < here.end:
            return None
        return after.start - here.end


def span_of(mentions: Mentions) -> int | None:
    """Days in the one length of time that is told, such as "2 weeks"; None if there is none."""
    for index, mention in mentions:
        unit = mentions.touching(index)
        if mention.name == "number" and unit is not None and unit.name == "unit":
            return days_of(f"{mention.value} {unit.value}")
    return days_of(next(iter(mentions.values("ago")), ""))


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
