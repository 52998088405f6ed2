"""The figures: right, and never so exact that somebody could be found in them."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.disclosure import LEAST, Count, Release, count, release
from bot.desk.figures import DIMENSIONS, RANGES, TIME, of_requests, of_waits, span, times
from bot.desk.frame import ZONE
from bot.desk.monitoring_file import HEADER, csv_file, safe
from bot.store.figures import Request, Wait
from tests.desk.browser import Browsers
from tests.desk.cases import Cases

PAGE = "/desk/monitoring"
TODAY = date(2026, 11, 22)


def test_a_count_below_five_is_never_told() -> None:
    assert [str(count(n)) for n in range(14)] == "0 <5 <5 <5 <5 5 5 5 10 10 10 10 10 15".split()


@given(st.integers(0, 5000))
def test_what_is_shown_says_no_more_than_its_bounds(number: int) -> None:
    shown = count(number)
    assert shown.low <= number <= shown.high
    assert {str(count(n)) for n in range(shown.low, shown.high + 1)} == {str(shown)}


# Tables that divide the same people twice: by person a value of each.
PEOPLE = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), max_size=26)


def divided(people: list[tuple[str, str]]) -> dict[str, dict[str, int]]:
    tables: dict[str, dict[str, int]] = {"first": {}, "second": {}}
    for person in people:
        for name, value in zip(tables, person, strict=True):
            tables[name][value] = tables[name].get(value, 0) + 1
    return tables


@given(PEOPLE, PEOPLE)
@settings(max_examples=300, deadline=None)
def test_no_difference_of_shown_numbers_gives_a_count_under_five_away(
    earlier: list[tuple[str, str]], later: list[tuple[str, str]]
) -> None:
    """Neither within a page, nor between ranges, nor between two days' pages."""
    shown = [0]
    for people in (earlier, earlier + later):
        released = release(len(people), divided(people))
        counts = [released.total] if released.total else []
        for table in released.tables.values():
            counts += (table or {}).values()
        shown += [each.shown for each in counts if not each.is_small]
        # A total less what is shown of its parts.
        for table in released.tables.values():
            if released.total and table:
                shown.append(released.total.shown - sum(each.shown for each in table.values()))
    for one, other in itertools.product(shown, repeat=2):
        assert abs(one - other) not in range(1, LEAST)


@given(PEOPLE)
@settings(max_examples=150, deadline=None)
def test_every_small_count_can_still_be_several(people: list[tuple[str, str]]) -> None:
    """By trying all tables that would be shown alike, not by the code's own arithmetic."""
    released = release(len(people), divided(people))
    totals = set.intersection(
        *[set(range(200)) if released.total is None else within(released.total)],
        *[sums(table) for table in released.tables.values() if table],
    )
    assert len(people) in totals
    for table in released.tables.values():
        for value, shown in (table or {}).items():
            if not shown.is_small:
                continue
            rest = {name: each for name, each in (table or {}).items() if name != value}
            possible = {n for n in range(1, LEAST) if totals & {n + s for s in sums(rest)}}
            assert len(possible) > 1, released


def within(shown: Count) -> set[int]:
    return {n for n in range(200) if str(count(n)) == str(shown)}


def sums(table: Mapping[str, Count]) -> set[int]:
    found = {0}
    for shown in table.values():
        found = {a + b for a in found for b in within(shown)}
    return found


def test_a_total_that_would_tell_a_small_count_is_withheld() -> None:
    # Four who asked, each for another reason: the total "<5" would leave one for each.
    released = release(4, {"reason": {"a": 1, "b": 1, "c": 1, "d": 1}})
    assert released.total is None
    assert released.tables["reason"] is not None


def test_a_table_is_withheld_where_another_one_tells_the_total_anyway() -> None:
    released = release(4, {"language": {"ar": 4}, "reason": {"a": 1, "b": 1, "c": 1, "d": 1}})
    assert released == Release(None, {"language": {"ar": Count(1, 4)}, "reason": None})


def test_a_total_that_tells_nothing_is_shown() -> None:
    released = release(26, {"language": {"ar": 23, "so": 3}})
    assert str(released.total) == "25"
    assert [str(each) for each in (released.tables["language"] or {}).values()] == ["25", "<5"]


def test_times_of_few_people_are_not_shown() -> None:
    assert times([60] * 4) == times([None] * 50)
    assert (times([60, 70, 80, 90, 1000]).median, times([60] * 5).p90) == (80, None)
    assert times([*range(1, 10), 1000]).p90 == 9
    assert times([*range(1, 101)]).p90 == 90


def asked(days_ago: int = 1, **more: Any) -> Request:
    given = {
        "opened_on": TODAY - timedelta(days=days_ago),
        "language": "ar",
        "reason": "asked",
        "priority": "normal",
        "channel": "web",
        "answer_seconds": 600,
        "close_seconds": 7200,
    }
    return Request(**{**given, **more})


def test_requests_are_counted_by_every_dimension_and_over_time() -> None:
    start, until = span(30, TODAY)
    some = [asked(days_ago=n % 10 + 1) for n in range(20)]
    found = of_requests([*some, *[asked(language="so", answer_seconds=None)] * 5], start, 30)
    languages = found.tables["language"]
    assert languages is not None
    assert str(languages["ar"].requests) == "20" and str(languages["ar"].unanswered) == "0"
    assert str(languages["so"].unanswered) == "5" and languages["so"].answer.median is None
    assert (languages["ar"].answer.median, languages["ar"].close.p90) == (600, 7200)
    assert until == TODAY and start == TODAY - timedelta(days=30)
    assert len(found.tables[TIME] or {}) == 6


