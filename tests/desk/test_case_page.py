"""A conversation's page: the card in ten seconds, the transcript, what may be done and by whom."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.desk.case_findings import member_findings
from bot.desk.gist import GAP, Gist
from bot.desk.legal_clock import add_months, clocks
from bot.gateway.server import make_voice
from tests.desk.browser import Browsers, Member
from tests.desk.cases import CHILD, FATHER, Case, Cases, act, pending


@pytest.fixture
def cases(browsers: Browsers) -> Cases:
    return Cases.at(browsers.server)


async def taken(browsers: Browsers, case: Case, name: str = "Ana Pop") -> Member:
    """Let a counsellor take a conversation."""
    member = await browsers.member("counsellor", name=name)
    await act(member, case, "claim")
    assert member.status == 303, member.text
    await member.get(case.path)
    return member


async def test_the_card_tells_who_writes_and_the_family_with_its_findings(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new("finding:B16", "deadline", language="ar", facts=FATHER)
    ana = await browsers.member("counsellor")
    page = await ana.get(case.path)
    for part in (
        "the person with protection (sponsor)",
        "Arabic · Web chat",
        "refugee, 34 years",
        "not made yet",
        "originals with the family, no passport",
        "wife , Türkiye",
        "son, 17",
        "B16: child of 17",
        "not named",
        "B21: brother or sister",
        case.reference,
    ):
        assert part in ana.text, part
    assert "Law 122/2006" in ana.text
    assert 'href="https://' in page
    assert "checked on" in ana.text


async def test_the_card_of_a_child_says_so_and_what_is_missing(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new("finding:C1", "child", facts=CHILD)
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    assert "under 18" in ana.text
    assert "Still to be asked:" in ana.text
    assert "whether the child is alone in Romania" in ana.text


async def test_without_facts_the_findings_that_were_told_are_shown(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    told = ({"person": "wife", "row": "B1", "outcome": "ELIG", "flags": []},)
    await case.hears("Your wife: named.", findings=told)
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    assert "B1: husband or wife, official marriage" in ana.text
    assert "named" in ana.text


async def test_facts_of_another_version_do_not_break_the_page(
    browsers: Browsers, cases: Cases
) -> None:
    facts = {"shared": {"no.such.fact": 1, "sponsor.age": "old"}, "members": []}
    case = await cases.new(facts=facts)
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    assert ana.status == 200
    assert "facts are missing" in ana.text


def test_the_months_since_an_application_lead_to_the_two_limits() -> None:
    told = date(2026, 3, 31)
    facts = {
        "shared": {"application": "pending", "months_since_application": 8},
        "told_on": {"months_since_application": told.isoformat()},
    }
    [clock] = clocks(facts, told, date(2026, 5, 31))
    assert clock.since == date(2025, 7, 31)
    assert clock.amount == 10
    assert (clock.first, clock.last) == (date(2026, 4, 30), date(2026, 10, 31))


def test_days_since_a_refusal_grow() -> None:
    facts = {
        "shared": {"sponsor.refusal_days": 5},
        "told_on": {"sponsor.refusal_days": "2026-03-01"},
    }
    [clock] = clocks(facts, date(2026, 3, 2), date(2026, 3, 11))
    assert (clock.kind, clock.amount) == ("refusal", 15)


def test_whoever_is_17_turns_18_within_a_year_of_telling() -> None:
    facts = {
        "shared": {"sponsor.age": 17},
        "members": [{"kind": "son", "facts": {"age": 17}, "told_on": {"age": "2026-01-15"}}],
    }
    sponsor, son = clocks(facts, date(2026, 2, 1), date(2026, 3, 1))
    assert (sponsor.who, sponsor.last) == (None, date(2027, 2, 1))
    assert (son.who, son.last) == ("son", date(2027, 1, 15))


def test_ages_of_16_and_18_and_what_is_not_known_start_no_clock() -> None:
    for age in (16, 18, "dont_know", None, True):
        assert clocks({"shared": {"sponsor.age": age}}, date.today(), date.today()) == []


def test_a_month_without_that_day_gives_its_last_one() -> None:
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)


def test_a_finding_is_read_anew_so_that_an_age_that_grew_is_heard() -> None:
    years_ago = (date.today() - timedelta(days=3 * 366)).isoformat()
    member = {
        "kind": "son",
        "facts": {"relation": "child", "age": 16},
        "told_on": {"age": years_ago},
    }
    [finding] = member_findings({"members": [member]}, ())
    assert finding.row is None
    assert "person.age" in finding.missing or "sponsor.status" in finding.missing


async def test_the_clocks_stand_on_the_card(browsers: Browsers, cases: Cases) -> None:
    case = await cases.new(facts=pending(8))
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    assert "Applied about 8 months ago" in ana.text


async def test_the_window_is_told_while_it_is_open_and_when_it_is_closed(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new(phone="40700000010")
    ana = await taken(browsers, case)
    assert "Open for 3 hr more" in ana.text
    await cases.close_window(case)
    await ana.get(case.path)
    assert ana.text.count("First goes a template") == 2, "on the card and at the reply"
    web = await cases.new()
    await ana.get(web.path)
    assert "Writing window" not in ana.text


async def test_the_transcript_tells_both_sides_in_order_with_what_happened(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new(language="ar", phone="40700000011")
    await case.writes("مرحبا")
    seq = await case.hears("أهلا", "نعم", language="ar")
    await cases.tick(case, seq, "read")
    ana = await taken(browsers, case)
    page = ana.page
    assert page.index("مرحبا") < page.index("أهلا") < page.index("took it")
    assert 'dir="rtl">مرحبا' in page
    assert 'lang="ar" dir="rtl">أهلا' in page
    assert "✓✓ read" in ana.text


async def test_what_never_arrived_is_marked(browsers: Browsers, cases: Cases) -> None:
    case = await cases.new(phone="40700000012")
    seq = await case.hears("hello there")
    await cases.tick(case, seq, "failed")
    waits = await case.hears("and again")
    assert waits > seq
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    assert "✗ not delivered" in ana.text
    assert "being sent" in ana.text


async def test_markup_that_people_write_is_shown_as_they_wrote_it(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    await case.writes("<script>alert(1)</script>")
    ana = await browsers.member("counsellor")
    await act(ana, case, "note", text="<img src=x onerror=1>")
    await act(ana, case, "label", label="<b>x")
    page = await ana.get(case.path)
    assert "<script>alert" not in page and "<img src=x" not in page and "<b>x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_gist_of_an_arabic_answer_is_the_same_sentence_in_romanian() -> None:
    gist = Gist(make_voice(), "ro")
    body = {"names": ["utter_handoff_opened"], "language": "ar", "choices": []}
    told = gist.text(body)
    assert told and GAP in told and "CNRR" in told
    assert gist.text({**body, "language": "ro"}) is None
    assert gist.text({"names": ["utter_no_such"], "language": "ar"}) is None


def test_every_sentence_of_the_bot_has_a_gist() -> None:
    voice = make_voice()
    gist = Gist(voice, "ro")
    for name in voice.names("utter_"):
        gist.text({"names": [name], "language": "ar"})


async def test_the_choice_that_was_taken_is_told_in_the_readers_language(
    spoken: Browsers,
) -> None:
    cases = Cases.at(spoken.server)
    case = await cases.new(language="ar")
    voice = make_voice()
    asked = voice.say("utter_ask_sponsor_status", "ar")
    titles = [choice.title for choice in asked.choices]
    await case.hears(asked.text, *titles, names=("utter_ask_sponsor_status",), language="ar")
    await case.writes(titles[0])
    ana = await spoken.member("counsellor", language="ro")
    await ana.get(case.path)
    expected = voice.say("utter_ask_sponsor_status", "ro").choices[0].title
    assert f"= {expected}" in ana.text
    assert "In my language" not in ana.text and "În limba mea" in ana.text


async def test_of_two_who_take_it_at_once_one_is_told_who_has_it(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    ana = await browsers.member("counsellor", name="Ana Pop")
    ion = await browsers.member("counsellor", name="Ion Rus")
    await ana.get(case.path)
    await ion.get(case.path)
    form = {"handoff": str(case.handoff)}
    await asyncio.gather(
        ana.submit(f"{case.path}/claim", **form), ion.submit(f"{case.path}/claim", **form)
    )
    assert sorted((ana.status, ion.status)) == [303, 409]
    loser, winner = (ana, "Ion") if ana.status == 409 else (ion, "Ana")
    assert f"{winner} has this conversation." in loser.text
    assert "answers here" in loser.text


async def test_a_conversation_goes_from_hand_to_hand_and_back(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    ana = await taken(browsers, case)
    ion = await browsers.member("counsellor", name="Ion Rus")
    await act(ana, case, "transfer", to=str(ion.account.id))
    assert ana.status == 303
    assert (await case.row())["agent_id"] == ion.account.id
    await act(ion, case, "release")
    assert (await case.row())["state"] == "waiting"
    await act(ion, case, "claim")
    await act(ion, case, "return")
    row = await case.row()
    assert (row["state"], row["outcome"]) == ("closed", "returned")
    await ion.get(case.path)
    assert "returned to the bot" in ion.text
    await act(ion, case, "reopen")
    assert (await case.row())["state"] == "waiting"


@pytest.mark.parametrize(
    ("name", "fields", "refusal"),
    [
        ("claim", {}, "Ana has this conversation."),
        ("transfer", {"to": "nobody"}, "Choose a counsellor from the list."),
        ("release", {}, "Ana has this conversation."),
        ("return", {}, "Ana has this conversation."),
        ("resolve", {"outcome": "helped"}, "Ana has this conversation."),
        ("reply", {"text": "hello", "key": "k"}, "Ana has this conversation."),
        ("reopen", {}, "This conversation is open already."),
    ],
)
async def test_what_is_a_colleagues_is_left_alone(
    browsers: Browsers, cases: Cases, name: str, fields: dict[str, str], refusal: str
) -> None:
    case = await cases.new()
    await taken(browsers, case, "Ana Pop")
    before = await case.row()
    ion = await browsers.member("counsellor")
    await act(ion, case, name, **fields)
    assert ion.status == 409
    assert refusal in ion.text
    assert await case.row() == before


async def test_a_coordinator_assigns_passes_on_and_closes_for_others(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    ana = await browsers.member("counsellor", name="Ana Pop")
    ion = await browsers.member("counsellor", name="Ion Rus")
    maria = await browsers.member("coordinator", name="Maria Ionescu")
    await act(ana, case, "assign", to=str(ion.account.id))
    assert ana.status == 403
    await act(maria, case, "assign", to=str(ana.account.id))
    assert (await case.row())["agent_id"] == ana.account.id
    await act(maria, case, "transfer", to=str(ion.account.id))
    assert (await case.row())["agent_id"] == ion.account.id
    await act(maria, case, "resolve", outcome="referred")
    assert (await case.row())["outcome"] == "referred"


async def test_only_counsellors_who_are_active_can_be_given_one(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    case = await cases.new()
    ana = await taken(browsers, case)
    gone = await browsers.member("counsellor", name="Gone Away")
    rows("UPDATE staff SET disabled_at = now() WHERE id = %s", gone.account.id)
    translator = await browsers.member("translator", name="Tudor Vlad")
    page = await ana.get(case.path)
    assert str(gone.account.id) not in page and str(translator.account.id) not in page
    for other in (gone, translator):
        await act(ana, case, "transfer", to=str(other.account.id))
        assert ana.status == 409
    assert (await case.row())["agent_id"] == ana.account.id


async def test_a_form_of_an_earlier_handoff_does_nothing_to_the_new_one(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    hidden = ana.hidden()
    await act(ana, case, "resolve", outcome="other")
    await case.asks_again("danger", "danger")
    await ana.post(f"{case.path}/claim", **{**hidden, "handoff": str(case.handoff)})
    assert ana.status == 409
    await ana.get(case.path)
    assert "danger" in ana.text and "Earlier" in ana.text


async def test_notes_and_labels_are_kept_and_labels_taken_away(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    ana = await browsers.member("counsellor", name="Ana Pop")
    await act(ana, case, "note", text="  her sister has the papers  ")
    await act(ana, case, "label", label="papers")
    await act(ana, case, "label", label="urgent call")
    await ana.get(case.path)
    assert "her sister has the papers" in ana.text and "Ana Pop" in ana.text
    assert (await case.row())["labels"] == ["papers", "urgent call"]
    await act(ana, case, "unlabel", label="papers")
    assert (await case.row())["labels"] == ["urgent call"]
    assert all("sister" not in str(body) for body in await case.heard())
    await act(ana, case, "note", text="   ")
    assert ana.status == 409


async def test_everything_done_is_in_the_log_by_codes_alone(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    case = await cases.new()
    ana = await taken(browsers, case)
    await act(ana, case, "note", text="secret words")
    await act(ana, case, "reply", text="secret answer", key="k1")
    await act(ana, case, "resolve", outcome="helped")
    await ana.get(case.path)
    log = rows(
        "SELECT action, detail FROM audit WHERE conversation = %s ORDER BY id", case.conversation
    )
    assert [entry["action"] for entry in log] == [
        "conversation.viewed",
        "conversation.claimed",
        "conversation.noted",
        "conversation.answered",
        "conversation.resolved",
    ]
    assert "secret" not in str(log)


async def test_the_number_is_hidden_until_it_is_asked_for_with_a_reason(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    case = await cases.new(phone="40712345678")
    ana = await browsers.member("counsellor")
    assert "40712345678" not in await ana.get(case.path)
    await act(ana, case, "contact", reason="because")
    assert "40712345678" not in ana.page
    assert "Choose what you need the number for." in ana.text
    await act(ana, case, "contact", reason="danger")
    assert 'href="tel:+40712345678"' in ana.page
    assert "40712345678" not in await ana.get(case.path)
    [entry] = rows(
        "SELECT * FROM audit WHERE action = 'contact.shown' AND conversation = %s",
        case.conversation,
    )
    assert (entry["staff_id"], entry["detail"]) == (ana.account.id, {"reason": "danger"})
    assert "40712345678" not in str(entry)


async def test_a_conversation_that_is_erased_or_never_was_is_not_found(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    case = await cases.new()
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    rows("DELETE FROM conversation WHERE id = %s", case.conversation)
    for path in (case.path, f"{case.path}/live", "/desk/cases/ZZZZ-ZZZZ", "/desk/cases/x'y"):
        await ana.get(path)
        assert ana.status == 404, path


async def test_a_form_without_its_token_is_refused(browsers: Browsers, cases: Cases) -> None:
    case = await cases.new()
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    await ana.post(f"{case.path}/claim", handoff=str(case.handoff))
    assert ana.status == 403
    assert (await case.row())["state"] == "waiting"


async def test_a_long_conversation_shows_its_end_and_on_request_all(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new()
    for number in range(205):
        await case.hears(f"message number {number} of many")
    ana = await browsers.member("counsellor")
    await ana.get(case.path)
    assert "message number 0 of" not in ana.text and "message number 204 of" in ana.text
    assert "Show the whole conversation" in ana.text
    await ana.get(f"{case.path}?all=1")
    assert "message number 0 of" in ana.text
    assert datetime.now(timezone.utc) > (await case.row())["opened_at"]
