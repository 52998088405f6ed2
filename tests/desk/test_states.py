"""Every pair of state and event, as a table to read; and what is said beside a counsellor."""

from __future__ import annotations

import uuid

import pytest

from bot.conversations.handoff_states import (
    STEPS,
    Event,
    Refusal,
    Refused,
    Standing,
    State,
    Step,
)
from bot.conversations.meanwhile import Meanwhile, may_be_said, route_meanwhile, said_beside
from bot.conversations.message import Inbound, Outbound, Question
from bot.conversations.routing import KeepKey, Kept, Nothing, Passed, TooLong, ToRasa, route

# One line a pair: where it leads and what the person hears, or why it is refused.
TABLE = """
bot         request         -> waiting
bot         claim           x  not_open
bot         assign          x  not_open
bot         transfer        x  not_open
bot         release         x  not_open
bot         return_to_bot   x  not_open
bot         person_returns  x  not_open
bot         resolve         x  not_open
bot         reopen          -> waiting     utter_handoff_reopened
bot         escalate        x  not_open
bot         erase           -> bot
waiting     request         -> waiting
waiting     claim           -> with_agent  utter_handoff_joined
waiting     assign          -> with_agent  utter_handoff_joined
waiting     transfer        x  not_taken
waiting     release         x  not_taken
waiting     return_to_bot   x  not_taken
waiting     person_returns  x  not_taken
waiting     resolve         -> closed      utter_handoff_closed
waiting     reopen          x  already_open
waiting     escalate        -> waiting     utter_handoff_still_waiting
waiting     erase           -> bot
with_agent  request         -> with_agent
with_agent  claim           x  already_taken
with_agent  assign          x  already_taken
with_agent  transfer        -> with_agent  utter_handoff_joined
with_agent  release         -> waiting     utter_handoff_left
with_agent  return_to_bot   -> bot         utter_handoff_back_with_bot
with_agent  person_returns  -> waiting     utter_handoff_person_back
with_agent  resolve         -> closed      utter_handoff_closed
with_agent  reopen          x  already_open
with_agent  escalate        -> with_agent  utter_handoff_still_waiting
with_agent  erase           -> bot
closed      request         -> waiting
closed      claim           x  not_open
closed      assign          x  not_open
closed      transfer        x  not_open
closed      release         x  not_open
closed      return_to_bot   x  not_open
closed      person_returns  x  not_open
closed      resolve         x  not_open
closed      reopen          -> waiting     utter_handoff_reopened
closed      escalate        x  not_open
closed      erase           -> bot
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row[:2]))
def test_a_pair_of_state_and_event_leads_where_the_table_says(row: list[str]) -> None:
    state, event, sign, to, *told = row
    standing = Standing(state=State(state), agent_name="Ana")
    if sign == "x":
        with pytest.raises(Refused) as refused:
            standing.step(Event(event))
        assert (refused.value.reason, refused.value.agent) == (to, "Ana")
    else:
        assert standing.step(Event(event)) == Step(State(to), told[0] if told else None)


def test_no_pair_is_missing_and_none_stands_twice() -> None:
    pairs = [(State(row[0]), Event(row[1])) for row in ROWS]
    assert len(pairs) == len(set(pairs)) == len(State) * len(Event)
    assert set(pairs) == set(STEPS)


def test_whatever_changes_who_answers_is_told_to_the_person() -> None:
    silent = {
        (state, event)
        for (state, event), step in STEPS.items()
        if isinstance(step, Step) and step.tells is None
    }
    # The dialogue tells of a request, the receipt of an erasure.
    assert {event for _, event in silent} == {Event.REQUEST, Event.ERASE}


def test_from_every_state_a_person_can_be_asked_for_and_everything_can_be_deleted() -> None:
    for state in State:
        for event in (Event.REQUEST, Event.ERASE):
            assert not isinstance(STEPS[state, event], Refusal)


# ---- The way of a message while a counsellor has the conversation ----
AGENT = uuid.uuid4()
CONFIRM = Question(
    seq=8,
    body={
        "choices": [{"title": "Yes, delete it"}, {"title": "No"}],
        "names": ["utter_confirm_erasure"],
    },
    payloads=["/affirm", "/deny"],
)
INTERVIEW = Question(
    seq=8,
    body={"choices": [{"title": "Refugee"}], "names": ["utter_ask_sponsor_status"]},
    payloads=["/inform{1}"],
)


def way_of(
    text: str = "",
    question: Question | None = None,
    signal: str | None = None,
    last: int = 8,
    **more: object,
) -> Meanwhile:
    inbound = Inbound(id=1, conversation=uuid.uuid4(), text=text, **more)  # type: ignore[arg-type]
    standing = Standing(State.WITH_AGENT, 1, agent=AGENT, last_outbound=last)
    way = route(inbound, question, signal)
    return route_meanwhile(way, inbound, question, signal, standing)


def test_what_a_person_writes_is_for_the_counsellor() -> None:
    assert way_of("my wife is in Turkey") is Meanwhile.LEFT_TO_AGENT
    assert way_of("a person please", signal="human") is Meanwhile.LEFT_TO_AGENT
    assert way_of("", kind="voice") is Meanwhile.LEFT_TO_AGENT
    assert way_of("", kind="location") is Meanwhile.LEFT_TO_AGENT


def test_danger_deleting_the_language_and_the_way_back_work_beside_a_counsellor() -> None:
    assert way_of("he beats me", signal="danger") is Meanwhile.DANGER
    assert way_of("look", signal="danger", kind="image") is Meanwhile.DANGER
    assert way_of("delete", signal="delete") is Meanwhile.AS_USUAL
    assert way_of("romanian", signal="language") is Meanwhile.AS_USUAL
    assert way_of("menu", signal="menu") is Meanwhile.BACK_TO_BOT
    assert way_of("keep", signal="keep") is Meanwhile.AS_USUAL
    assert way_of("", kind="tap") is Meanwhile.AS_USUAL


def test_the_answer_to_shall_i_delete_counts_in_words_until_something_else_is_said() -> None:
    assert way_of("yes", CONFIRM) is Meanwhile.AS_USUAL
    assert way_of("yes", CONFIRM, last=9) is Meanwhile.LEFT_TO_AGENT
    assert way_of("1", CONFIRM, last=9) is Meanwhile.LEFT_TO_AGENT
    assert way_of("", CONFIRM, last=9, choice="8-1") is Meanwhile.AS_USUAL
    answered = Question(CONFIRM.seq, CONFIRM.body, CONFIRM.payloads, answered=True)
    assert way_of("yes", answered) is Meanwhile.LEFT_TO_AGENT


def test_a_choice_of_the_interview_is_not_taken_beside_a_counsellor() -> None:
    assert way_of("", INTERVIEW, choice="8-1") is Meanwhile.LEFT_TO_AGENT
    assert way_of("Refugee", INTERVIEW) is Meanwhile.LEFT_TO_AGENT
    assert way_of("", INTERVIEW, choice="3-1") is Meanwhile.LEFT_TO_AGENT


@pytest.mark.parametrize("way", [TooLong(), KeepKey(True), Nothing()])
def test_what_is_answered_at_the_door_is_answered_as_usual(way: object) -> None:
    inbound = Inbound(id=1, conversation=uuid.uuid4(), text="x")
    standing = Standing(State.WITH_AGENT, 1)
    found = route_meanwhile(way, inbound, None, None, standing)  # type: ignore[arg-type]
    assert found is Meanwhile.AS_USUAL


def test_danger_is_heard_even_in_the_caption_of_a_picture_and_on_a_passed_choice() -> None:
    inbound = Inbound(id=1, conversation=uuid.uuid4(), text="x")
    for way in (Passed(), Kept("image", ToRasa("x"))):
        found = route_meanwhile(way, inbound, None, "danger", Standing(State.WITH_AGENT, 1))
        assert found is Meanwhile.DANGER


def test_beside_a_counsellor_only_some_sentences_may_be_said() -> None:
    assert may_be_said(["utter_safety_abroad"])
    assert may_be_said(["utter_confirm_erasure"])
    assert may_be_said(["utter_language_changed"])
    for name in ("utter_ask_sponsor_status", "utter_safety_end", "utter_handoff_opened", None):
        assert not may_be_said([name])
    assert not may_be_said(["utter_language_changed", "utter_ask_sponsor_status"])
    assert not may_be_said([])


def test_the_emergency_numbers_are_given_once_in_a_handoff() -> None:
    safety = Outbound(text="Call 112.", names=("utter_safety",))
    status = Outbound(kind="status", extra={"keep_key": True})
    fresh = Standing(State.WITH_AGENT, 1, reasons=("asked",))
    told = Standing(State.WITH_AGENT, 1, reasons=("asked", "danger"))
    assert said_beside([safety, status], fresh) == [safety, status]
    assert said_beside([safety, status], told) == [status]
