"""A person at the web chat, for tests: writes, chooses, and waits for answers."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient


class Person:
    """Holds a key and talks over the JSON calls."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client = client
        self.token = token

    @classmethod
    async def arrive(cls, client: TestClient, **body: Any) -> Person:
        answer = await client.post("/chat/conversations", json=body)
        assert answer.status == 201, await answer.text()
        token = (await answer.json())["token"]
        # The person is told apart by the key alone.
        client.session.cookie_jar.clear()
        return cls(client, token)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, **body: Any) -> ClientResponse:
        body.setdefault("id", str(uuid.uuid4()))
        return await self.client.post("/chat/messages", json=body, headers=self.headers)

    async def say(self, text: str) -> int:
        """Write a text; give its seq."""
        answer = await self.post(text=text)
        assert answer.status == 202, await answer.text()
        return int((await answer.json())["seq"])

    async def choose(self, choice: str) -> int:
        answer = await self.post(choice=choice)
        assert answer.status == 202, await answer.text()
        return int((await answer.json())["seq"])

    async def messages(self, after: int = 0) -> list[dict[str, Any]]:
        answer = await self.client.get(
            "/chat/messages", params={"after": after}, headers=self.headers
        )
        assert answer.status == 200, await answer.text()
        return list(await answer.json())

    async def hears(self, after: int, seconds: float = 10.0, count: int = 1) -> dict[str, Any]:
        """Wait for the bot's message after a seq; with `count`, for that many; give the last."""
        for _ in range(int(seconds * 50)):
            said = [m for m in await self.messages(after) if m.get("author") == "bot"]
            if len(said) >= count:
                return said[-1]
            await asyncio.sleep(0.02)
        raise AssertionError(f"the bot said nothing after {after}")

    async def ask(self, text: str) -> dict[str, Any]:
        """Write a text and wait for its answer."""
        return await self.hears(await self.say(text))


async def assert_error(answer: ClientResponse, status: int, code: str) -> None:
    """The one shape of an error, with no key or text in it."""
    assert answer.status == status, await answer.text()
    body = await answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["code"] == code
