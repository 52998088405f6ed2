"""A person on WhatsApp, over the stand-in's HTTP calls: says, taps, hears."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

Bubble = dict[str, Any]
ANSWER_SECONDS = 60.0
# An answer of several bubbles comes one after another.
QUIET_SECONDS = 0.6
_PAUSE = 0.05


@dataclass(frozen=True)
class Option:
    """Something that can be tapped: a button or a list's row."""

    message: str
    kind: str
    id: str
    title: str
    description: str = ""

    @property
    def words(self) -> str:
        """All that stands on it."""
        return f"{self.title} {self.description}".strip()


class Heard:
    """What the business wrote in one go."""

    def __init__(self, bubbles: list[Bubble]) -> None:
        self.bubbles = bubbles

    @property
    def text(self) -> str:
        return "\n\n".join(bubble["text"] for bubble in self.bubbles if bubble["text"])

    @property
    def options(self) -> list[Option]:
        return [option for bubble in self.bubbles for option in _options(bubble)]

    @property
    def links(self) -> list[str]:
        buttons = [button for bubble in self.bubbles for button in bubble["buttons"]]
        return [button["url"] for button in buttons if button["kind"] == "url"]

    def option(self, words: str) -> Option:
        """The option on which these words stand."""
        found = [option for option in self.options if words in option.words]
        assert len(found) == 1, f"{words}: {[option.words for option in self.options]}"
        return found[0]


class PhonePerson:
    """Holds a phone of the stand-in."""

    def __init__(self, session: ClientSession, url: str, identity: str) -> None:
        self._session = session
        self._url = url
        self.id = identity

    @classmethod
    async def arrive(
        cls, session: ClientSession, url: str, name: str = "Samir", **given: Any
    ) -> PhonePerson:
        """Somebody new; without a `phone` a user id is all that the business sees."""
        async with session.post(f"{url}/phone/people", json={"name": name, **given}) as answer:
            assert answer.status == 201, await answer.text()
            return cls(session, url, (await answer.json())["id"])

    async def send(self, kind: str, **given: Any) -> str:
        """Send something without waiting for an answer; give its id."""
        async with self._session.post(
            f"{self._url}/phone/people/{self.id}/messages", json={"kind": kind, **given}
        ) as answer:
            assert answer.status == 202, await answer.text()
            return str((await answer.json())["id"])

    async def change(self, **given: Any) -> Bubble:
        """Switch the phone `off`, hide the number, take another one."""
        async with self._session.patch(f"{self._url}/phone/people/{self.id}", json=given) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def screen(self) -> list[Bubble]:
        """Everything on the screen; what failed never got there."""
        async with self._session.get(f"{self._url}/phone/people/{self.id}/messages") as answer:
            return [bubble for bubble in await answer.json() if not bubble["error"]]

    async def after(self, message: str) -> list[Bubble]:
        """What the business wrote since a message."""
        screen = await self.screen()
        at = [bubble["id"] for bubble in screen].index(message)
        return [bubble for bubble in screen[at + 1 :] if bubble["sender"] == "business"]

    async def hear(self, message: str, seconds: float = ANSWER_SECONDS) -> Heard:
        """Wait for the answer to a message, until nothing more comes."""
        ends = time.monotonic() + seconds
        heard: list[Bubble] = []
        quiet_since = time.monotonic()
        while time.monotonic() < ends:
            now = await self.after(message)
            if len(now) > len(heard):
                heard, quiet_since = now, time.monotonic()
            if heard and time.monotonic() - quiet_since > QUIET_SECONDS:
                return Heard(heard)
            await asyncio.sleep(_PAUSE)
        raise AssertionError("no answer came to the phone")

    async def say(self, text: str) -> Heard:
        return await self.hear(await self.send("text", text=text))

    async def tap(self, option: Option) -> Heard:
        return await self.hear(await self.press(option))

    async def press(self, option: Option) -> str:
        """Tap without waiting for an answer; give the id of what that sends."""
        if option.kind == "tap":
            return await self.send("tap", message=option.message, index=int(option.id))
        return await self.send(option.kind, message=option.message, id=option.id)


def _options(bubble: Bubble) -> list[Option]:
    buttons = [button for button in bubble["buttons"] if button["kind"] in {"reply", "tap"}]
    rows = [row for section in bubble["sections"] for row in section["rows"]]
    return [
        *(
            Option(bubble["id"], button["kind"], button.get("id", str(index)), button["title"])
            for index, button in enumerate(buttons)
        ),
        *(
            Option(bubble["id"], "row", row["id"], row["title"], row.get("description", ""))
            for row in rows
        ),
    ]
