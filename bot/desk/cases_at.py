"""Which handoff an address means: `/desk/cases/<reference>`, as it was told to the person."""

from __future__ import annotations

from aiohttp import web

from bot.gateway.keys import DATABASE
from bot.store import case_lists

REFERENCE = "{reference:[0-9A-Z-]{1,40}}"


def case_path(reference: str) -> str:
    """Give the address of a conversation's page."""
    return f"/desk/cases/{reference}"


async def find_case(request: web.Request) -> int:
    """Give the address's handoff: the open one, else the last.

    Raises:
        web.HTTPNotFound: If there is none (any more).
    """
    async with request.app[DATABASE].transaction() as connection:
        handoff = await case_lists.find(connection, request.match_info["reference"])
    if handoff is None:
        raise web.HTTPNotFound
    return handoff
