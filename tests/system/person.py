"""A person who types at the web chat, over its HTTP interface."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

from aiohttp import ClientResponse, ClientSession

Message = dict[str, Any]
ANSWER_SECONDS = 60.0
_PAUSE = 0.05


class Person:
    """Holds a key, writes, and reads what comes."""

    def __init__(self, session: ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self.token = token
        self.last: Message = {}

    @classmethod
    async def arrive(cls, session: ClientSession, url: str, **body: Any) -> Person:
        async with session.post(f"{url}/chat/conversations", json=body) as answer:
            assert answer.status == 201, await answer.text()
            return cls(session, url, (await answer.json())["token"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, data: bytes | None = None, **body: Any) -> ClientResponse:
        """One call of POST /chat/messages, its body read."""
        body.setdefault("id", str(uuid.uuid4()))
        content = {"json": body} if data is None else {"data": data}
        async with self._session.post(
            f"{self._url}/chat/messages", headers=self.headers, **content
        ) as answer:
            await answer.read()
            return answer

    async def send(self, **body: Any) -> int:
        """Write or choose; give the message's seq."""
        answer = await self.post(**body)
        assert answer.status == 202, await answer.text()
        return int((await answer.json())["seq"])

    async def get_messages(self, after: int | str) -> ClientResponse:
        """One call of GET /chat/messages, its body read."""
        async with self._session.get(
            f"{self._url}/chat/messages", params={"after": after}, headers=self.headers
        ) as answer:
            await answer.read()
            return answer

    async def messages(self, after: int = 0) -> list[Message]:
        answer = await self.get_messages(after)
        assert answer.status == 200, await answer.text()
        return [each for each in await answer.json() if each["kind"] == "message"]

    async def hear(self, after: int, seconds: float = ANSWER_SECONDS) -> Message:
        """Wait for the bot's message after a seq."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            said = [m for m in await self.messages(after) if m["author"] == "bot"]
            if said:
                self.last = said[0]
                return said[0]
            await asyncio.sleep(_PAUSE)
        raise AssertionError(f"the bot said nothing to message {after}")

    async def say(self, text: str) -> Message:
        """Write a text; give the answer."""
        return await self.hear(await self.send(text=text))

    async def choose(self, choice: str) -> Message:
        return await self.hear(await self.send(choice=choice))

    async def assert_one_answer_each(self) -> None:
        """Whoever writes is answered with exactly one message, and nothing else comes."""
        authors = [message["author"] for message in await self.messages()]
        assert authors == ["person", "bot"] * (len(authors) // 2), authors
        numbers = [message["seq"] for message in await self.messages()]
        assert numbers == list(range(1, len(numbers) + 1)), numbers


def question_of(message: Message) -> str | None:
    """The name of the interview's question in a message, if it asks one."""
    asked = [name for name in message["names"] if name.startswith("utter_ask_")]
    assert len(asked) <= 1, f"two questions in one message: {message['names']}"
    return asked[0] if asked else None


def rows_of(message: Message) -> dict[str, list[str]]:
    """The rows of a message's findings by the word for the person."""
    found: dict[str, list[str]] = {}
    for finding in message["findings"]:
        found.setdefault(finding["person"], []).append(finding["row"])
    return found
