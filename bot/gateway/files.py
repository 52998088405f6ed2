"""The page's files and the widget's loader: named by content, compressed beforehand."""

from __future__ import annotations

from aiohttp import web

from bot.channels.web.assets import Asset
from bot.gateway.keys import ASSETS

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=300"


async def get_asset(request: web.Request) -> web.Response:
    """GET /static/{digest}/{name}: cached for ever, for the address changes with the file."""
    asset = request.app[ASSETS].find(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    current = request.match_info["digest"] == asset.digest
    return _response(request, asset, _FOR_EVER if current else _FOR_A_WHILE)


async def get_widget(request: web.Request) -> web.Response:
    """GET /widget.js: the address that partners embed, so it must not change."""
    asset = request.app[ASSETS].find("widget.js")
    if asset is None:
        raise web.HTTPNotFound
    return _response(request, asset, _FOR_A_WHILE)


def _response(request: web.Request, asset: Asset, caching: str) -> web.Response:
    headers = {
        "Cache-Control": caching,
        "Vary": "Accept-Encoding",
        "ETag": f'"{asset.digest}"',
        "Content-Type": f"{asset.content_type}; charset=utf-8",
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    if asset.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return web.Response(body=asset.compressed, headers=headers)
    return web.Response(body=asset.plain, headers=headers)
