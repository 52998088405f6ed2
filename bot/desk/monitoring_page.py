"""GET /desk/monitoring: who waits and how long, now and over time, without giving anybody away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiohttp import web

from bot.desk import audit, frame
from bot.desk.charts import Chart, draw
from bot.desk.disclosure import Count
from bot.desk.figures import (
    DIMENSIONS,
    RANGES,
    TIME,
    Figures,
    Row,
    of_numbers,
    of_requests,
    of_waits,
    span,
)
from bot.desk.guard import allowed
from bot.desk.keys import SESSION
from bot.desk.monitoring_file import csv_file
from bot.desk.monitoring_texts import WITHHELD, dimension_texts, seconds_text, value_text
from bot.desk.roles import Act
from bot.gateway.keys import DATABASE
from bot.i18n import Translator
from bot.store import figures as store

PATH = "/desk/monitoring"
_DEFAULT_DAYS = 30


@dataclass(frozen=True)
class Watched:
    """Everything that the page shows."""

    start: date
    until: date
    days: int
    now: Figures
    asked: Figures
    doubts: Figures


@dataclass(frozen=True)
class Line:
    """A line of a table, in words."""

    label: str
    requests: str
    unanswered: str
    answer: str
    answer_p90: str
    close: str
    close_p90: str


@dataclass(frozen=True)
class Table:
    """A table with its chart; without lines it is withheld or empty."""

    name: str
    title: str
    chart: Chart | None
    lines: Sequence[Line]
    is_withheld: bool


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [web.get(PATH, get_monitoring), web.get(f"{PATH}.csv", get_csv)]


@allowed(Act.SEE_FIGURES)
async def get_monitoring(request: web.Request) -> web.Response:
    """Show the figures of a range."""
    watched, words = await _watch(request), frame.translator(request)
    context = {
        "days": watched.days,
        "ranges": RANGES,
        "first": watched.start,
        "last": watched.until - timedelta(days=1),
        "now": _tables("now", watched.now, words),
        "now_total": _line("", watched.now.total, words),
        "asked": _tables("asked", watched.asked, words),
        "asked_total": _line("", watched.asked.total, words),
        "doubts": _tables("doubts", watched.doubts, words)[0],
        "doubts_total": _line("", watched.doubts.total, words),
        "date_text": lambda day: value_text(words, TIME, str(day)),
    }
    return frame.page(request, "monitoring.html", context)


@allowed(Act.SEE_FIGURES)
async def get_csv(request: web.Request) -> web.Response:
    """Give the same figures as a file for a spreadsheet."""
    watched = await _watch(request)
    async with request.app[DATABASE].transaction() as connection:
        await audit.record(
            connection, "figures.exported", request[SESSION].account, days=watched.days
        )
    parts = {"waiting": watched.now, "requests": watched.asked, "not_understood": watched.doubts}
    text = csv_file(watched.start, watched.until - timedelta(days=1), parts)
    name = f"impreuna-{watched.until - timedelta(days=1)}-{watched.days}.csv"
    return web.Response(
        # The mark at the start tells spreadsheets that it is UTF-8.
        body=text.encode("utf-8-sig"),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _watch(request: web.Request) -> Watched:
    given = request.query.get("days", "")
    days = next((days for days in RANGES if str(days) == given), _DEFAULT_DAYS)
    start, until = span(days, datetime.now(frame.ZONE).date())
    async with request.app[DATABASE].transaction() as connection:
        asked = await store.requests(connection, start, until)
        waits = await store.waits(connection)
        doubts = await store.misunderstandings(connection, start, until)
    return Watched(
        start, until, days, of_waits(waits), of_requests(asked, start, days), of_numbers(doubts)
    )


def _tables(prefix: str, figures: Figures, words: Translator) -> list[Table]:
    names = [name for name in (TIME, *DIMENSIONS) if name in figures.tables]
    return [_table(f"{prefix}-{name}", name, figures.tables[name], words) for name in names]


def _table(name: str, dimension: str, rows: Mapping[str, Row] | None, words: Translator) -> Table:
    title = dimension_texts(words)[dimension]
    named = [(value_text(words, dimension, value), row) for value, row in (rows or {}).items()]
    if dimension != TIME:
        named.sort(key=lambda each: (-_shown(each[1].requests), each[0]))
    lines = [_line(label, row, words) for label, row in named]
    bars = [(label, _number(row.requests), str(row.requests)) for label, row in named]
    description = "; ".join(f"{label}: {text}" for label, _, text in bars)
    chart = draw(name, title, description, bars) if bars else None
    return Table(name, title, chart, lines, rows is None)


def _line(label: str, row: Row, words: Translator) -> Line:
    return Line(
        label,
        _count(row.requests),
        _count(row.unanswered),
        seconds_text(words, row.answer.median),
        seconds_text(words, row.answer.p90),
        seconds_text(words, row.close.median),
        seconds_text(words, row.close.p90),
    )


def _count(count: Count | None) -> str:
    return WITHHELD if count is None else str(count)


def _shown(count: Count | None) -> int:
    return count.shown if count else 0


def _number(count: Count | None) -> float | None:
    return None if count is None or count.is_small else count.shown
