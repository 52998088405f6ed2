"""The answer is made from a turn's events alone, so that a repeated one is the same."""

from __future__ import annotations

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered

from bot.dialogue.answer import build_answer, is_answered

LISTEN = ActionExecuted("action_listen")


def bot(**data: object) -> BotUttered:
    text = data.pop("text", None)
    metadata = data.pop("metadata", {})
    return BotUttered(text, data, metadata)  # type: ignore[arg-type]


def test_a_turn_that_listens_after_saying_something_is_answered() -> None:
    assert is_answered([UserUttered("x"), ActionExecuted("utter_a"), bot(text="a"), LISTEN])


def test_an_explicit_silence_is_an_answer() -> None:
    assert is_answered([UserUttered("x"), bot(custom={"no_reply": True}), LISTEN])


def test_a_turn_without_words_or_without_its_end_is_not_answered() -> None:
    unfinished: list[list[Event]] = [
        [],
        [UserUttered("x"), LISTEN],
        [UserUttered("x"), bot(text="a")],
        [UserUttered("x"), LISTEN, bot(text="a"), ActionExecuted("utter_a")],
    ]
    assert not any(is_answered(events) for events in unfinished)


def test_payloads_are_merged_lists_grow_and_the_last_value_counts() -> None:
    events = [
        bot(custom={"findings": [{"row": "A1"}], "language": "ro"}),
        bot(custom={"findings": [{"row": "B1"}], "language": "ar", "erase": True}),
    ]
    assert build_answer(events)["custom"] == {
        "language": "ar",
        "findings": [{"row": "A1"}, {"row": "B1"}],
        "handoff": None,
        "facts": None,
        "erase": True,
    }


def test_the_facts_are_those_of_this_turn() -> None:
    before, after = SlotSet("situation", {"a": 1}), SlotSet("situation", {"a": 2})
    heard = UserUttered("x", {"name": "inform"})
    assert build_answer([before, heard, bot(text="one")])["custom"]["facts"] is None
    assert build_answer([heard, after, bot(text="one")])["custom"]["facts"] == {"a": 2}


def test_messages_keep_their_order_and_payloads_are_no_messages() -> None:
    events = [
        UserUttered("x", {"name": "greet", "confidence": 0.5}),
        bot(text="one", metadata={"utter_action": "utter_one"}),
        bot(custom={"no_reply": True}),
        bot(text="two", metadata={"metadata": {"numbered": False}}),
    ]
    answer = build_answer(events)
    assert [message["text"] for message in answer["messages"]] == ["one", "two"]
    assert [message["numbered"] for message in answer["messages"]] == [True, False]
    assert (answer["intent"], answer["confidence"]) == ("greet", 0.5)


def test_links_of_an_action_stand_below_its_last_message() -> None:
    link = {"title": "The law", "url": "https://example.org"}
    answer = build_answer([bot(text="one"), bot(custom={"links": [link]}), bot(text="two")])
    assert [message["links"] for message in answer["messages"]] == [[], [link]]
    assert "links" not in answer["custom"]
