"""A stand-in that is running, and a product of a few lines at the other end of its webhook."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.phone.account import Account, new_account
from bot.phone.network import Network, Pace
from bot.phone.server import serving

TEXT = {"type": "text", "text": {"body": "hello"}}
FAST = Pace(status=0.01, repeat=0.01)
PHONE = "447700900001"


class Product:
    """Takes the webhooks; answers with the given statuses first, then 200."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.signatures: list[str] = []
        self.statuses: list[int] = []
        self.verify_token = ""

    async def take(self, request: web.Request) -> web.Response:
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.bodies.append(await request.read())
            self.signatures.append(request.headers["X-Hub-Signature-256"])
        return web.Response(status=status)

    async def verify(self, request: web.Request) -> web.Response:
        right = request.query["hub.verify_token"] == self.verify_token
        return web.Response(text=request.query["hub.challenge"], status=200 if right else 403)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhooks/whatsapp", self.take)
        app.router.add_get("/webhooks/whatsapp", self.verify)
        return app

    def values(self) -> Iterator[dict[str, Any]]:
        for body in self.bodies:
            for entry in json.loads(body)["entry"]:
                yield from (change["value"] for change in entry["changes"])

    def messages(self) -> list[dict[str, Any]]:
        return [each for value in self.values() for each in value.get("messages", [])]

    def statuses_told(self, message: str | None = None) -> list[dict[str, Any]]:
        told = [each for value in self.values() for each in value.get("statuses", [])]
        return [each for each in told if message in (None, each["id"])]


class Line:
    """Both ends, and the calls that a business makes."""

    def __init__(self, network: Network, product: Product, session: ClientSession) -> None:
        self.network = network
        self.product = product
        self.session = session
        self.headers = {"Authorization": f"Bearer {network.account.access_token}"}

    @property
    def account(self) -> Account:
        return self.network.account

    @property
    def url(self) -> str:
        return self.network.address

    def api(self, path: str) -> str:
        return f"{self.url}/v25.0/{path}"

    async def post(self, message: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
        """Post a message as it is; give the status and the body."""
        async with self.session.post(
            self.api(f"{self.account.phone_number_id}/messages"),
            json={"messaging_product": "whatsapp", **message},
            **{"headers": self.headers, **more},
        ) as answer:
            return answer.status, await answer.json()

    async def send(self, to: str = PHONE, **message: Any) -> str:
        """Send a message that is taken; a text unless another type is given."""
        content = message or {"type": "text", "text": {"body": "hello"}}
        status, body = await self.post({"to": to, **content})
        assert status == 200, body
        return str(body["messages"][0]["id"])

    async def refused(self, **message: Any) -> int:
        """Send a message that is refused; give Meta's code."""
        status, body = await self.post({"to": PHONE, **message})
        assert status >= 400, body
        assert set(body["error"]) >= {"message", "type", "code", "error_data", "fbtrace_id"}
        assert body["error"]["error_data"]["details"]
        return int(body["error"]["code"])

    async def control(self, path: str, **given: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/control/{path}", json=given) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def say(self, person: str = "p1", **given: Any) -> str:
        """What a person does on the phone; a text unless a kind is given."""
        content = given or {"kind": "text", "text": "hello"}
        async with self.session.post(
            f"{self.url}/phone/people/{person}/messages", json=content
        ) as answer:
            assert answer.status == 202, await answer.text()
            return str((await answer.json())["id"])


@asynccontextmanager
async def connected() -> AsyncIterator[Line]:
    """A stand-in and a product, connected."""
    product = Product()
    async with TestServer(product.app()) as server, ClientSession() as session:
        account = new_account(str(server.make_url("/webhooks/whatsapp")))
        product.verify_token = account.verify_token
        async with serving(account, 0, FAST) as network:
            yield Line(network, product, session)


async def until(holds: Callable[[], Any], seconds: float = 5.0) -> None:
    for _ in range(int(seconds / 0.01)):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about in time")


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with connected() as made:
        yield made


@pytest.fixture
async def open_line(line: Line) -> Line:
    """A line whose first person has just written."""
    await line.say()
    await until(lambda: line.product.bodies)
    line.product.bodies.clear()
    return line


def buttons(*titles: str, body: str = "Which?", **more: Any) -> dict[str, Any]:
    replies = [
        {"type": "reply", "reply": {"id": f"1-{number}", "title": title}}
        for number, title in enumerate(titles, 1)
    ]
    return interactive("button", body, {"buttons": replies}, **more)


def rows(*given: dict[str, Any], button: str = "Choose", **more: Any) -> dict[str, Any]:
    action = {"button": button, "sections": [{"rows": list(given)}]}
    return interactive("list", "Which?", action, **more)


def row(number: int, title: str = "One", **more: Any) -> dict[str, Any]:
    return {"id": f"1-{number}", "title": title, **more}


def link(title: str = "Open", url: str = "https://example.org/") -> dict[str, Any]:
    parameters = {"display_text": title, "url": url}
    return interactive("cta_url", "See", {"name": "cta_url", "parameters": parameters})


def interactive(kind: str, body: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    node = {"type": kind, "body": {"text": body}, "action": action, **more}
    return {"type": "interactive", "interactive": node}
