"""What the gateway says of voice notes, pictures, maps and cards."""

from __future__ import annotations

import uuid

from bot.conversations.message import Conversation, Question
from bot.gateway.answers import Answers
from bot.gateway.voice import Voice
from bot.i18n import Catalogs
from bot.settings import PROJECT

ANSWERS = Answers(Voice(PROJECT / "domain.yml", Catalogs()))
CONVERSATION = Conversation(
    id=uuid.uuid4(), channel="web", language="ro", hint_language=None, keep_key=None, seq=4
)
QUESTION = Question(
    seq=4,
    body={
        "text": "Soția dvs. este în Turcia.\n\nCe protecție aveți?",
        "choices": [{"title": "Refugiat"}, {"title": "Altceva"}],
        "names": ["utter_ask_sponsor_status"],
    },
    payloads=["/inform{1}", "/inform{2}"],
)


def test_the_first_voice_note_opens_a_handoff_and_the_next_only_adds_to_it() -> None:
    first = ANSWERS.kept(CONVERSATION, "voice", opens=True)
    assert first.messages[0].names == ("utter_kept_voice", "utter_handoff_opened")
    assert first.handoff is not None
    assert (first.handoff.reason, first.handoff.priority) == ("voice", "normal")
    later = ANSWERS.kept(CONVERSATION, "voice", opens=False)
    assert later.messages[0].names == ("utter_kept_voice",)
    assert later.handoff == first.handoff


def test_an_open_question_is_asked_once_more_below_the_notice() -> None:
    for closing in (
        ANSWERS.kept(CONVERSATION, "image", question=QUESTION),
        ANSWERS.unreadable(CONVERSATION, "location", QUESTION),
    ):
        [message] = closing.messages
        assert message.text.endswith("\n\nCe protecție aveți?")
        assert "Turcia" not in message.text
        assert message.asks
        assert message.payloads() == ["/inform{1}", "/inform{2}"]
        assert message.names[-1] == "utter_ask_sponsor_status"


def test_a_question_that_was_answered_is_not_asked_again() -> None:
    answered = Question(4, QUESTION.body, QUESTION.payloads, answered=True)
    [message] = ANSWERS.unreadable(CONVERSATION, "contacts", answered).messages
    assert message.names == ("utter_unreadable_contacts",)
    assert not message.asks
