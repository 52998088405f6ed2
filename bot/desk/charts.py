"""Bars for the monitoring, drawn on the server: where each one stands and how long it is; pure.

A template makes an SVG of it (`_chart.html`); the numbers stand in a table below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 360
_ROW = 40
_BAR_TOP = 18
_LONGEST = 290
_STUB = 6


@dataclass(frozen=True)
class Bar:
    """One bar: its label above it, its value behind it; a stub stands for a small count."""

    label: str
    value: str
    y: int
    length: float
    is_stub: bool

    @property
    def top(self) -> int:
        """Where the bar itself begins."""
        return self.y + _BAR_TOP


@dataclass(frozen=True)
class Chart:
    """Bars below each other; `name` is its id on the page."""

    name: str
    title: str
    description: str
    bars: Sequence[Bar]

    @property
    def width(self) -> int:
        """The width of the drawing."""
        return WIDTH

    @property
    def height(self) -> int:
        """The height of the drawing."""
        return _ROW * len(self.bars) + 4


def draw(
    name: str, title: str, description: str, values: Sequence[tuple[str, float | None, str]]
) -> Chart:
    """Draw bars.

    Args:
        name: The chart's id.
        title: What it shows.
        description: What can be seen, in a sentence.
        values: Of each bar the label, the number (None: there is one, but it is not shown), and
            the number in words.
    """
    most = max((number or 0 for _, number, _ in values), default=0)
    bars = [
        Bar(label, text, _ROW * place, _length(number, most), number is None)
        for place, (label, number, text) in enumerate(values)
    ]
    return Chart(name, title, description, bars)


def _length(number: float | None, most: float) -> float:
    if number is None:
        return _STUB
    return round(_LONGEST * number / most, 1) if most else 0
