from __future__ import annotations

import uuid

import pytest

from bot.conversations.handoff import PRIORITIES, HandoffRequest, more_urgent, reference_of
from bot.conversations.message import Inbound, Question
from bot.conversations.routing import (
    KeepKey,
    Kept,
    Nothing,
    Passed,
    Route,
    TooLong,
    ToRasa,
    Unreadable,
    route,
)
from bot.conversations.turn import Said, Turn, merge

QUESTION = Question(
    seq=4,
    body={"choices": [{"title": "Refugee"}, {"title": "Visitor"}], "numbered": True},
    payloads=["/inform{1}", "/inform{2}"],
)


def way(text: str = "", question: Question | None = QUESTION, **more: object) -> Route:
    signal = more.pop("signal", None)
    inbound = Inbound(id=1, conversation=uuid.uuid4(), text=text, **more)  # type: ignore[arg-type]
    return route(inbound, question, signal)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["2", "٢", "۲", "২", "2.", "visitor", "VISITOR "])
def test_a_typed_number_or_title_is_the_choice(text: str) -> None:
    assert way(text) == ToRasa(text, "/inform{2}")


@pytest.mark.parametrize("text", ["3", "0", "22", "visit", "2 visitors"])
def test_what_is_not_on_offer_is_a_text(text: str) -> None:
    assert way(text) == ToRasa(text)


def test_where_a_number_is_an_answer_it_is_no_choice_but_a_title_is() -> None:
    question = Question(4, {**QUESTION.body, "numbered": False}, QUESTION.payloads)
    assert way("2", question) == ToRasa("2")
    assert way("visitor", question) == ToRasa("visitor", "/inform{2}")


def test_only_the_current_questions_choices_are_valid() -> None:
    assert way("Visitor", choice="4-2") == ToRasa("Visitor", "/inform{2}")
    for stale in ("3-2", "5-1", "4-3", "4-0", "x"):
        assert way(choice=stale) == Passed()
    assert way(choice="4-1", question=None) == Passed()


def test_a_choice_counts_once() -> None:
    answered = Question(4, QUESTION.body, QUESTION.payloads, answered=True)
    assert way(choice="4-1", question=answered) == Passed()
    assert way("1", question=answered) == ToRasa("1")


def test_words_about_the_key_are_answered_at_the_door() -> None:
    assert way("keep it", signal="keep") == KeepKey(True)
    assert way("do not", signal="forget") == KeepKey(False)
    assert way("help", signal="danger") == ToRasa("help")


def test_a_long_text_does_not_go_to_rasa() -> None:
    assert way("x" * 4096, too_long=True) == TooLong()


def test_a_turn_becomes_one_message_with_the_last_choices() -> None:
    answer = {
        "messages": [
            {"name": "utter_a", "text": "A", "choices": [{"title": "old", "payload": "/o"}]},
            {"name": "utter_b", "text": "B", "choices": [{"title": "new", "payload": "/n"}],
             "numbered": False, "links": [{"title": "T", "url": "https://x.example"}]},
            {"name": "utter_c", "text": "C"},
        ],
        "custom": {"findings": [{"person": "wife", "row": "B1"}]},
    }  # fmt: skip
    turn = Turn.from_answer(answer)
    message = merge(turn.said, "ar", "rtl", turn.findings)
    assert message is not None
    body = message.body()
    assert body["text"] == "A\n\nB\n\nC"
    assert body["choices"] == [{"title": "new"}]
    assert message.payloads() == ["/n"]
    assert body["numbered"] is False
    assert body["names"] == ["utter_a", "utter_b", "utter_c"]
    assert (body["language"], body["direction"]) == ("ar", "rtl")
    assert body["findings"] == [{"person": "wife", "row": "B1"}]
    assert "payload" not in str(body)


def test_a_turn_without_words_is_an_explicit_no_reply() -> None:
    assert merge(Turn.from_answer({"messages": [], "custom": {}}).said, "en", "ltr") is None


MALFORMED: list[object] = [
    None,
    [],
    {},
    {"messages": {}},
    {"messages": ["x"]},
    {"messages": [{"choices": [{}]}]},
    {"messages": [], "custom": 3},
    {"messages": [], "custom": {"handoff": {"reason": "x"}}},
]


@pytest.mark.parametrize("answer", MALFORMED)
def test_an_answer_of_another_shape_is_no_answer(answer: object) -> None:
    with pytest.raises(ValueError, match="."):
        Turn.from_answer(answer)


def test_the_gateway_and_the_actions_tell_a_person_the_same_number() -> None:
    handover = pytest.importorskip("actions.handover")
    for _ in range(20):
        conversation = uuid.uuid4()
        assert reference_of(conversation) == handover.reference(str(conversation))


def test_a_handoff_becomes_only_more_urgent() -> None:
    for place, priority in enumerate(PRIORITIES):
        for other in PRIORITIES[place:]:
            assert more_urgent(priority, other) == more_urgent(other, priority) == priority


def test_an_unknown_priority_is_normal() -> None:
    request = HandoffRequest.from_payload({"reference": "R", "reason": "x", "priority": "huge"})
    assert request.priority == "normal"


def test_links_stand_once() -> None:
    link = {"title": "T", "url": "https://x.example"}
    message = merge([Said("a", links=(link,)), Said("b", links=(link,))], "en", "ltr")
    assert message is not None
    assert message.links == (link,)


@pytest.mark.parametrize("kind", ["voice", "audio", "image", "video", "document"])
def test_what_cannot_be_heard_or_seen_is_kept_and_its_caption_answered(kind: str) -> None:
    assert way(kind=kind) == Kept(kind)
    assert way("/restart", kind=kind) == Kept(kind, ToRasa("restart"))


def test_a_map_or_a_card_is_asked_for_in_words() -> None:
    for kind in ("location", "contacts", "order", "sticker", "unsupported"):
        assert way(kind=kind) == Unreadable(kind)


def test_a_tap_that_only_opens_the_window_is_not_answered() -> None:
    assert way("Read the answer", kind="tap") == Nothing()


def test_who_opens_the_chat_without_a_word_is_greeted() -> None:
    assert way(kind="start") == ToRasa("", "/greet")


def test_without_a_key_nobody_speaks_of_keeping_it() -> None:
    inbound = Inbound(id=1, conversation=uuid.uuid4(), text="keep it")
    assert route(inbound, None, "keep", has_key=False) == ToRasa("keep it")
