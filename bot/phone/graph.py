"""The Graph API's routes: messages, media, templates, the number itself."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, hdrs, web

from bot.phone.files import MOST_BYTES, File, unknown_object
from bot.phone.keys import NETWORK
from bot.phone.network import Network
from bot.phone.refusal import Refusal
from bot.phone.templates import Template

VERSION = r"{version:v\d{1,3}\.\d{1,2}}"


def routes() -> list[web.RouteDef]:
    """Give the routes; every version is served alike."""
    return [
        web.post(f"/{VERSION}/{{id}}/messages", post_message),
        web.post(f"/{VERSION}/{{id}}/media", post_media),
        web.post(f"/{VERSION}/{{id}}/message_templates", post_template),
        web.get(f"/{VERSION}/{{id}}/message_templates", list_templates),
        web.get(f"/{VERSION}/{{id}}", get_object),
        web.delete(f"/{VERSION}/{{id}}", delete_media),
        web.get("/attachments/", get_attachment),
    ]


def check_token(request: web.Request) -> Network:
    """Give the network to who shows the access token.

    Raises:
        Refusal: 190, with HTTP 401.
    """
    network = request.app[NETWORK]
    shown = request.headers.get(hdrs.AUTHORIZATION, "").encode()
    if not secrets.compare_digest(shown, f"Bearer {network.account.access_token}".encode()):
        raise Refusal(190, "The access token could not be decrypted")
    return network


async def post_message(request: web.Request) -> web.StreamResponse:
    """POST /{version}/{phone_number_id}/messages."""
    network = _of_number(request)
    message = await read_object(request)
    if message.get("status") == "read":
        network.mark_read(message)
        return web.json_response({"success": True})
    if network.faults.take("cut"):
        return _hang_up(request)
    refusal = network.faults.refusal()
    if refusal:
        raise refusal
    answer = network.accept(message)
    await asyncio.sleep(network.faults.delay)
    if network.faults.take("drop"):
        return _hang_up(request)
    return web.json_response(answer)


async def post_media(request: web.Request) -> web.Response:
    """POST /{version}/{phone_number_id}/media: a form with the file."""
    network = _of_number(request)
    if not request.content_type.startswith("multipart/"):
        raise Refusal(100, "The parameter file is required")
    fields, file = await _read_form(request)
    if fields.get("messaging_product") != "whatsapp" or file is None:
        raise Refusal(100, "The parameters messaging_product and file are required")
    return web.json_response({"id": network.files.upload(file).id})


async def _read_form(request: web.Request) -> tuple[dict[str, str], File | None]:
    fields: dict[str, str] = {}
    file: File | None = None
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            raise Refusal(100, "The form holds another form")
        if part.name == "file":
            kind = part.headers.get(hdrs.CONTENT_TYPE, "")
            file = File(bytes(await part.read()), kind, part.filename)
        else:
            fields[str(part.name)] = (await part.text()).strip()
    return fields, file


async def get_object(request: web.Request) -> web.Response:
    """GET /{version}/{id}: a file's address, or the number itself."""
    network = check_token(request)
    identity, account = request.match_info["id"], network.account
    if identity == account.phone_number_id:
        return web.json_response(
            {
                "verified_name": account.name,
                "display_phone_number": account.display_number,
                "quality_rating": "GREEN",
                "id": identity,
            }
        )
    asked = request.query.get("phone_number_id", account.phone_number_id)
    if asked != account.phone_number_id:
        raise unknown_object(identity)
    return web.json_response(network.files.describe(network.files.get(identity), network.address))


async def delete_media(request: web.Request) -> web.Response:
    """DELETE /{version}/{media_id}."""
    check_token(request).files.delete(request.match_info["id"])
    return web.json_response({"success": True})


async def get_attachment(request: web.Request) -> web.Response:
    """GET the address of a file: with the token, for five minutes, else 404."""
    file = check_token(request).files.behind(request.query.get("hash", ""))
    if file is None:
        raise web.HTTPNotFound
    return web.Response(body=file.content, headers={hdrs.CONTENT_TYPE: file.mime_type})


async def post_template(request: web.Request) -> web.Response:
    """POST /{version}/{business_account_id}/message_templates: approved at once."""
    network = _of_business(request)
    template = network.book.add(await read_object(request))
    return web.json_response({"id": f"{template.name}.{template.language}", "status": "APPROVED"})


async def list_templates(request: web.Request) -> web.Response:
    """GET /{version}/{business_account_id}/message_templates."""
    book = _of_business(request).book
    return web.json_response({"data": [_describe(template) for template in book.all()]})


def _describe(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "language": template.language,
        "status": "APPROVED",
        "components": list(template.components),
    }


def _of_number(request: web.Request) -> Network:
    network = check_token(request)
    if request.match_info["id"] != network.account.phone_number_id:
        raise unknown_object(request.match_info["id"])
    return network


def _of_business(request: web.Request) -> Network:
    network = check_token(request)
    if request.match_info["id"] != network.account.business_account_id:
        raise unknown_object(request.match_info["id"])
    return network


async def read_object(request: web.Request) -> Mapping[str, Any]:
    """Read a JSON object.

    Raises:
        Refusal: If the body is none.
    """
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refusal(100, "The body must be a JSON object")
    return body


def _hang_up(request: web.Request) -> web.StreamResponse:
    """Cut the connection: whoever asked does not know what became of it."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


CLIENT_MAX_SIZE = MOST_BYTES + 1024 * 1024
"""The largest body that is taken: a file and the form around it."""
