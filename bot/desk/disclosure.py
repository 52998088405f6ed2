"""What may be shown of counts without giving a single person away; pure.

Counts of 5 and more are rounded to the nearest five, as Eurostat publishes asylum figures, so
every difference of shown numbers (between tables, ranges, or yesterday's page and today's) is a
multiple of five. Counts of 1 to 4 are shown as "<5". Where a total and the other counts would
leave only one value for such a count, the total is withheld; where other tables tell the total
anyway, the table is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

LEAST = 5
"""The smallest count that is shown as a number."""
_HALF = LEAST // 2
_MOST_SMALL = LEAST - 1


@dataclass(frozen=True)
class Count:
    """A count as it is shown: `low` to `high` is all that it tells of the true one."""

    low: int
    high: int

    @property
    def is_small(self) -> bool:
        """Whether it is shown as "<5"."""
        return 0 < self.high < LEAST

    @property
    def shown(self) -> int:
        """The number that is shown; 0 for one that is not."""
        return 0 if self.is_small else LEAST * ((self.high + _HALF) // LEAST)

    def __str__(self) -> str:
        return f"<{LEAST}" if self.is_small else str(self.shown)


@dataclass(frozen=True)
class Release:
    """What is shown: the total and the tables; None stands for what is withheld."""

    total: Count | None
    tables: Mapping[str, Mapping[str, Count] | None]


def count(number: int) -> Count:
    """Give what may be shown of one count."""
    if number <= 0:
        return Count(0, 0)
    if number < LEAST:
        return Count(1, _MOST_SMALL)
    middle = LEAST * ((number + _HALF) // LEAST)
    return Count(max(LEAST, middle - _HALF), middle + _HALF)


def release(total: int, tables: Mapping[str, Mapping[str, int]]) -> Release:
    """Decide what is shown of tables that each divide the same total.

    Args:
        total: How many there are.
        tables: By name, each with a count for every value; each sums up to the total.
    """
    shown: dict[str, Mapping[str, Count] | None] = {
        name: {value: count(number) for value, number in table.items()}
        for name, table in tables.items()
    }
    whole: Count | None = count(total)
    if any(_gives_away(table.values(), _known(whole, shown)) for table in _kept(shown)):
        whole = None
    for name in sorted(shown, key=lambda name: -len(tables[name])):
        table = shown[name]
        if table is not None and _gives_away(table.values(), _known(whole, shown)):
            shown[name] = None
    return Release(whole, shown)


def _kept(shown: Mapping[str, Mapping[str, Count] | None]) -> list[Mapping[str, Count]]:
    return [table for table in shown.values() if table is not None]


def _known(whole: Count | None, shown: Mapping[str, Mapping[str, Count] | None]) -> Count:
    """Give what everything shown tells of the total."""
    sums = [_sum(table.values()) for table in _kept(shown) if table]
    known = [*sums, *([whole] if whole else [])]
    if not known:
        return Count(0, 2**62)
    return Count(max(each.low for each in known), min(each.high for each in known))


def _gives_away(cells: Collection[Count], total: Count) -> bool:
    """Tell whether the total and the other cells leave a small count only one value."""
    everything = _sum(cells)
    for cell in cells:
        if not cell.is_small:
            continue
        least = total.low - (everything.high - cell.high)
        most = total.high - (everything.low - cell.low)
        if max(least, cell.low) >= min(most, cell.high):
            return True
    return False


def _sum(cells: Iterable[Count]) -> Count:
    listed = list(cells)
    return Count(sum(cell.low for cell in listed), sum(cell.high for cell in listed))
