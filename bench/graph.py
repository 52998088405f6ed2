"""A Graph API that takes everything at once and keeps what each person heard."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


class Graph:
    """What was sent, by the person's number, in the order of its coming."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: defaultdict[str, list[str]] = defaultdict(list)
        self.keys: list[str] = []
        self.signs = 0
        self._something_came = asyncio.Condition()

    async def wait_for(self, person: str, count: int, seconds: float) -> None:
        """Wait until a person heard so many bubbles; raises TimeoutError."""

        async def came() -> None:
            async with self._something_came:
                await self._something_came.wait_for(lambda: len(self.heard[person]) >= count)

        await asyncio.wait_for(came(), seconds)

    async def take(self, request: web.Request) -> web.Response:
        payload = await request.json()
        if "status" in payload:
            self.signs += 1
            return web.json_response({"success": True})
        person = payload["to"]
        async with self._something_came:
            self.heard[person].append(visible(payload))
            self.keys.append(payload.get("biz_opaque_callback_data", ""))
            self._something_came.notify_all()
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": person, "wa_id": person}],
            "messages": [{"id": f"wamid.bench{len(self.keys)}"}],
        }
        return web.json_response(answer)


def visible(payload: dict[str, Any]) -> str:
    """What the person sees of a message: all of it but ids and addresses."""
    content = payload[payload["type"]]
    return json.dumps(_without_ids(content), ensure_ascii=False, sort_keys=True)


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(inner) for key, inner in value.items() if key != "id"}
    if isinstance(value, list):
        return [_without_ids(inner) for inner in value]
    return value


@asynccontextmanager
async def listening() -> AsyncIterator[Graph]:
    """A stand-in on a free port of loopback."""
    graph = Graph()
    app = web.Application()
    app.router.add_post("/{version}/{number}/messages", graph.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    graph.url = f"http://{host}:{port}"
    try:
        yield graph
    finally:
        await runner.cleanup()
