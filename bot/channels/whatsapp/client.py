"""The client of the Graph API: sends, shows that we are writing, fetches and uploads files.

It does one request a call and tells by the class of its error what to do next; waiting and
repeating is the sender's business (`bot.gateway.sending`). The token goes to the API and to
the hosts of media that the settings name, to nobody else.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.channels.whatsapp.build import build, build_read_and_typing
from bot.channels.whatsapp.parts import Address, Part
from bot.channels.whatsapp.policy import class_of, refusal
from bot.errors import (
    ChannelBlocked,
    MediaRefused,
    MediaUnavailable,
    SendFailed,
    SendTransient,
    SendUnsure,
    UploadFailed,
)
from bot.settings import WhatsApp, is_here

__all__ = ["SEND_SECONDS", "Address", "Client", "MediaInfo"]

SEND_SECONDS = 20.0
"""The longest that one request takes; afterwards nobody waits for its answer."""
_CONNECT_SECONDS = 5.0
_TYPING_SECONDS = 5.0
_FILE_SECONDS = 60.0
_CHUNK = 64 * 1024
_MAX_ANSWER = 1024 * 1024
_ID_CHARACTERS = 512

# Raised before a byte of the request was written: it was surely not taken.
_NOT_WRITTEN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_BROKEN = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


@dataclass(frozen=True)
class MediaInfo:
    """Where a file can be fetched for five minutes."""

    url: str = field(repr=False)
    mime_type: str
    sha256: bytes | None
    bytes: int | None


class Client:
    """One number of the WhatsApp Business Cloud API.

    Args:
        settings: The number's settings.
        session: Somebody else's session, who also closes it; by default one of its own.
    """

    def __init__(self, settings: WhatsApp, session: aiohttp.ClientSession | None = None) -> None:
        self._settings = settings
        self._session = session
        self._own = session is None

    async def open(self) -> None:
        """Open the session; nothing connects yet."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64))

    async def close(self) -> None:
        """Close every connection."""
        if self._own and self._session:
            await self._session.close()
            self._session = None

    async def send(self, to: Address, part: Part, key: str) -> str:
        """Send one bubble.

        Returns:
            WhatsApp's id of the message. It was accepted; whether it arrives, a status tells.

        Raises:
            SendUnsure: If the request was written and no answer came that counts.
            SendFailed: Of the class that says what to do, if it was refused.
        """
        answer = await self._post_message(build(part, to, key), SEND_SECONDS)
        try:
            identifier = answer["messages"][0]["id"]
        except (KeyError, IndexError, TypeError):
            raise SendUnsure("the answer holds no message id") from None
        if not isinstance(identifier, str) or not 0 < len(identifier) <= _ID_CHARACTERS:
            raise SendUnsure("the answer's message id is none")
        return identifier

    async def read_and_type(self, message_id: str) -> None:
        """Mark a message read and show for up to 25 seconds that we are writing.

        Raises:
            SendFailed: If it was not taken.
        """
        await self._post_message(build_read_and_typing(message_id), _TYPING_SECONDS)

    async def media(self, media_id: str) -> MediaInfo:
        """Ask where a file is.

        Raises:
            MediaUnavailable: If another try may help.
            MediaRefused: If there is no such file any more.
        """
        url = f"{self._settings.api_url}/{quote(media_id, safe='')}"
        query = {"phone_number_id": self._settings.phone_number_id}
        async with (
            _media_errors(),
            self._request("GET", url, _TYPING_SECONDS, params=query) as answer,
        ):
            body = await _json(answer)
            if answer.status != 200:
                raise _media_error(answer.status, body)
            return _media_info(body)

    async def download(self, info: MediaInfo, limit: int) -> bytes:
        """Fetch a file.

        Raises:
            MediaUnavailable: If the address has ended or the fetch broke: ask `media` again.
            MediaRefused: If the host is not trusted, or the file is larger than the limit in
                bytes or not the one that was announced.
        """
        self._check_host(info.url)
        if (info.bytes or 0) > limit:
            raise MediaRefused("the file is too large")
        async with _media_errors(), self._request("GET", info.url, _FILE_SECONDS) as answer:
            if answer.status != 200:
                raise MediaUnavailable(f"the media host answered with status {answer.status}")
            content = await _read_at_most(answer, limit)
        _check_hash(content, info.sha256)
        return content

    async def upload(self, content: bytes, mime_type: str, filename: str) -> str:
        """Upload a file, to be sent as a `Document` within 30 days.

        Returns:
            Its id.

        Raises:
            SendFailed: If it was not taken.
        """
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime_type)
        form.add_field("file", content, content_type=mime_type, filename=filename)
        url = f"{self._settings.api_url}/{self._settings.phone_number_id}/media"
        try:
            answer = await self._post(url, _FILE_SECONDS, data=form)
            return str(answer["id"])
        except SendUnsure as error:
            # A file that was stored twice hurts nobody.
            raise UploadFailed(str(error)) from None
        except (KeyError, TypeError):
            raise UploadFailed("the answer holds no id of the file") from None

    async def _post_message(self, body: Mapping[str, Any], seconds: float) -> Any:
        url = f"{self._settings.api_url}/{self._settings.phone_number_id}/messages"
        return await self._post(url, seconds, json=body)

    async def _post(self, url: str, seconds: float, **content: Any) -> Any:
        try:
            async with self._request("POST", url, seconds, **content) as answer:
                body = await _json(answer)
                if answer.status != 200 or (isinstance(body, dict) and "error" in body):
                    raise refusal(answer.status, body, answer.headers)
                return body
        except _NOT_WRITTEN as error:
            raise SendTransient(f"the API was not reached ({type(error).__name__})") from None
        except _BROKEN as error:
            # Without the cause: it may hold an address.
            raise SendUnsure(f"no answer came ({type(error).__name__})") from None

    @asynccontextmanager
    async def _request(
        self, method: str, url: str, seconds: float, **content: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._session is None:
            raise SendTransient("the client is not open")
        limit = aiohttp.ClientTimeout(
            total=seconds, connect=_CONNECT_SECONDS, sock_connect=_CONNECT_SECONDS
        )
        token = self._settings.access_token.reveal()
        async with self._session.request(
            method,
            url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=limit,
            # A redirect would carry the token to whoever it names.
            allow_redirects=False,
            **content,
        ) as answer:
            yield answer

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        host = parts.hostname or ""
        named = host if port is None else f"{host}:{port}"
        # Without TLS only on this machine, where a stand-in listens.
        local = port is not None and is_here(host)
        sealed = parts.scheme == "https" or (parts.scheme == "http" and local)
        trusted = named in self._settings.media_hosts and parts.username is None
        if not (sealed and trusted):
            raise MediaRefused(f"media host refused: {host or 'none'}")


def _media_info(body: Any) -> MediaInfo:
    try:
        size = body.get("file_size")
        return MediaInfo(
            url=str(body["url"]),
            mime_type=str(body.get("mime_type") or "application/octet-stream"),
            sha256=_digest(body.get("sha256")),
            bytes=int(size) if size is not None else None,
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise MediaUnavailable("the answer does not say where the file is") from None


def _media_error(status: int, body: Any) -> MediaRefused | MediaUnavailable:
    error = refusal(status, body, {})
    kind = class_of(error.provider_code)
    if error.retryable or issubclass(kind, ChannelBlocked):
        return MediaUnavailable(f"the API refused with code {error.provider_code}")
    return MediaRefused(f"the API refused with code {error.provider_code}")


@asynccontextmanager
async def _media_errors() -> AsyncIterator[None]:
    try:
        yield
    except (SendFailed, *_BROKEN) as error:
        raise MediaUnavailable(f"no file came ({type(error).__name__})") from None


async def _json(answer: aiohttp.ClientResponse) -> Any:
    """Read an answer as JSON; None if it is none, or too long to be ours."""
    content = await answer.content.read(_MAX_ANSWER)
    while len(content) < _MAX_ANSWER and not answer.content.at_eof():
        content += await answer.content.read(_MAX_ANSWER - len(content))
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


async def _read_at_most(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise MediaRefused("the file is too large")
    return bytes(content)


def _digest(announced: Any) -> bytes | None:
    """Read a SHA-256: base64 in webhooks, hexadecimal in some answers."""
    if not isinstance(announced, str):
        return None
    try:
        return bytes.fromhex(announced) if len(announced) == 64 else base64.b64decode(announced)
    except (binascii.Error, ValueError):
        return b""  # no file has this one


def _check_hash(content: bytes, announced: bytes | None) -> None:
    if announced is not None and hashlib.sha256(content).digest() != announced:
        raise MediaRefused("the file is not the one that was announced")
