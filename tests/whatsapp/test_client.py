"""The client of the Graph API: what it asks, and what each kind of answer means."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.channels.whatsapp import client as client_module
from bot.channels.whatsapp.client import Client, MediaInfo
from bot.channels.whatsapp.parts import Address, Text
from bot.errors import (
    ChannelBlocked,
    ChannelThrottled,
    MediaRefused,
    MediaUnavailable,
    SendFailed,
    SendRefused,
    SendTransient,
    SendUnsure,
    UploadFailed,
)
from bot.settings import Secret, WhatsApp

TOKEN = "token-sentinel"
TO = Address(phone="40722000111")
FILE = b"a picture"
SHA256 = base64.b64encode(hashlib.sha256(FILE).digest()).decode()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """Answers as the test says; keeps what it was asked."""

    def __init__(self) -> None:
        self.handler: Handler = self._accept
        self.asked: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []
        self.url = ""

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    async def _accept(self, request: web.Request) -> web.Response:
        return web.json_response({"messages": [{"id": "wamid.1"}]})

    async def any(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.content_type == "application/json" else None
        self.asked.append({"path": request.path, "query": dict(request.query), "body": body})
        self.tokens.append(request.headers.get("Authorization"))
        return await self.handler(request)

    def answers(self, body: Any = None, status: int = 200, **headers: str) -> None:
        async def answer(request: web.Request) -> web.Response:
            if isinstance(body, bytes):
                return web.Response(body=body, status=status, headers=headers)
            return web.json_response(body, status=status, headers=headers)

        self.handler = answer


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", api.any)
    async with TestServer(app) as server:
        api.url = str(server.make_url("")).rstrip("/")
        yield api


def number(url: str, *hosts: str) -> WhatsApp:
    return WhatsApp(
        phone_number_id="555",
        access_token=Secret(TOKEN),
        app_secret=Secret("s"),
        verify_token=Secret("v"),
        graph_url=url,
        media_hosts=hosts,
    )


@pytest.fixture
async def client(api: Api) -> AsyncIterator[Client]:
    client = Client(number(api.url, api.host))
    await client.open()
    yield client
    await client.close()


async def test_a_message_is_posted_to_our_number_with_our_token(client: Client, api: Api) -> None:
    assert await client.send(TO, Text("Hello."), "key-1") == "wamid.1"
    assert api.asked[0]["path"] == "/v25.0/555/messages"
    assert api.asked[0]["body"]["to"] == "40722000111"
    assert api.asked[0]["body"]["biz_opaque_callback_data"] == "key-1"
    assert api.tokens == [f"Bearer {TOKEN}"]


async def test_typing_marks_read_and_types_in_one_call(client: Client, api: Api) -> None:
    api.answers({"success": True})
    await client.read_and_type("wamid.9")
    assert api.asked[0]["body"]["status"] == "read"
    assert api.asked[0]["body"]["typing_indicator"] == {"type": "text"}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 131009, SendRefused),
        (401, 190, ChannelBlocked),
        (429, 130429, ChannelThrottled),
        (500, 131000, SendTransient),
        (200, 131009, SendRefused),
    ],
)
async def test_a_refusal_is_an_error_of_its_class(
    client: Client, api: Api, status: int, code: int, kind: type[SendFailed]
) -> None:
    api.answers({"error": {"code": code, "message": "sentinel"}}, status, **{"Retry-After": "9"})
    with pytest.raises(kind) as raised:
        await client.send(TO, Text("Hello."), "key-1")
    assert raised.value.provider_code == code
    assert raised.value.retry_after == 9
    assert "sentinel" not in str(raised.value)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_without_json_is_tried_again(
    client: Client, api: Api, status: int
) -> None:
    api.answers(b"<html>Bad gateway</html>", status)
    with pytest.raises(SendTransient):
        await client.send(TO, Text("Hello."), "key-1")


@pytest.mark.parametrize(
    "body", [b"", b"{", {}, {"messages": []}, {"messages": [{}]}, {"messages": [{"id": 3}]}]
)
async def test_an_answer_without_an_id_is_unsure(client: Client, api: Api, body: Any) -> None:
    api.answers(body)
    with pytest.raises(SendUnsure):
        await client.send(TO, Text("Hello."), "key-1")


async def test_an_answer_that_does_not_come_is_unsure(
    client: Client, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "SEND_SECONDS", 0.1)

    async def silent(request: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        return web.Response()

    api.handler = silent
    with pytest.raises(SendUnsure):
        await client.send(TO, Text("Hello."), "key-1")
    assert len(api.asked) == 1


async def test_a_connection_that_dies_after_the_request_is_unsure(client: Client, api: Api) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.close()
        return web.Response()

    api.handler = hang_up
    with pytest.raises(SendUnsure):
        await client.send(TO, Text("Hello."), "key-1")
    assert len(api.asked) == 1, "aiohttp must not repeat it by itself"


async def test_a_server_that_is_not_there_is_surely_not_asked() -> None:
    client = Client(number(f"http://127.0.0.1:{unused_port()}"))
    await client.open()
    with pytest.raises(SendTransient) as raised:
        await client.send(TO, Text("Hello."), "key-1")
    await client.close()
    assert not isinstance(raised.value, SendUnsure)


async def test_a_client_that_is_not_open_says_so(api: Api) -> None:
    with pytest.raises(SendTransient):
        await Client(number(api.url)).send(TO, Text("Hello."), "key-1")


async def test_a_redirect_never_carries_the_token_along(client: Client, api: Api) -> None:
    api.answers({}, 302, Location=f"{api.url}/elsewhere")
    with pytest.raises(SendFailed):
        await client.send(TO, Text("Hello."), "key-1")
    assert len(api.asked) == 1


# --- files that people sent


async def test_a_files_address_is_asked_for_with_our_number(client: Client, api: Api) -> None:
    url = f"{api.url}/file"
    api.answers({"url": url, "mime_type": "image/jpeg", "sha256": SHA256, "file_size": 9})
    info = await client.media("77/../x")
    assert info == MediaInfo(url, "image/jpeg", hashlib.sha256(FILE).digest(), 9)
    assert api.asked[0]["path"] in {"/v25.0/77%2F..%2Fx", "/v25.0/77/../x"}
    assert api.asked[0]["query"] == {"phone_number_id": "555"}
    assert url not in repr(info)


async def test_a_file_is_fetched_and_compared_with_its_hash(client: Client, api: Api) -> None:
    api.answers(FILE)
    digest = hashlib.sha256(FILE).digest()
    info = MediaInfo(f"{api.url}/file", "image/jpeg", digest, len(FILE))
    assert await client.download(info, 100) == FILE
    assert api.tokens == [f"Bearer {TOKEN}"]
    with pytest.raises(MediaRefused, match="announced"):
        await client.download(MediaInfo(info.url, "image/jpeg", b"other", None), 100)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/file",
        "https://lookaside.fbsbx.com.evil.example/file",
        "https://lookaside.fbsbx.com@evil.example/file",
        "https://evil@lookaside.fbsbx.com/file",
        "http://lookaside.fbsbx.com/file",
        "https://lookaside.fbsbx.com:8443/file",
        "https://lookaside.fbsbx.com:port/file",
        "ftp://lookaside.fbsbx.com/file",
        "//lookaside.fbsbx.com/file",
        "",
    ],
)
async def test_the_token_goes_to_no_other_host(url: str) -> None:
    # Without a session: whoever would connect fails in another way.
    client = Client(number("https://graph.facebook.com", "lookaside.fbsbx.com"))
    with pytest.raises(MediaRefused, match="media host refused"):
        await client.download(MediaInfo(url, "image/jpeg", None, None), 100)


async def test_metas_own_host_is_trusted_over_tls() -> None:
    client = Client(number("https://graph.facebook.com", "lookaside.fbsbx.com"))
    info = MediaInfo("https://lookaside.fbsbx.com/file?a=1", "image/jpeg", None, None)
    with pytest.raises(MediaUnavailable, match="SendTransient"):  # it is not open
        await client.download(info, 100)


async def test_a_file_that_is_too_large_is_left_where_it_is(client: Client, api: Api) -> None:
    url = f"{api.url}/file"
    with pytest.raises(MediaRefused, match="too large"):
        await client.download(MediaInfo(url, "image/jpeg", None, 101), 100)
    assert api.asked == []
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while sent < 50_000_000:
                await answer.write(b"x" * 65536)
                sent += 65536
        except (ConnectionError, asyncio.CancelledError):
            pass
        return answer

    api.handler = endless
    with pytest.raises(MediaRefused, match="too large"):
        await client.download(MediaInfo(url, "image/jpeg", None, None), 100_000)
    assert sent < 50_000_000


@pytest.mark.parametrize("status", [302, 401, 404, 500])
async def test_an_address_that_has_ended_is_asked_for_again(
    client: Client, api: Api, status: int
) -> None:
    api.answers(b"", status, Location="http://evil.example/")
    with pytest.raises(MediaUnavailable):
        await client.download(MediaInfo(f"{api.url}/file", "image/jpeg", None, None), 100)
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (100, MediaRefused),
        (131052, MediaUnavailable),
        (190, MediaUnavailable),
        (2, MediaUnavailable),
    ],
)
async def test_a_file_that_is_gone_is_lost_and_a_busy_api_is_asked_again(
    client: Client, api: Api, code: int, kind: type[Exception]
) -> None:
    api.answers({"error": {"code": code, "error_subcode": 33}}, 400)
    with pytest.raises(kind):
        await client.media("77")


@pytest.mark.parametrize("body", [b"", [], {}, {"url": "u", "file_size": "x"}])
async def test_an_answer_without_an_address_is_asked_for_again(
    client: Client, api: Api, body: Any
) -> None:
    api.answers(body)
    with pytest.raises(MediaUnavailable):
        await client.media("77")


# --- files that we send


async def test_a_file_is_uploaded_with_its_name_and_kind(client: Client, api: Api) -> None:
    seen: dict[str, Any] = {}

    async def take(request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        seen.update(type=form["type"], product=form["messaging_product"])
        seen.update(name=file.filename, content=file.file.read())
        return web.json_response({"id": "88"})

    api.handler = take
    assert await client.upload(b"%PDF", "application/pdf", "list.pdf") == "88"
    assert seen["name"] == "list.pdf"
    assert seen["content"] == b"%PDF"
    assert (seen["type"], seen["product"]) == ("application/pdf", "whatsapp")
    assert api.asked[0]["path"] == "/v25.0/555/media"


async def test_an_upload_without_an_answer_may_be_repeated(client: Client, api: Api) -> None:
    api.answers({})
    with pytest.raises(UploadFailed):
        await client.upload(b"%PDF", "application/pdf", "list.pdf")


async def test_nothing_that_is_logged_or_raised_holds_a_secret_or_a_person(
    client: Client, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    messages = []
    for body, status in (({"error": {"code": 190, "message": "40722000111"}}, 401), (b"", 200)):
        api.answers(body, status)
        try:
            await client.send(TO, Text("text-sentinel"), "key-1")
        except SendFailed as error:
            messages.append(f"{error} {error!r}")
    assert len(messages) == 2
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    for word in (TOKEN, "40722000111", "text-sentinel"):
        assert word not in "".join(messages + ours)
