"""GET /desk/static/...: the desk's own files, cached for ever, for their address changes."""

from __future__ import annotations

from aiohttp import web

from bot.desk.guard import everyone
from bot.desk.keys import DESK_ASSETS


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [web.get("/desk/static/{digest}/{name}", get_file)]


@everyone
async def get_file(request: web.Request) -> web.Response:
    """Give a file of the desk."""
    asset = request.app[DESK_ASSETS].find(request.match_info["name"])
    if asset is None or request.match_info["digest"] != asset.digest:
        raise web.HTTPNotFound
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    response = web.Response(
        body=asset.plain, content_type=asset.content_type, charset="utf-8", headers=headers
    )
    response.enable_compression()
    return response
