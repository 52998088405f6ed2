"""`impreuna phone`: the stand-in's application and its process, on this machine only."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from bot.errors import SupervisorError
from bot.gateway.logs import configure
from bot.phone import control, graph, page
from bot.phone.account import Account, account_of
from bot.phone.joined import approve_templates, keep_product, own_account
from bot.phone.keys import NETWORK
from bot.phone.network import Network, Pace
from bot.phone.refusal import Refusal
from bot.settings import Settings

HOST = "127.0.0.1"
_NAMES = {"127.0.0.1", "localhost", "::1"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_CLOSE_SECONDS = 0.5

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(account: Account, address: str, pace: Pace | None = None) -> web.Application:
    """Make the stand-in, to be reached at an address; nothing is sent before it is started."""
    app = web.Application(
        middlewares=[_refusals, _own_machine], client_max_size=graph.CLIENT_MAX_SIZE
    )
    app[NETWORK] = Network(account, address, pace or Pace())
    app.router.add_routes([*page.routes(), *control.routes(), *graph.routes()])
    app.on_response_prepare.append(_add_headers)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.append(_running)
    return app


@asynccontextmanager
async def serving(account: Account, port: int, pace: Pace | None = None) -> AsyncIterator[Network]:
    """Serve the stand-in on loopback while the block runs; port 0 takes a free one.

    Raises:
        SupervisorError: If the port is taken.
    """
    port = port or _free_port()
    app = create_app(account, f"http://{HOST}:{port}", pace)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError:
            raise SupervisorError(f"Port {port} is taken. Set PHONE_PORT to another.") from None
        yield app[NETWORK]
    finally:
        await runner.cleanup()


def run(settings: Settings, environ: Mapping[str, str], *, with_product: bool = False) -> None:
    """Serve until a signal comes; with the product beside it if that is asked for.

    Raises:
        SupervisorError: If the port is taken, or the product ended by itself.
    """
    configure(settings.log_level)
    asyncio.run(_run(settings, environ, with_product))


async def _run(settings: Settings, environ: Mapping[str, str], with_product: bool) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    account = own_account(settings) if with_product else account_of(settings)
    async with serving(account, settings.phone_port) as network:
        network.tasks.start(approve_templates(network, environ))
        if with_product:
            await keep_product(network, settings, environ, stopped)
        else:
            _announce(network, settings)
            await stopped.wait()


def _announce(network: Network, settings: Settings) -> None:
    print(f"\nThe phone: {network.address}\n")
    if settings.whatsapp is None:
        print("Start the product with these settings:\n")
        for name, value in network.account.environment(network.address).items():
            print(f"export {name}={value}")
    sys.stdout.flush()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


async def _running(app: web.Application) -> AsyncIterator[None]:
    network = app[NETWORK]
    await network.webhooks.open()
    yield
    await network.tasks.end()
    await network.webhooks.close()


async def _end_streams(app: web.Application) -> None:
    app[NETWORK].watching.tell(None)


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return web.json_response(refusal.body(), status=refusal.http_status)


@web.middleware
async def _own_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Serve this machine's own pages only: no other site may play a person here."""
    if urlsplit(f"//{request.host}").hostname not in _NAMES:
        raise web.HTTPForbidden(text="This stand-in serves its own machine only.")
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="This stand-in serves its own page only.")
    return await handler(request)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
