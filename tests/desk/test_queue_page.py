"""The queue: who waits, by harm and time; folders, filters, search; and what it never shows."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.desk.browser import Browsers
from tests.desk.cases import CHILD, FATHER, Cases, act

QUEUE = "/desk/cases"


@pytest.fixture
def cases(browsers: Browsers) -> Cases:
    return Cases.at(browsers.server)


def references(page: str) -> list[str]:
    """The references of the lines in their order."""
    return re.findall(r'class="open" href="/desk/cases/([0-9A-Z-]+)"', page)


async def test_the_desk_begins_with_the_queue(browsers: Browsers) -> None:
    ana = await browsers.member("counsellor")
    await ana.get("/desk")
    assert ana.location == QUEUE
    await ana.get(QUEUE)
    assert "Nobody waits." in ana.text


async def test_harm_comes_first_then_whoever_waits_longest(
    browsers: Browsers, cases: Cases
) -> None:
    normal = await cases.new(minutes=600)
    young = await cases.new("finding:C1", "child", minutes=5, facts=CHILD)
    newer = await cases.new("danger", "danger", minutes=1)
    older = await cases.new("danger", "danger", minutes=30)
    ana = await browsers.member("counsellor")
    page = await ana.get(QUEUE)
    order = [each.reference for each in (older, newer, young, normal)]
    assert references(page) == order
    assert "In danger" in ana.text
    assert "C1: child alone: mother or father" in ana.text
    assert "waits 30 min" in ana.text
    assert 'data-urgent="' in page
    urgent = re.search(r'data-urgent="([\d ]*)"', page)
    assert urgent and len(urgent[1].split()) == 3


async def test_a_line_says_language_channel_and_that_it_is_a_child(
    browsers: Browsers, cases: Cases
) -> None:
    await cases.new("refusal", "deadline", language="ar", facts=CHILD, phone="40700000001")
    ana = await browsers.member("counsellor")
    await ana.get(QUEUE)
    for part in ("Arabic", "WhatsApp", "deadline", "child", "Got a refusal"):
        assert part in ana.text
    await browsers.again(ana)
    ro = await browsers.member("counsellor", language="ro")
    await ro.get(QUEUE)
    assert "arabă" in ro.text


async def test_the_queue_shows_nothing_that_people_wrote(browsers: Browsers, cases: Cases) -> None:
    case = await cases.new()
    await case.writes("my cousin Zalmai hides in Herat")
    ana = await browsers.member("counsellor")
    assert "Zalmai" not in await ana.get(QUEUE)


async def test_what_is_taken_moves_from_unassigned_to_mine(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    other = await cases.new()
    ana, ion = await browsers.member("counsellor"), await browsers.member("counsellor")
    await ana.get(QUEUE)
    assert "Unassigned 2" in ana.text
    await act(ana, case, "claim")
    assert ana.status == 303, ana.text
    assert references(await ana.get(QUEUE)) == [other.reference]
    assert references(await ana.get(f"{QUEUE}?folder=mine")) == [case.reference]
    assert "Unassigned 1" in ana.text and "Mine 1" in ana.text and "All open 2" in ana.text
    assert references(await ion.get(f"{QUEUE}?folder=mine")) == []
    assert set(references(await ion.get(f"{QUEUE}?folder=all"))) == {
        case.reference,
        other.reference,
    }
    assert ana.account.first_name in ion.text


async def test_what_is_closed_is_in_the_last_folder_with_its_outcome(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    ana = await browsers.member("counsellor")
    await ana.get(QUEUE)
    await act(ana, case, "resolve", outcome="referred")
    assert references(await ana.get(f"{QUEUE}?folder=all")) == []
    assert references(await ana.get(f"{QUEUE}?folder=closed")) == [case.reference]
    assert "Closed 1" in ana.text and "referred to somebody else" in ana.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "ar"),
        ("reason", "refusal"),
        ("priority", "deadline"),
        ("channel", "whatsapp"),
        ("label", "to call"),
    ],
)
async def test_each_filter_leaves_out_the_others(
    browsers: Browsers, cases: Cases, name: str, value: str
) -> None:
    await cases.new("voice", "normal", language="en")
    case = await cases.new("refusal", "deadline", language="ar", phone="40700000002")
    ana = await browsers.member("counsellor")
    await ana.get(QUEUE)
    await act(ana, case, "label", label="to call")
    assert len(references(await ana.get(QUEUE))) == 2
    assert f'<option value="{value}"' in ana.page or name == "label"
    found = await ana.client.get(QUEUE, params={name: value}, headers={"Accept": "text/html"})
    assert references(await found.text()) == [case.reference]


async def test_a_search_finds_by_number_label_note_and_words(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    await cases.new()
    await case.writes("my uncle lives in Izmir")
    ana = await browsers.member("counsellor")
    await ana.get(QUEUE)
    await act(ana, case, "note", text="call the embassy")
    await act(ana, case, "label", label="passport")
    for words in (case.reference, case.reference.lower(), "izmir", "EMBASSY", "passp"):
        found = await ana.client.get(QUEUE, params={"q": words}, headers={"Accept": "text/html"})
        assert references(await found.text()) == [case.reference], words
    for words in ("nothing like it", "%", "\0"):
        found = await ana.client.get(QUEUE, params={"q": words}, headers={"Accept": "text/html"})
        page = await found.text()
        assert found.status == 200
        assert references(page) == [] or words == "\0"


async def test_a_search_is_in_the_log_without_its_words(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    await cases.new()
    ana = await browsers.member("counsellor")
    await ana.get(f"{QUEUE}?q=Zalmai")
    found = rows(
        "SELECT * FROM audit WHERE action = 'conversations.searched' AND staff_id = %s",
        ana.account.id,
    )
    assert len(found) == 1
    assert "Zalmai" not in str(found)


async def test_more_than_a_page_goes_on_on_the_next(browsers: Browsers, cases: Cases) -> None:
    for _ in range(53):
        await cases.new()
    ana = await browsers.member("counsellor")
    first = references(await ana.get(QUEUE))
    assert len(first) == 50
    later = re.search(r'<a class="button" href="(\?[^"]*)">Further', ana.page)
    assert later
    rest = references(await ana.get(f"{QUEUE}{later[1].replace('&amp;', '&')}"))
    assert len(rest) == 3
    assert not set(rest) & set(first)


@pytest.mark.parametrize(
    "query", ["?folder=nowhere", "?from=-3", "?from=99999999999", "?language=%00", "?priority='--"]
)
async def test_addresses_that_make_no_sense_harm_nothing(browsers: Browsers, query: str) -> None:
    ana = await browsers.member("counsellor")
    await ana.get(QUEUE + query)
    assert ana.status == 200


@pytest.mark.parametrize("role", ["translator", "administrator"])
async def test_who_sees_no_conversation_sees_no_queue(
    browsers: Browsers, cases: Cases, role: str
) -> None:
    case = await cases.new(facts=FATHER)
    other = await browsers.member(role)
    for path in (QUEUE, f"{QUEUE}/live", "/desk/events", case.path, f"{case.path}/events"):
        await other.get(path)
        assert other.status == 403, path
    assert "Conversations" not in await other.get("/desk/account")
