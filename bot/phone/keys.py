"""Names of what the stand-in's application holds."""

from __future__ import annotations

from aiohttp import web

from bot.phone.network import Network

NETWORK = web.AppKey("network", Network)
