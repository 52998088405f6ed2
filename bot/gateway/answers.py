"""What the gateway answers itself: at the door, or because Rasa does not.

Each function gives the closing of one turn; the words stand in the domain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.conversations.handoff import HandoffRequest, reference_of
from bot.conversations.message import Conversation, Outbound, Question
from bot.conversations.text import MAX_CHARACTERS
from bot.conversations.turn import PARAGRAPH, Said, merge
from bot.gateway.expectation import Expectation
from bot.gateway.voice import Voice
from bot.store.turns import Closing

DEFAULT_LANGUAGE = "en"
_KEPT = {
    "voice": "utter_kept_voice",
    "audio": "utter_kept_voice",
    "image": "utter_kept_picture",
    "video": "utter_kept_video",
    "document": "utter_kept_document",
}
_UNREADABLE = {"location": "utter_unreadable_location", "contacts": "utter_unreadable_contacts"}


class Answers:
    """The gateway's own answers, in a conversation's language.

    `opens` is true where the answer opens a handoff that was not open: then the person hears
    when to expect somebody.
    """

    def __init__(self, voice: Voice, expectation: Expectation | None = None) -> None:
        self._voice = voice
        self._expectation = expectation

    def passed(self, conversation: Conversation, question: Question | None) -> Closing:
        """Say that a choice is no longer on offer, and ask the current question again."""
        language = conversation.speaks(DEFAULT_LANGUAGE)
        said = [self._voice.say("utter_question_passed", language)]
        if question is None:
            return Closing("gateway", _some(self._merge(said, language, asks=False)))
        again = Said(
            text=question.body.get("text", ""),
            choices=() if question.answered else tuple(question.choices()),
            numbered=question.numbered,
            links=tuple(question.body.get("links", ())),
        )
        message = self._merge([*said, again], language)
        return Closing("gateway", _some(_named_too(message, question)))

    def too_long(self, conversation: Conversation, in_danger: bool, opens: bool = False) -> Closing:
        """Ask for a shorter text; danger in it is heard all the same."""
        language = conversation.speaks(DEFAULT_LANGUAGE)
        names = ["utter_safety"] if in_danger else []
        values = {"limit": {"number": MAX_CHARACTERS}}
        said = [self._voice.say(name, language) for name in names]
        said.append(self._voice.say("utter_sorry_too_long", language, values))
        said = self._expected(said, language, opens and in_danger)
        message = self._merge(said, language, asks=_has_choices(said))
        handoff = _request(conversation, "danger", "danger") if in_danger else None
        return Closing("gateway", _some(message), handoff=handoff)

    def keep_key(self, conversation: Conversation, keep: bool) -> Closing:
        """Confirm whether the chat stays on this phone; the page acts on the status."""
        language = conversation.speaks(DEFAULT_LANGUAGE)
        name = "utter_key_kept" if keep else "utter_key_forgotten"
        message = self._merge([self._voice.say(name, language)], language, asks=False)
        status = Outbound(kind="status", asks=False, extra={"keep_key": keep})
        return Closing("gateway", (*_some(message), status), keep_key=keep)

    def kept(
        self,
        conversation: Conversation,
        kind: str,
        answer: Closing | None = None,
        opens: bool = False,
        question: Question | None = None,
    ) -> Closing:
        """Say that a picture or a voice note is kept for a counsellor; then go on.

        What follows is the answer to its caption, or else the open question once more.
        """
        language = (answer and answer.language) or conversation.speaks(DEFAULT_LANGUAGE)
        request = _request(conversation, kept_reason(kind), "normal")
        # The caption's own answer says that a handoff is opened, where it opens one.
        opens = opens and (answer is None or answer.handoff is None)
        names = [kept_response(kind), *(["utter_handoff_opened"] if opens else [])]
        values = {"reference": request.reference}
        said = [self._voice.say(name, language, values) for name in names]
        said = self._expected(said, language, opens)
        if answer is None:
            return replace(self._beside(said, language, question), handoff=request)
        notice = self._merge(said, language, asks=False)
        return replace(
            answer,
            messages=_before(notice, answer.messages),
            handoff=answer.handoff or request,
        )

    def unreadable(
        self, conversation: Conversation, kind: str, question: Question | None = None
    ) -> Closing:
        """Ask for words in the place of a map, a card or a sticker."""
        name = _UNREADABLE.get(kind, "utter_unreadable")
        language = conversation.speaks(DEFAULT_LANGUAGE)
        return self._beside([self._voice.say(name, language)], language, question)

    def _beside(self, said: list[Said], language: str, question: Question | None) -> Closing:
        """Answer what came in between, then ask once more what is still open."""
        if question is None or question.answered or not question.payloads:
            return Closing("gateway", _some(self._merge(said, language, asks=False)))
        again = Said(
            # What stood above the question was read when it came.
            text=str(question.body.get("text", "")).rpartition(PARAGRAPH)[2],
            choices=tuple(question.choices()),
            numbered=question.numbered,
        )
        message = self._merge([*said, again], language)
        return Closing("gateway", _some(_named_too(message, question)))

    def danger(self, conversation: Conversation, opens: bool = False) -> Closing:
        """Give the safety text, and a person, while Rasa is down."""
        request = _request(conversation, "danger", "danger")
        names = ["utter_safety", "utter_handoff_opened_urgent"]
        return self._with_person(conversation, request, names, opens)

    def danger_beside(self, conversation: Conversation) -> Closing:
        """Give the safety text while a counsellor has the conversation, who is told of it."""
        language = conversation.speaks(DEFAULT_LANGUAGE)
        message = self._merge([self._voice.say("utter_safety", language)], language, asks=False)
        request = _request(conversation, "danger", "danger")
        return Closing("gateway", _some(message), handoff=request, left_to_agent=True)

    def human(self, conversation: Conversation, opens: bool = False) -> Closing:
        """Give a person, while Rasa is down."""
        request = _request(conversation, "asked", "normal")
        return self._with_person(conversation, request, ["utter_handoff_opened"], opens)

    def failure(self, conversation: Conversation, opens: bool = False) -> Closing:
        """Say sorry, with numbers to call, and give the message to a person."""
        language = conversation.speaks(DEFAULT_LANGUAGE)
        request = _request(conversation, "failure", "normal")
        said = [self._voice.say("utter_sorry_down", language, {"reference": request.reference})]
        said = self._expected(said, language, opens)
        message = self._merge(said, language, asks=_has_choices(said))
        return Closing("failure", _some(message), handoff=request)

    def receipt(self, conversation: Conversation, reference: str) -> Outbound | None:
        """Tell that everything was deleted."""
        language = conversation.speaks(DEFAULT_LANGUAGE)
        values = {"reference": reference, "date": {"date": date.today().isoformat()}}
        return self._merge(
            [self._voice.say("utter_erased", language, values)], language, asks=False
        )

    def _with_person(
        self, conversation: Conversation, request: HandoffRequest, names: list[str], opens: bool
    ) -> Closing:
        language = conversation.speaks(DEFAULT_LANGUAGE)
        values = {"reference": request.reference}
        said = [self._voice.say(name, language, values) for name in names]
        said = self._expected(said, language, opens)
        message = self._merge(said, language, asks=_has_choices(said))
        return Closing("gateway", _some(message), handoff=request)

    def _expected(self, said: list[Said], language: str, opens: bool) -> list[Said]:
        return self._expectation.add(said, language) if self._expectation and opens else said

    def _merge(self, said: list[Said], language: str, asks: bool = True) -> Outbound | None:
        return merge(said, language, self._voice.direction(language), asks=asks)


def kept_response(kind: str) -> str:
    """Name the sentence for a kind of what is kept."""
    return _KEPT.get(kind, "utter_kept_document")


def kept_reason(kind: str) -> str:
    """Name the reason of the handoff that it leads to: `voice`, `picture`, `video`, `document`."""
    return kept_response(kind).removeprefix("utter_kept_")


def _named_too(message: Outbound | None, question: Question) -> Outbound | None:
    """Give a message the names of the question that stands in it once more."""
    if message is None:
        return None
    return replace(message, names=(*message.names, *question.body.get("names", ())))


def _before(notice: Outbound | None, messages: Sequence[Outbound]) -> tuple[Outbound, ...]:
    """Put a notice in front of a turn's first message: one turn is one message."""
    if notice is None or not messages:
        return (*_some(notice), *messages)
    first, *rest = messages
    text = PARAGRAPH.join(text for text in (notice.text, first.text) if text)
    return (replace(first, text=text, names=(*notice.names, *first.names)), *rest)


def _request(conversation: Conversation, reason: str, priority: str) -> HandoffRequest:
    return HandoffRequest(reference_of(conversation.id), reason, priority)


def _has_choices(said: list[Said]) -> bool:
    # Without choices the person's question stays open, to be answered when Rasa is back.
    return any(one.choices for one in said)


def _some(message: Any) -> tuple[Outbound, ...]:
    return (message,) if message else ()
