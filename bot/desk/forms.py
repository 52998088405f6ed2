"""Reading the desk's forms and addresses without trusting them."""

from __future__ import annotations

import re
from uuid import UUID

from aiohttp import web

from bot.errors import InboundRejected

HOME = "/desk"
_LOCAL = re.compile(r"/desk(/[A-Za-z0-9_.~-]+)*/?(\?[A-Za-z0-9_.~=&%+:-]*)?")
_MAX_ADDRESS = 500


async def read_form(request: web.Request) -> dict[str, str]:
    """Give a form's fields.

    Raises:
        InboundRejected: If it cannot be read, or holds a file.
    """
    try:
        form = await request.post()
    except (ValueError, LookupError) as error:
        raise InboundRejected("The form cannot be read.", reason="invalid_form") from error
    if not all(isinstance(value, str) for value in form.values()):
        raise InboundRejected("Files are not taken here.", reason="invalid_form")
    return {name: str(value) for name, value in form.items()}


def read_id(request: web.Request, name: str) -> UUID:
    """Give an id that stands in the address.

    Raises:
        web.HTTPNotFound: If it is none.
    """
    try:
        return UUID(request.match_info[name])
    except ValueError:
        raise web.HTTPNotFound from None


def local_address(raw: str) -> str:
    """Give an address of the desk to go on to; its start, if this is none of ours."""
    return raw if len(raw) <= _MAX_ADDRESS and _LOCAL.fullmatch(raw) else HOME
