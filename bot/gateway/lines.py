"""The lines: for each channel that messages are carried to, how that is done there.

`Sending` and `Presence` know a line by its channel's name only; this module joins a channel's
own parts (limits, words, templates, client) into one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.channels.whatsapp.client import Address, Client
from bot.channels.whatsapp.parts import Part, Template
from bot.channels.whatsapp.policy import TEMPLATE_MISSING, class_of, pause_seconds
from bot.channels.whatsapp.render import Words, plain, render
from bot.channels.whatsapp.templates import ENGLISH, Say, Templates
from bot.errors import SendFailed, SendRefused

WAITING = "answer_waiting"
"""The template that says that an answer waits."""
CHOOSE = "utter_choose"
"""The response whose text stands on the button that opens a list."""


class Line(Protocol):
    """One channel's way to a person. Parts and addresses are the channel's own."""

    def render(self, body: Mapping[str, Any], seq: int) -> Sequence[Any]:
        """Make the parts of a stored message."""

    def template(self, language: str) -> Any:
        """Give the part that says that an answer waits, when free text is not taken."""

    def other_form(self, part: Any, failure: SendFailed) -> Any | None:
        """Give another form of a part that was refused; None if there is none."""

    def address(self, names: Mapping[str, str]) -> Any | None:
        """Give whom to send to, of the names that are known."""

    def failure(self, code: int | None) -> SendFailed:
        """Give the error that a code means."""

    def pause_seconds(self, failure: SendFailed) -> float:
        """Give how long the channel keeps silent after an error that holds it."""

    async def send(self, address: Any, part: Any, key: str) -> str:
        """Send one part; give the channel's id of it or raise a `SendFailed`."""

    async def show_typing(self, external_id: str) -> None:
        """Show the sender of a message that it was read and is being answered."""


Lines = Mapping[str, Line]


class WhatsAppLine:
    """WhatsApp.

    Args:
        client: Opened and closed by its owner.
        say: Says a response in a language (`Voice.say`).
    """

    def __init__(self, client: Client, say: Say) -> None:
        self._client = client
        self._say = say
        self._templates = Templates()

    def render(self, body: Mapping[str, Any], seq: int) -> Sequence[Part]:
        """Make the bubbles of a stored message."""
        language = str(body.get("language") or ENGLISH)
        return render(body, seq, Words(choose=self._say(CHOOSE, language).text))

    def template(self, language: str) -> Part:
        """Give the approved sentence in a language."""
        return self._templates.part(WAITING, language)

    def other_form(self, part: Part, failure: SendFailed) -> Part | None:
        """Give English for a template that is not approved, text for buttons that are refused."""
        if not isinstance(failure, SendRefused):
            return None
        if isinstance(part, Template):
            english = self.template(ENGLISH)
            missing = failure.provider_code == TEMPLATE_MISSING
            return english if missing and part != english else None
        other = plain(part)
        return other if other != part else None

    def address(self, names: Mapping[str, str]) -> Address | None:
        """Give the number if it is known, else the user id."""
        phone, user_id = names.get("phone"), names.get("user_id") or names.get("parent_id")
        return Address(phone, user_id) if phone or user_id else None

    def failure(self, code: int | None) -> SendFailed:
        """Give the error that a code of WhatsApp's means."""
        return class_of(code)(provider_code=code)

    def pause_seconds(self, failure: SendFailed) -> float:
        """Give how long the number keeps silent."""
        return pause_seconds(failure)

    async def send(self, address: Address, part: Part, key: str) -> str:
        """Send one bubble."""
        return await self._client.send(address, part, key)

    async def show_typing(self, external_id: str) -> None:
        """Mark a message read and show that we are writing."""
        await self._client.read_and_type(external_id)
