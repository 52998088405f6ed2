"""POST /control/...: what a test, or the page's own switches, make go wrong."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.phone.graph import read_object
from bot.phone.keys import NETWORK
from bot.phone.network import Network
from bot.phone.people import WINDOW_SECONDS, Person
from bot.phone.rates import Rates
from bot.phone.refusal import Refusal

_STATUSES = ("sent", "delivered", "read", "failed")


def routes() -> list[web.RouteDef]:
    """Give the routes."""
    return [
        web.get("/control", get_all),
        web.post("/control/faults", post_faults),
        web.post("/control/clock", post_clock),
        web.post("/control/window", post_window),
        web.post("/control/rates", post_rates),
        web.post("/control/status", post_status),
        web.post("/control/webhook", post_webhook),
        web.post("/control/handshake", post_handshake),
    ]


async def get_all(request: web.Request) -> web.Response:
    """Give the faults, the clock, and the webhooks' counts."""
    return web.json_response(_view(request.app[NETWORK]))


async def post_faults(request: web.Request) -> web.Response:
    """`{"refuse": 2, "code": 131056, ...}`: see `Faults`."""
    network = request.app[NETWORK]
    network.faults.set(dict(await read_object(request)))
    return web.json_response(_view(network))


async def post_clock(request: web.Request) -> web.Response:
    """`{"forward": seconds}`: let time pass, for windows, addresses and rates."""
    network = request.app[NETWORK]
    network.clock.shift += _number(await read_object(request), "forward")
    _tell_all(network)
    return web.json_response(_view(network))


async def post_window(request: web.Request) -> web.Response:
    """`{"person"}`: as if that person had last written a day ago."""
    network = request.app[NETWORK]
    person = _person(network, await read_object(request))
    person.heard_at = min(person.heard_at, network.clock.now() - WINDOW_SECONDS)
    network.tell(person)
    return web.json_response(person.view(network.clock.now()))


async def post_rates(request: web.Request) -> web.Response:
    """`{"per_second", "pair_burst", "pair_seconds", "strict"}`: other limits, unused ones."""
    network = request.app[NETWORK]
    given = await read_object(request)
    network.rates = Rates(
        per_second=_number(given, "per_second", network.rates.per_second),
        pair_burst=int(_number(given, "pair_burst", network.rates.pair_burst)),
        pair_seconds=_number(given, "pair_seconds", network.rates.pair_seconds),
        strict=bool(given.get("strict", network.rates.strict)),
    )
    return web.json_response(_view(network))


async def post_status(request: web.Request) -> web.Response:
    """`{"message", "status", "code"?}`: tell a status, whatever was told before."""
    network = request.app[NETWORK]
    given = await read_object(request)
    found = network.people.having(str(given.get("message")))
    if found is None or given.get("status") not in _STATUSES:
        raise Refusal(100, f"message must be known and status one of {', '.join(_STATUSES)}")
    person, bubble = found
    if given["status"] == "failed":
        code = int(_number(given, "code", network.faults.fail_code))
        bubble.error = Refusal(code, "Failed on request").in_status()
    network.report(person, bubble, given["status"])
    return web.json_response({"success": True})


async def post_webhook(request: web.Request) -> web.Response:
    """A change's `value`, posted as it is."""
    request.app[NETWORK].webhooks.put(dict(await read_object(request)))
    return web.json_response({"success": True})


async def post_handshake(request: web.Request) -> web.Response:
    """Let the product prove that it knows the verify token."""
    return web.json_response({"success": await request.app[NETWORK].webhooks.handshake()})


def _view(network: Network) -> dict[str, Any]:
    return {
        "faults": network.faults.view(),
        "clock": {"now": network.clock.now(), "shift": network.clock.shift},
        "webhooks": vars(network.webhooks.counts),
    }


def _tell_all(network: Network) -> None:
    for person in network.people:
        network.tell(person)


def _person(network: Network, given: Any) -> Person:
    person = network.people.get(str(given.get("person")))
    if person is None:
        raise Refusal(100, "There is no such person")
    return person


def _number(given: Any, name: str, default: float | None = None) -> float:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refusal(100, f"{name} must be a number")
    return float(value)
