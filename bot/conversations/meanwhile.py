"""What the bot still does while a counsellor has the conversation: pure.

Danger is heard, deleting and the language work, a word leads back to the bot. Nothing else is
answered, so that never two answer one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from bot.conversations.handoff_states import Standing
from bot.conversations.message import Inbound, Outbound, Question
from bot.conversations.routing import KeepKey, Nothing, Route, TooLong, ToRasa

# Beginnings of the names of all that may be said beside a counsellor: emergency numbers,
# deleting, the language, whether the chat is kept, what was cut, and where the handoff stands.
_SAID = (
    "utter_safety",
    "utter_confirm_erasure",
    "utter_erased",
    "utter_erasure_",
    "utter_language_",
    "utter_ask_language",
    "utter_key_",
    "utter_sorry_too_long",
    "utter_handoff_person_back",
)
# This one leads on in the interview.
_NOT_SAID = frozenset({"utter_safety_end"})
_TO_RASA = frozenset({"delete", "language"})
_SAFETY = "utter_safety"


class Meanwhile(Enum):
    """The way of one message while a counsellor has the conversation."""

    AS_USUAL = "as_usual"
    DANGER = "danger"
    BACK_TO_BOT = "back_to_bot"
    LEFT_TO_AGENT = "left_to_agent"


def route_meanwhile(
    way: Route, inbound: Inbound, question: Question | None, signal: str | None, standing: Standing
) -> Meanwhile:
    """Decide the way of a message while a counsellor has the conversation.

    Args:
        way: Where it would go without the counsellor.
        inbound: The message.
        question: The bot's newest question.
        signal: The kind of the safety word found in the text, if any.
        standing: Where the conversation stands.
    """
    if isinstance(way, (TooLong, KeepKey, Nothing)):
        return Meanwhile.AS_USUAL
    if signal == "danger":
        return Meanwhile.DANGER
    if not isinstance(way, ToRasa):
        return Meanwhile.LEFT_TO_AGENT
    if signal in _TO_RASA or _answers_meanwhile_question(way, inbound, question, standing):
        return Meanwhile.AS_USUAL
    return Meanwhile.BACK_TO_BOT if signal == "menu" else Meanwhile.LEFT_TO_AGENT


def _answers_meanwhile_question(
    way: ToRasa, inbound: Inbound, question: Question | None, standing: Standing
) -> bool:
    """Tell whether a message answers "shall I delete it?" or "which language?".

    Words count as the answer only if nothing was said since: a "yes" after the counsellor's
    own question is for the counsellor.
    """
    if question is None or question.answered or not may_be_said(question.body.get("names", ())):
        return False
    if inbound.choice is not None:
        return way.payload is not None
    return question.seq == standing.last_outbound


def may_be_said(names: Iterable[str | None]) -> bool:
    """Tell whether all these responses may be said beside a counsellor."""
    named = list(names)
    return bool(named) and all(
        name is not None and name.startswith(_SAID) and name not in _NOT_SAID for name in named
    )


def said_beside(messages: Sequence[Outbound], standing: Standing) -> list[Outbound]:
    """Keep of a turn's messages what may be said beside a counsellor.

    The emergency numbers are given once in a handoff.
    """
    told = "danger" in standing.reasons
    return [
        message
        for message in messages
        if message.kind != "message"
        or (may_be_said(message.names) and not (told and _is_safety(message)))
    ]


def _is_safety(message: Outbound) -> bool:
    return all(name.startswith(_SAFETY) for name in message.names)
