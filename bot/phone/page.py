"""The page that shows a phone: its files, its people, what they say, and the live stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import hdrs, web

from bot.phone.graph import read_object
from bot.phone.keys import NETWORK
from bot.phone.network import Network
from bot.phone.people import Person, view
from bot.phone.refusal import Refusal
from bot.phone.watching import Event

STATIC = Path(__file__).with_name("static")
KEEP_ALIVE_SECONDS = 15.0


def routes() -> list[web.AbstractRouteDef]:
    """Give the routes."""
    return [
        web.get("/", get_page),
        web.static("/phone/static", STATIC),
        web.get("/phone/events", stream_events),
        web.get("/phone/people", list_people),
        web.post("/phone/people", post_person),
        web.patch("/phone/people/{person}", patch_person),
        web.get("/phone/people/{person}/messages", list_messages),
        web.post("/phone/people/{person}/messages", post_message),
        web.get("/phone/media/{id}", get_media),
    ]


async def get_page(request: web.Request) -> web.FileResponse:
    """GET /: the page."""
    return web.FileResponse(STATIC / "phone.html")


async def list_people(request: web.Request) -> web.Response:
    """Give everybody."""
    network = request.app[NETWORK]
    return web.json_response([person.view(network.clock.now()) for person in network.people])


async def post_person(request: web.Request) -> web.Response:
    """`{"name", "phone"?, "username"?, "hidden"?}`: somebody new, with a number or without."""
    network = request.app[NETWORK]
    given = await read_object(request)
    name = str(given.get("name") or "").strip()
    if not name:
        raise Refusal(100, "A person needs a name")
    phone = _phone(network, given)
    username = given.get("username")
    person = network.people.add(
        name, phone, str(username) if username else None, bool(given.get("hidden"))
    )
    network.tell(person)
    return web.json_response(person.view(network.clock.now()), status=201)


async def patch_person(request: web.Request) -> web.Response:
    """`{"off", "reads", "hidden", "phone"}`: another number is told to the business."""
    network, person = _person(request)
    given = await read_object(request)
    person.reads = bool(given.get("reads", person.reads))
    person.hidden = bool(given.get("hidden", person.hidden)) or person.phone is None
    if "phone" in given:
        network.change_number(person, _phone(network, given) or "")
    if "off" in given:
        network.switch(person, off=bool(given["off"]))
    network.tell(person)
    return web.json_response(person.view(network.clock.now()))


async def list_messages(request: web.Request) -> web.Response:
    """Give what stands on one phone, in order."""
    _, person = _person(request)
    return web.json_response([view(bubble) for bubble in person.bubbles])


async def post_message(request: web.Request) -> web.Response:
    """`{"kind": "text", "text": ...}` and the other kinds of `Saying`: 202 with the id."""
    network, person = _person(request)
    bubble = network.say(person, await read_object(request))
    return web.json_response({"id": bubble.id}, status=202)


async def get_media(request: web.Request) -> web.Response:
    """Give a file to the page, which needs no token."""
    file = request.app[NETWORK].files.get(request.match_info["id"])
    return web.Response(body=file.content, headers={hdrs.CONTENT_TYPE: file.mime_type})


async def stream_events(request: web.Request) -> web.StreamResponse:
    """Give everything there is, then every change (server-sent events)."""
    network = request.app[NETWORK]
    response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream"})
    queue = network.watching.join()
    try:
        await response.prepare(request)
        await response.write(_frame(_everything(network)))
        while (event := await _next(queue)) is not None:
            await response.write(_frame(event) if event else b": still here\n\n")
    except ConnectionResetError:
        pass  # the page was closed
    finally:
        network.watching.leave(queue)
    return response


async def _next(queue: asyncio.Queue[Event | None]) -> Event | None:
    """Wait for an event; an empty one stands for silence, None for the end."""
    try:
        return await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
    except asyncio.TimeoutError:
        return {}


def _everything(network: Network) -> Event:
    now = network.clock.now()
    return {
        "business": {"name": network.account.name, "number": network.account.display_number},
        "people": [person.view(now) for person in network.people],
        "bubbles": [view(bubble) for person in network.people for bubble in person.bubbles],
    }


def _frame(event: Event) -> bytes:
    return f"data: {json.dumps(event)}\n\n".encode()


def _person(request: web.Request) -> tuple[Network, Person]:
    network = request.app[NETWORK]
    person = network.people.get(request.match_info["person"])
    if person is None:
        raise web.HTTPNotFound
    return network, person


def _phone(network: Network, given: Mapping[str, Any]) -> str | None:
    digits = "".join(each for each in str(given.get("phone") or "") if each in "0123456789")
    if not digits:
        return None
    if not 7 <= len(digits) <= 15:
        raise Refusal(100, "A number has from 7 to 15 digits, with its country's code")
    if network.people.by_phone(digits):
        raise Refusal(100, "Somebody has this number")
    return digits
