"""Pictures, voice notes and files: fetched from trusted hosts only, checked, kept sealed."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.whatsapp.client import Client
from bot.conversations.message import InboundDraft
from bot.gateway import fetching
from bot.gateway.fetching import DELAYS, Fetching
from bot.gateway.handling import TryAgain
from bot.gateway.metrics import Metrics
from bot.settings import WhatsApp
from bot.store import aliases, inbox, media
from bot.store.database import Database
from bot.store.vault import Vault
from tests.fakes import FakeRasa
from tests.whatsapp.conftest import ACCESS_TOKEN
from tests.whatsapp.gateway import VOICE, Gateway, rows, until
from tests.whatsapp.graph import FakeGraph, File
from tests.whatsapp.payloads import message

VOICE_NOTE = b"OggS" + b"\x00voice sentinel" * 100


@pytest.fixture
async def fetch(number: WhatsApp, database: Database, vault: Vault) -> AsyncIterator[Fetching]:
    """Fetching by the channel's own client."""
    client = Client(number)
    await client.open()
    yield Fetching(client, database, vault, VOICE, Metrics())
    await client.close()


async def want(
    database: Database, vault: Vault, provider_id: str, sha256: bytes | None = None
) -> int:
    """A message with a picture that is not fetched yet; give the picture's row."""
    async with database.transaction() as connection:
        directory = aliases.Directory(connection, vault, "whatsapp")
        conversation = await directory.find_or_make(
            {"user_id": f"RO.{uuid.uuid4().hex}"}, datetime.now(timezone.utc)
        )
        accepted = await inbox.accept(
            connection, conversation, InboundDraft(uuid.uuid4().hex, b"x", kind="image")
        )
        return await media.want(
            connection,
            vault,
            conversation,
            accepted.id,
            kind="image",
            provider_id=provider_id,
            mime_type="image/jpeg",
            filename="passport of Amina.jpg",
            sha256=sha256,
        )


def state(url: str, row: int) -> str:
    return str(rows(url, "SELECT state FROM media WHERE id = %s", row)[0]["state"])


async def test_a_voice_note_is_kept_sealed_and_can_be_opened(
    gateway: Gateway,
    fake_rasa: FakeRasa,
    graph: FakeGraph,
    database: Database,
    vault: Vault,
    postgres_url: str,
    phone: str,
) -> None:
    graph.files["voice-1"] = File(VOICE_NOTE, "audio/ogg; codecs=opus")
    audio = {
        "id": "voice-1",
        "mime_type": "audio/ogg; codecs=opus",
        "voice": True,
        "sha256": base64.b64encode(hashlib.sha256(VOICE_NOTE).digest()).decode(),
    }
    await gateway.deliver(message("audio", phone, audio=audio))
    query = "SELECT * FROM media WHERE provider_id = 'voice-1'"
    await until(lambda: rows(postgres_url, query) and rows(postgres_url, query)[0]["content"])
    row = rows(postgres_url, query)[0]
    assert (row["kind"], row["state"], row["bytes"]) == ("voice", "kept", len(VOICE_NOTE))
    assert b"sentinel" not in bytes(row["content"])
    async with database.transaction() as connection:
        kept = await media.read(connection, vault, row["id"])
    assert kept is not None and kept.content == VOICE_NOTE
    # The person hears in words that it is kept for a counsellor.
    await until(lambda: graph.sent())
    assert "kept for a counsellor" in graph.sent()[0]["text"]["body"]


async def test_a_sticker_is_not_kept(
    gateway: Gateway, fake_rasa: FakeRasa, graph: FakeGraph, postgres_url: str, phone: str
) -> None:
    await gateway.deliver(message("sticker", phone, sticker={"id": "s-1"}))
    await until(lambda: graph.sent())
    assert rows(postgres_url, "SELECT 1 AS one FROM media WHERE provider_id = 's-1'") == []


async def test_a_file_name_is_sealed(
    fetch: Fetching, graph: FakeGraph, database: Database, vault: Vault, postgres_url: str
) -> None:
    graph.files["named"] = File(b"pixels")
    row = await want(database, vault, "named")
    await fetch.fetch(row, 0)
    stored = rows(postgres_url, "SELECT media::text AS row, filename FROM media WHERE id = %s", row)
    assert b"Amina".hex() not in stored[0]["row"] and "Amina" not in stored[0]["row"]
    async with database.transaction() as connection:
        kept = await media.read(connection, vault, row)
    assert kept is not None and kept.filename == "passport of Amina.jpg"


