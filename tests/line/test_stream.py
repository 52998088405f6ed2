"""The event stream: live, resumed, ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway import stream as stream_module
from bot.gateway.app import create_app
from bot.settings import Settings
from tests.fakes import VOICE, FakeRasa, spot
from tests.line.person import Person


class Stream:
    """Reads frames."""

    def __init__(self, answer: ClientResponse) -> None:
        self.answer = answer

    async def next(self, seconds: float = 10.0) -> dict[str, Any]:
        """The next event's data; the frame's id is put beside it as `id_line`."""
        return await asyncio.wait_for(self._next(), seconds)

    async def _next(self) -> dict[str, Any]:
        frame: dict[str, str] = {}
        while True:
            line = (await self.answer.content.readline()).decode()
            assert line, "the stream ended"
            if line == "\n" and "data" in frame:
                return {**json.loads(frame["data"]), "id_line": frame.get("id")}
            name, _, value = line.rstrip("\n").partition(": ")
            frame[name] = value


@asynccontextmanager
async def stream(
    person: Person, after: int = 0, client: TestClient | None = None, **headers: str
) -> AsyncIterator[Stream]:
    async with (client or person.client).get(
        f"/chat/events?after={after}", headers={**person.headers, **headers}
    ) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"
        yield Stream(answer)


async def test_a_stream_shows_everything_in_order_then_live(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    person = await Person.arrive(client)
    await person.ask("one")
    fake_rasa.delay = 0.2
    async with stream(person) as events:
        assert [(await events.next())["seq"] for _ in (1, 2)] == [1, 2]
        await person.say("two")
        own = await events.next()
        assert (own["seq"], own["text"], own["id_line"]) == (3, "two", "3")
        assert (await events.next()) == {"kind": "typing", "id_line": None}
        assert (await events.next())["text"] == "echo: two"


async def test_the_sign_of_typing_never_comes_before_what_is_being_answered(
    client: TestClient, fake_rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both come about while the stream is reading, which has not seen the message then."""
    fake_rasa.delay = 1.0
    person = await Person.arrive(client)
    read = stream_module.read_news
    said: list[str] = []

    async def read_slowly(*args: Any) -> Any:
        found = await read(*args)
        if not said:
            said.append("hello")
            await person.say("hello")
            await asyncio.sleep(0.4)
        return found

    monkeypatch.setattr(stream_module, "read_news", read_slowly)
    async with stream(person) as events:
        assert (await events.next()).get("text") == "hello"


async def test_a_stream_is_resumed_where_it_broke(client: TestClient) -> None:
    person = await Person.arrive(client)
    for text in ("one", "two"):
        await person.ask(text)
    async with stream(person, after=1, **{"Last-Event-ID": "3"}) as events:
        assert (await events.next())["seq"] == 4
    async with stream(person, after=2) as events:
        assert (await events.next())["seq"] == 3


async def test_any_gateway_serves_any_stream(
    client: TestClient, settings: Settings, fake_rasa: FakeRasa
) -> None:
    person = await Person.arrive(client)
    other_gateway = TestClient(TestServer(create_app(settings, VOICE, spot)))
    async with other_gateway as other, stream(person, client=other) as events:
        await asyncio.sleep(0.2)
        await person.say("hello")
        assert (await events.next(2))["text"] == "hello"
        seen = await events.next(2)
        while seen["kind"] == "typing":
            seen = await events.next(2)
        assert seen["text"] == "echo: hello"


async def test_a_stream_ends_when_the_conversation_is_erased(client: TestClient) -> None:
    person = await Person.arrive(client)
    async with stream(person) as events:
        await asyncio.sleep(0.1)
        answer = await client.delete("/chat/conversation", headers=person.headers)
        assert answer.status == 200
        assert (await events.next(3))["erased"] is True
        assert await asyncio.wait_for(events.answer.content.read(), 3) == b""


async def test_a_stream_goes_on_with_the_receipt_after_an_erasure_by_words(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    fake_rasa.script["yes delete"] = {"messages": [say_done()], "custom": {"erase": True}}
    person = await Person.arrive(client)
    async with stream(person) as events:
        await person.say("yes delete")
        seen = await events.next()
        while "utter_erased" not in seen.get("names", ()):
            seen = await events.next()
        assert "Everything is deleted" in seen["text"]
    assert [m["seq"] for m in await person.messages()] == [seen["seq"]]


def say_done() -> dict[str, Any]:
    return {"name": "utter_deleting", "text": "Deleting.", "choices": [], "links": []}


async def test_too_many_streams_of_one_person_are_refused(client: TestClient) -> None:
    person = await Person.arrive(client)
    open_streams = [stream(person) for _ in range(10)]
    for one in open_streams:
        await one.__aenter__()
    answer = await client.get("/chat/events", headers=person.headers)
    assert answer.status == 429
    for one in open_streams:
        await one.__aexit__(None, None, None)


async def test_messages_are_seen_in_order_by_a_reader_who_looks_all_the_time(
    client: TestClient,
) -> None:
    person = await Person.arrive(client)
    seen: list[int] = []

    async def watch() -> None:
        while len(seen) < 40:
            seen.extend(m["seq"] for m in await person.messages(seen[-1] if seen else 0))

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(person.say(f"text {n}") for n in range(20)))
    await asyncio.wait_for(watching, 20)
    assert seen == list(range(1, 41))
