"""The monitoring's figures as CSV: codes and numbers, as they are shown, and nothing else; pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from bot.desk.disclosure import Count
from bot.desk.figures import Figures, Row

HEADER = (
    "first_day",
    "last_day",
    "what",
    "by",
    "value",
    "count",
    "unanswered",
    "answer_minutes_median",
    "answer_minutes_p90",
    "close_minutes_median",
    "close_minutes_p90",
)
WITHHELD = "withheld"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_file(first: date, last: date, parts: Mapping[str, Figures]) -> str:
    """Write figures as CSV.

    Args:
        first: The range's first day.
        last: Its last day.
        parts: What is counted, by the name that stands in the column `what`. Of those who wait
            now the answer's columns tell how long they wait.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for what, figures in parts.items():
        for cells in _rows(figures):
            writer.writerow([safe(str(cell)) for cell in (first, last, what, *cells)])
    return out.getvalue()


def safe(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell[:1] in _FORMULA else cell


def _rows(figures: Figures) -> Iterator[tuple[str, ...]]:
    yield ("all", "", *_cells(figures.total))
    for by, table in figures.tables.items():
        if table is None:
            yield (by, "", WITHHELD, *[""] * 5)
            continue
        for value, row in table.items():
            yield (by, value.rstrip(":"), *_cells(row))


def _cells(row: Row) -> tuple[str, ...]:
    seconds = (row.answer.median, row.answer.p90, row.close.median, row.close.p90)
    unanswered = "" if row.unanswered is None else str(row.unanswered)
    return (_count(row.requests), unanswered, *[_minutes(each) for each in seconds])


def _count(count: Count | None) -> str:
    return WITHHELD if count is None else str(count)


def _minutes(seconds: int | None) -> str:
    return "" if seconds is None else str(round(seconds / 60))
