"""One turn of the bot: Rasa's answer read and merged into one message.

The shape of the answer is the contract in `docs/architecture.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversations.handoff import HandoffRequest
from bot.conversations.message import Choice, Outbound

PARAGRAPH = "\n\n"


@dataclass(frozen=True)
class Said:
    """One utterance: of Rasa, or of the gateway in a response's words."""

    text: str
    name: str | None = None
    choices: tuple[Choice, ...] = ()
    numbered: bool = True
    links: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def from_mapping(cls, said: Mapping[str, Any]) -> Said:
        """Read one message of Rasa's answer."""
        return cls(
            text=str(said.get("text") or "").strip(),
            name=said.get("name"),
            choices=tuple(_choice(choice) for choice in said.get("choices") or ()),
            numbered=said.get("numbered") is not False,
            links=tuple(dict(link) for link in said.get("links") or ()),
        )


@dataclass(frozen=True)
class Turn:
    """What one turn leads to; a turn without utterances is an explicit "no reply"."""

    said: tuple[Said, ...] = ()
    language: str | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    handoff: HandoffRequest | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    erase: bool = False
    intent: str | None = None
    confidence: float | None = None

    @classmethod
    def from_answer(cls, answer: Any) -> Turn:
        """Read Rasa's answer.

        Raises:
            ValueError: If it is not the answer that was agreed on.
        """
        if not isinstance(answer, Mapping) or not isinstance(answer.get("messages"), list):
            raise ValueError("the answer has no list of messages")
        custom = answer.get("custom") or {}
        try:
            return cls(
                said=tuple(Said.from_mapping(message) for message in answer["messages"]),
                language=custom.get("language"),
                findings=tuple(dict(finding) for finding in custom.get("findings") or ()),
                handoff=_handoff(custom.get("handoff")),
                facts=dict(custom.get("facts") or {}),
                erase=custom.get("erase") is True,
                intent=answer.get("intent"),
                confidence=answer.get("confidence"),
            )
        except (AttributeError, KeyError, TypeError) as error:
            # Without the cause: its text may repeat what a person said.
            raise ValueError(f"the answer is malformed ({type(error).__name__})") from None


def merge(
    said: Sequence[Said],
    language: str,
    direction: str,
    findings: Sequence[Mapping[str, Any]] = (),
    asks: bool = True,
) -> Outbound | None:
    """Make one message of a turn's utterances; None if nothing was said.

    The texts stand in order with a blank line between them; the choices are those of the
    last utterance that has any.
    """
    if not said:
        return None
    last = next((one for one in reversed(said) if one.choices), None)
    return Outbound(
        text=PARAGRAPH.join(one.text for one in said if one.text),
        choices=last.choices if last else (),
        numbered=last.numbered if last else said[-1].numbered,
        links=_distinct(link for one in said for link in one.links),
        names=tuple(one.name for one in said if one.name),
        findings=tuple(findings),
        language=language,
        direction=direction,
        asks=asks,
    )


def _distinct(links: Any) -> tuple[Mapping[str, str], ...]:
    by_address = {link.get("url"): link for link in links}
    return tuple(by_address.values())


def _choice(choice: Mapping[str, Any]) -> Choice:
    return Choice(
        title=str(choice["title"]),
        payload=str(choice.get("payload") or choice["title"]),
        description=choice.get("description") or None,
    )


def _handoff(payload: Mapping[str, Any] | None) -> HandoffRequest | None:
    return HandoffRequest.from_payload(payload) if payload else None