def test_all_findings_are_one_reason() -> None:
    start, _ = span(7, TODAY)
    rows = [asked(reason=f"finding:B{n}") for n in range(6)]
    assert list(of_requests(rows, start, 7).tables["reason"] or {}) == ["finding:"]


def test_the_order_of_a_table_tells_no_sizes() -> None:
    waits = [Wait(each, "asked", "normal", "web", 60) for each in "zzzzyyyxx"]
    assert list(of_waits(waits).tables["language"] or {}) == ["x", "y", "z"]


@pytest.mark.parametrize("cell", ["=1+1", "+40", "-1", "@a", "\t=1", "\r=1", "  =1", "\n=2"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    start, until = span(7, TODAY)
    rows = [asked(reason=cell, language=cell)] * 9
    text = csv_file(start, until, {"requests": of_requests(rows, start, 7)})
    for row in csv.reader(io.StringIO(text)):
        assert len(row) == len(HEADER)
        assert not any(each.lstrip()[:1] in {"=", "+", "-", "@"} for each in row), row


@pytest.fixture
def cases(browsers: Browsers) -> Cases:
    return Cases.at(browsers.server)


async def fill(cases: Cases, rows: Any) -> list[str]:
    """Nine in English, three in Somali, two days ago; give their references."""
    made = [await cases.new(language="en", minutes=3000) for _ in range(9)]
    made += [await cases.new("danger", "danger", language="so", minutes=3000) for _ in range(3)]
    rows(
        "INSERT INTO misunderstanding (conversation_id, language, text, intent, at)"
        " SELECT id, 'ar', 'sentinelnadia', 'inform', now() - interval '2 days'"
        " FROM conversation, generate_series(1, 2)"
    )
    return [each.reference for each in made]


def cells(page: str) -> Iterator[tuple[str, str]]:
    """The first number of each line of the tables."""
    for label, number in re.findall(
        r'<th scope="row">([^<]*)</th><td class="number">([^<]*)</td>', page
    ):
        yield label, number.replace("&lt;", "<")


async def test_a_coordinator_sees_who_waits_and_nobody_in_particular(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    references = await fill(cases, rows)
    boss = await browsers.member("coordinator")
    page = await boss.get(PAGE)
    assert boss.status == 200
    found = list(cells(page))
    assert found.count(("English", "10")) == 2
    assert found.count(("Somali", "<5")) == 2
    assert ("Arabic", "25") in found
    assert not any(reference in page for reference in references)
    assert "sentinelnadia" not in page
    shown = {int(number) for _, number in found if number.isdigit()}
    assert all(number % 5 == 0 for number in shown)


@pytest.mark.parametrize("days", RANGES)
async def test_the_file_holds_what_the_page_shows_and_nothing_personal(
    browsers: Browsers, cases: Cases, rows: Any, days: int
) -> None:
    references = await fill(cases, rows)
    boss = await browsers.member("administrator")
    text = await boss.get(f"{PAGE}.csv?days={days}")
    assert boss.answer is not None
    assert boss.answer.headers["Content-Disposition"].startswith("attachment; filename=")
    lines = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert set(HEADER) == set(lines[0])
    by = {(line["what"], line["by"], line["value"]): line["count"] for line in lines}
    assert by["requests", "language", "en"] == "10"
    assert by["waiting", "language", "so"] == "<5"
    assert by["not_understood", "language", "ar"] == "25"
    for secret in (*references, "sentinelnadia"):
        assert secret not in text
    conversations = rows("SELECT id::text AS id FROM conversation")
    assert conversations and not any(row["id"] in text for row in conversations)
    assert rows("SELECT detail FROM audit WHERE action = 'figures.exported'")


async def test_what_was_erased_is_still_counted(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    yesterday = datetime.now(ZONE).date() - timedelta(days=1)
    for _ in range(6):
        rows(
            "INSERT INTO handoff_count (day, language, reason, priority, channel, outcome,"
            " answer_seconds, close_seconds) VALUES"
            " (%s, 'ti', 'asked', 'normal', 'web', 'helped', 3600, 7200)",
            yesterday,
        )
    boss = await browsers.member("coordinator")
    page = await boss.get(f"{PAGE}?days=7")
    assert ("Tigrinya", "5") in list(cells(page))
    rows("DELETE FROM handoff_count")
    page = await boss.get(f"{PAGE}?days=7")
    assert "Tigrinya" not in page


async def test_every_chart_says_in_words_what_it_shows(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    await fill(cases, rows)
    boss = await browsers.member("coordinator")
    page = await boss.get(PAGE)
    charts = re.findall(r'<svg class="chart".*?</svg>', page, flags=re.DOTALL)
    assert len(charts) == 2 * len(DIMENSIONS) + 2
    for chart in charts:
        assert re.search(r"<title id=\S+>\S", chart) and re.search(r"<desc id=\S+>\S", chart)
        assert 'role="img"' in chart
    assert page.count("<table>") == len(charts)


@pytest.mark.parametrize("role", ["counsellor", "translator"])
async def test_others_see_no_figures(browsers: Browsers, role: str) -> None:
    member = await browsers.member(role)
    for path in (PAGE, f"{PAGE}.csv"):
        await member.get(path)
        assert member.status == 403
    await member.get("/desk/account")
    assert "Figures" not in member.text


@pytest.mark.parametrize("query", ["days=", "days=-1", "days=31", "days=9999999", "days=%00"])
async def test_a_range_that_is_none_is_thirty_days(browsers: Browsers, query: str) -> None:
    boss = await browsers.member("coordinator")
    page = await boss.get(f"{PAGE}?{query}")
    assert boss.status == 200
    assert 'href="?days=30" aria-current="page"' in page
