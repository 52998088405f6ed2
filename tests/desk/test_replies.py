"""Replies: typed or prepared, to one person once, in the counsellor's name."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.canned import canned_replies, canned_values
from bot.gateway.handing_over import CANNED
from bot.gateway.server import make_voice
from bot.gateway.voice import LAST_RESORT
from tests.desk.browser import Browsers, Member
from tests.desk.cases import Case, Cases, act


@pytest.fixture
def cases(spoken: Browsers) -> Cases:
    return Cases.at(spoken.server)


async def holder(spoken: Browsers, case: Case, **who: str) -> Member:
    """Let Ana take a conversation."""
    ana = await spoken.member("counsellor", name="Ana Pop", **who)
    await act(ana, case, "claim")
    assert ana.status == 303
    await ana.get(case.path)
    return ana


async def said_by_agent(case: Case) -> list[dict[str, Any]]:
    return [body for body in await case.heard() if body.get("author") == "agent"]


async def test_a_typed_reply_arrives_in_the_counsellors_name(
    spoken: Browsers, cases: Cases
) -> None:
    case = await cases.new(language="ar")
    ana = await holder(spoken, case)
    await ana.submit(f"{case.path}/reply", text="  Good morning.\nHow are you?  ")
    assert (ana.status, ana.location) == (303, case.path)
    [body] = await said_by_agent(case)
    assert (body["agent"], body["text"]) == ("Ana", "Good morning.\nHow are you?")
    assert (body["direction"], body["choices"]) == ("ltr", [])
    await ana.get(case.path)
    assert "Good morning." in ana.text


async def test_the_same_form_sent_twice_is_one_message(spoken: Browsers, cases: Cases) -> None:
    case = await cases.new()
    ana = await holder(spoken, case)
    hidden = {**ana.hidden(), "handoff": str(case.handoff), "key": "one-form"}
    for _ in range(2):
        await ana.post(f"{case.path}/reply", **hidden, text="once")
        assert ana.status == 303
    assert len(await said_by_agent(case)) == 1


async def test_what_cannot_be_sent_stays_in_the_field(spoken: Browsers, cases: Cases) -> None:
    case = await cases.new()
    ana = await holder(spoken, case)
    ion = await spoken.member("counsellor", name="Ion Rus")
    await act(ana, case, "transfer", to=str(ion.account.id))
    await act(ana, case, "reply", text="I was about to say", key="k")
    assert ana.status == 409
    assert "Ion has this conversation." in ana.text
    assert await said_by_agent(case) == []
    await act(ion, case, "reply", text="x" * 5000, key="k")
    assert ion.status == 409
    assert "too long" in ion.text
    assert "x" * 5000 in ion.page


async def test_a_prepared_reply_is_seen_in_both_languages_and_sent_in_the_persons(
    spoken: Browsers, cases: Cases
) -> None:
    case = await cases.new(language="ar")
    ana = await holder(spoken, case, language="ro")
    voice = make_voice()
    name = "utter_reply_which_family"
    read, sent = voice.say(name, "ro").text, voice.say(name, "ar").text
    assert read != sent
    assert read in ana.text and sent in ana.text
    await ana.submit(f"{case.path}/canned", name=name)
    assert ana.status == 303
    [body] = await said_by_agent(case)
    assert (body["text"], body["language"], body["direction"]) == (sent, "ar", "rtl")
    assert body["agent"] == "Ana"


async def test_gaps_of_a_prepared_reply_are_filled(spoken: Browsers, cases: Cases) -> None:
    case = await cases.new(language="en")
    ana = await holder(spoken, case)
    await act(ana, case, "canned", name="utter_reply_call_us", key="a")
    await act(ana, case, "canned", name="utter_reply_hello", key="b")
    call, hello = await said_by_agent(case)
    assert case.reference in call["text"]
    assert "Ana" in hello["text"]


async def test_only_replies_can_be_sent_as_replies(spoken: Browsers, cases: Cases) -> None:
    case = await cases.new()
    ana = await holder(spoken, case)
    for name in ("utter_safety", "utter_reply_nothing", ""):
        await act(ana, case, "canned", name=name, key="k")
        assert ana.status == 409, name
    assert await said_by_agent(case) == []


@pytest.mark.parametrize("language", ["en", "ro", "ar"])
def test_every_prepared_reply_can_be_said(language: str) -> None:
    voice = make_voice()
    replies = canned_replies(voice, "ro", language, canned_values("Ana", "AB12-CD34"))
    assert [reply.name for reply in replies] == voice.names(CANNED)
    assert len(replies) >= 15
    for reply in replies:
        assert LAST_RESORT not in (reply.read, reply.sent)
        assert "{" not in reply.sent


async def test_nobody_writes_where_the_bot_answers(spoken: Browsers, cases: Cases) -> None:
    case = await cases.new()
    ana = await spoken.member("counsellor")
    assert 'name="text" required maxlength' not in (await ana.get(case.path)).split('id="reply"')[1]
    await act(ana, case, "reply", text="hello", key="k")
    assert ana.status == 409
    assert "Nobody has this conversation. Take it first." in ana.text
    assert await said_by_agent(case) == []