async def test_the_token_goes_to_the_trusted_host_and_what_ended_is_asked_for_again(
    fetch: Fetching, graph: FakeGraph, database: Database, vault: Vault, postgres_url: str
) -> None:
    graph.files["p"] = File(b"pixels")
    graph.file_statuses = [404]
    row = await want(database, vault, "p")
    with pytest.raises(TryAgain):
        await fetch.fetch(row, 0)
    assert state(postgres_url, row) == "wanted"
    await fetch.fetch(row, 1)
    assert state(postgres_url, row) == "kept"
    # Each try asked for a new address.
    assert graph.fetched == [("1", f"Bearer {ACCESS_TOKEN}"), ("2", f"Bearer {ACCESS_TOKEN}")]
    # Done is done: another run of the job fetches nothing.
    await fetch.fetch(row, 2)
    assert len(graph.fetched) == 2


@pytest.fixture
async def stranger() -> AsyncIterator[tuple[str, list[Any]]]:
    """Another host, and the headers that it is shown."""
    seen: list[Any] = []

    async def listen(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(body=b"pixels")

    app = web.Application()
    app.router.add_get("/{rest:.*}", listen)
    async with TestServer(app) as server:
        yield str(server.make_url("")).removeprefix("http://").rstrip("/"), seen


async def test_another_host_is_never_asked_and_never_shown_the_token(
    fetch: Fetching,
    graph: FakeGraph,
    stranger: tuple[str, list[Any]],
    database: Database,
    vault: Vault,
    postgres_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    host, seen = stranger
    graph.files["away"] = File(b"pixels", host=host)
    row = await want(database, vault, "away")
    await fetch.fetch(row, 0)
    assert (state(postgres_url, row), seen) == ("lost", [])
    assert "media_refused" in caplog.text and ACCESS_TOKEN not in caplog.text


async def test_a_redirect_is_not_followed(
    fetch: Fetching,
    graph: FakeGraph,
    stranger: tuple[str, list[Any]],
    database: Database,
    vault: Vault,
    postgres_url: str,
) -> None:
    host, seen = stranger
    graph.files["moved"] = File(b"pixels", redirect=f"http://{host}/x")
    row = await want(database, vault, "moved")
    with pytest.raises(TryAgain):
        await fetch.fetch(row, 0)
    assert seen == []


async def test_a_file_that_is_too_large_is_not_kept(
    fetch: Fetching,
    graph: FakeGraph,
    database: Database,
    vault: Vault,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 1000)
    graph.files["large"] = File(b"x" * 1001)
    row = await want(database, vault, "large")
    await fetch.fetch(row, 0)
    assert state(postgres_url, row) == "lost"


@pytest.mark.parametrize("by_graph", [True, False])
async def test_a_file_that_is_not_the_announced_one_is_not_kept(
    fetch: Fetching,
    graph: FakeGraph,
    database: Database,
    vault: Vault,
    postgres_url: str,
    by_graph: bool,
) -> None:
    other = hashlib.sha256(b"another").digest()
    graph.files["forged"] = File(b"pixels", announced=other if by_graph else None)
    row = await want(database, vault, "forged", sha256=None if by_graph else other)
    await fetch.fetch(row, 0)
    assert state(postgres_url, row) == "lost"


async def test_whoever_sent_what_is_lost_is_asked_once_to_send_it_again(
    fetch: Fetching, graph: FakeGraph, database: Database, vault: Vault, postgres_url: str
) -> None:
    graph.media_statuses = [500] * (len(DELAYS) + 1)
    graph.files["slow"] = File(b"pixels")
    row = await want(database, vault, "slow")
    for attempt, delay in enumerate(DELAYS):
        with pytest.raises(TryAgain) as again:
            await fetch.fetch(row, attempt)
        assert again.value.delay == delay
    await fetch.fetch(row, len(DELAYS))
    assert state(postgres_url, row) == "lost"
    await fetch.fetch(row, len(DELAYS) + 1)
    said = rows(
        postgres_url,
        "SELECT body->'names' AS names FROM outbound AS o JOIN media AS m"
        " ON m.conversation_id = o.conversation_id WHERE m.id = %s",
        row,
    )
    assert [one["names"] for one in said] == [["utter_kept_lost"]]


async def test_what_was_erased_is_not_fetched(
    fetch: Fetching, graph: FakeGraph, database: Database, vault: Vault
) -> None:
    graph.files["erased"] = File(b"pixels")
    row = await want(database, vault, "erased")
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM media WHERE id = %s", (row,))
    await fetch.fetch(row, 0)
    assert graph.asked == []


async def test_a_host_is_trusted_by_name_and_port(
    number: WhatsApp, graph: FakeGraph, database: Database, vault: Vault, postgres_url: str
) -> None:
    client = Client(replace(number, media_hosts=("127.0.0.1",)))
    await client.open()
    strict = Fetching(client, database, vault, VOICE, Metrics())
    graph.files["port"] = File(b"pixels")
    row = await want(database, vault, "port")
    await strict.fetch(row, 0)
    await client.close()
    assert (state(postgres_url, row), graph.fetched) == ("lost", [])
