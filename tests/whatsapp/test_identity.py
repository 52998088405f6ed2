"""Who is who: numbers, user ids and what becomes of them; and that an erasure takes all of it."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from bot.channels.whatsapp import CHANNEL
from bot.conversations.message import Outbound
from bot.gateway.jobs import erase_expired
from bot.store import erasure, media, outbox
from bot.store.aliases import Directory, address_of
from bot.store.database import Connection, Database
from bot.store.vault import Vault
from tests.fakes import FakeRasa
from tests.line.test_erasure import everything
from tests.whatsapp.gateway import Gateway, execute, rows, until
from tests.whatsapp.graph import FakeGraph
from tests.whatsapp.payloads import message, text

NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    """A transaction in a store without conversations."""
    async with database.transaction() as opened:
        await opened.execute("TRUNCATE conversation CASCADE")
        yield opened


@pytest.fixture
def directory(connection: Connection, vault: Vault) -> Directory:
    return Directory(connection, vault, CHANNEL)


async def who(directory: Directory, seconds: float = 0, **names: str) -> UUID:
    return await directory.find_or_make(names, NOW + timedelta(seconds=seconds))


async def test_a_person_stays_the_same_by_any_of_the_names(directory: Directory) -> None:
    first = await who(directory, user_id="RO.1", phone="40722000001", parent_id="RO.ENT.1")
    assert await who(directory, user_id="RO.1") == first
    assert await who(directory, phone="40722000001") == first
    assert await who(directory, parent_id="RO.ENT.1") == first
    assert await who(directory, user_id="RO.2") != first


async def test_a_number_that_is_known_later_leads_to_the_same_person(
    directory: Directory, connection: Connection, vault: Vault
) -> None:
    first = await who(directory, user_id="RO.1")
    assert await address_of(connection, vault, first) == {"user_id": "RO.1"}
    assert await who(directory, 1, user_id="RO.1", phone="40722000001") == first
    assert await who(directory, 2, phone="40722000001") == first
    assert await address_of(connection, vault, first) == {
        "user_id": "RO.1",
        "phone": "40722000001",
    }


async def test_a_user_id_that_is_known_later_leads_to_the_same_person(directory: Directory) -> None:
    first = await who(directory, phone="40722000001")
    assert await who(directory, 1, phone="40722000001", user_id="RO.1") == first
    assert await who(directory, 2, user_id="RO.1") == first


async def test_a_number_that_went_to_another_account_opens_nothing_of_the_first(
    directory: Directory, connection: Connection, vault: Vault
) -> None:
    first = await who(directory, user_id="RO.1", phone="40722000001")
    second = await who(directory, 1, user_id="RO.2", phone="40722000001")
    assert second != first
    assert await who(directory, 2, phone="40722000001") == second
    assert await address_of(connection, vault, first) == {"user_id": "RO.1"}
    assert (await address_of(connection, vault, second))["phone"] == "40722000001"


async def test_a_persons_newest_number_is_the_one_also_when_an_older_message_comes_late(
    directory: Directory, connection: Connection, vault: Vault
) -> None:
    first = await who(directory, 10, user_id="RO.1", phone="40722000002")
    assert await who(directory, 5, user_id="RO.1", phone="40722000001") == first
    assert (await address_of(connection, vault, first))["phone"] == "40722000002"
    assert await who(directory, 20, user_id="RO.1", phone="40722000003") == first
    assert (await address_of(connection, vault, first))["phone"] == "40722000003"
    assert await who(directory, 30, phone="40722000002") != first


async def test_two_conversations_that_turn_out_to_be_one_persons_are_sent_to_and_erased_as_one(
    directory: Directory, connection: Connection, vault: Vault
) -> None:
    by_phone = await who(directory, phone="40722000001")
    by_id = await who(directory, 1, user_id="RO.1")
    assert by_phone != by_id
    assert await who(directory, 2, user_id="RO.1", phone="40722000001") == by_id
    expected = {"user_id": "RO.1", "phone": "40722000001"}
    assert await address_of(connection, vault, by_id) == expected
    assert await address_of(connection, vault, by_phone) == expected
    assert await erasure.erase(connection, by_id, "E-1") is not None
    assert await address_of(connection, vault, by_phone) == {}
    assert await erasure.erase(connection, by_phone, "E-2") is None


async def test_a_new_number_takes_the_old_ones_place(
    directory: Directory, connection: Connection, vault: Vault
) -> None:
    first = await who(directory, phone="40722000001", user_id="RO.1")
    new = {"phone": "40722000009", "user_id": "RO.9"}
    assert await directory.change({"phone": "40722000001"}, new, NOW + timedelta(seconds=1))
    assert await who(directory, 2, phone="40722000009") == first
    assert await address_of(connection, vault, first) == new
    # Whoever gets the old number is somebody else.
    assert await who(directory, 3, phone="40722000001") != first


async def test_a_change_that_comes_after_the_first_message_from_the_new_number(
    directory: Directory, connection: Connection, vault: Vault
) -> None:
    old = await who(directory, phone="40722000001")
    new = await who(directory, 5, phone="40722000009")
    changed = await directory.change(
        {"phone": "40722000001"}, {"phone": "40722000009"}, NOW + timedelta(seconds=1)
    )
    assert changed
    assert await who(directory, 6, phone="40722000009") == new
    # What waits in the earlier conversation still finds its person; the old number does not.
    assert await address_of(connection, vault, old) == {"phone": "40722000009"}
    assert await who(directory, 7, phone="40722000001") not in (old, new)


async def test_a_change_of_somebody_unknown_is_nothing(directory: Directory) -> None:
    assert not await directory.change({"phone": "1"}, {"phone": "2"}, NOW)
    assert await directory.find({"phone": "2"}) is None


async def test_names_are_stored_sealed_and_found_by_a_keyed_hash(
    directory: Directory, connection: Connection, vault: Vault
) -> None:
    first = await who(directory, phone="40722000001")
    cursor = await connection.execute("SELECT alias::text AS row, hash FROM alias")
    (row,) = await cursor.fetchall()
    for form in ("40722000001", b"40722000001".hex()):
        assert form not in row["row"]
    assert bytes(row["hash"]) != Vault(b"z" * 32).hash("phone:40722000001")
    other_key = Directory(connection, Vault(b"z" * 32), CHANNEL)
    assert await other_key.find({"phone": "40722000001"}) is None
    assert await directory.find({"phone": "40722000001"}) == first


async def test_a_person_without_a_number_is_answered_by_the_user_id(
    gateway: Gateway, fake_rasa: FakeRasa, graph: FakeGraph
) -> None:
    user_id = f"RO.{uuid.uuid4().hex}"
    await gateway.deliver(text("no number", None, from_user_id=user_id))
    await until(lambda: graph.sent())
    (answer,) = graph.sent()
    assert (answer["recipient"], answer.get("to")) == (user_id, None)
    assert answer["text"]["body"] == "echo: no number"


async def test_a_changed_number_is_answered_at_the_new_one(
    gateway: Gateway, fake_rasa: FakeRasa, graph: FakeGraph, phone: str
) -> None:
    new = f"{phone}9"
    now = int(time.time())
    system = {"type": "user_changed_number", "wa_id": new, "body": f"{phone} changed to {new}"}
    change = message("system", phone, system=system, timestamp=str(now - 5))
    await gateway.deliver(text("first", phone, timestamp=str(now - 10)))
    await until(lambda: graph.sent())
    await gateway.deliver(text("second", new, timestamp=str(now)), change)
    await until(lambda: len(graph.sent()) == 2)
    assert [post["to"] for post in graph.sent()] == [phone, new]
    conversations = {call["conversation"] for call in fake_rasa.calls}
    assert len(conversations) == 1


async def told_everything(gateway: Gateway, url: str, phone: str) -> str:
    """A person of whom every table of the channel holds something."""
    image = {"id": "media-lost", "mime_type": "image/jpeg", "caption": f"sentinel{phone}"}
    await gateway.deliver(message("image", phone, image=image), text("hello", phone))
    query = (
        "SELECT i.conversation_id AS id FROM inbound AS i JOIN delivery AS d"
        " ON d.conversation_id = i.conversation_id WHERE i.text = %s"
    )
    await until(lambda: rows(url, query, f"sentinel{phone}"))
    return str(rows(url, query, f"sentinel{phone}")[0]["id"])


async def test_an_erasure_counts_and_deletes_what_the_channel_stored(
    gateway: Gateway,
    fake_rasa: FakeRasa,
    database: Database,
    vault: Vault,
    postgres_url: str,
    phone: str,
) -> None:
    conversation = await told_everything(gateway, postgres_url, phone)
    (picture,) = rows(postgres_url, "SELECT id FROM media WHERE conversation_id = %s", conversation)
    async with database.transaction() as connection:
        await media.keep(connection, vault, picture["id"], b"pixels", b"0" * 32)
        counts = await erasure.erase(connection, UUID(conversation), "E-WA")
    assert counts is not None
    assert counts["alias"] == 1 and counts["media"] == 1 and counts["delivery"] >= 1
    assert counts["inbound"] == 2
    await until(lambda: not holding(postgres_url, conversation, phone))
    # A late repetition of an erased message is none; a new message is a new conversation.
    assert rows(postgres_url, "SELECT 1 AS kept FROM received")


def holding(url: str, *words: str) -> set[str]:
    return {name for name, held in everything(url).items() if any(w in held for w in words)}


async def test_the_receipt_of_an_erasure_by_words_finds_its_person_and_then_all_is_gone(
    gateway: Gateway, fake_rasa: FakeRasa, graph: FakeGraph, postgres_url: str, phone: str
) -> None:
    fake_rasa.script["delete it"] = {"messages": [], "custom": {"erase": True}}
    await gateway.deliver(text("hello", phone))
    await until(lambda: graph.sent())
    await gateway.deliver(text("delete it", phone))
    await until(lambda: len(graph.sent()) == 2)
    receipt = graph.sent()[1]
    assert receipt["to"] == phone
    assert "Everything is deleted" in receipt["text"]["body"]
    # The heir that carried it, and with it the person's names, go when it is out.
    heirs = "SELECT 1 AS one FROM outbound WHERE key LIKE 'receipt:%%'"
    await until(lambda: not rows(postgres_url, heirs))
    assert not holding(postgres_url, phone)


async def test_a_receipt_takes_the_names_along_until_it_is_sent(
    directory: Directory, connection: Connection, vault: Vault
) -> None:
    conversation = await who(directory, phone="40722000001", user_id="RO.1")
    await connection.execute("UPDATE conversation SET window_until = now() + interval '3 hours'")
    receipt = Outbound(text="Everything is deleted.", asks=False)
    await erasure.erase(connection, conversation, "E-3", receipt)
    heir = await directory.find({"phone": "40722000001"})
    assert heir is not None and heir != conversation
    assert await address_of(connection, vault, heir) == {"user_id": "RO.1", "phone": "40722000001"}
    waiting = await outbox.first_waiting(connection, heir)
    assert waiting is not None and waiting.key == "receipt:E-3"
    cursor = await connection.execute("SELECT window_until > now() AS open FROM conversation")
    assert (await cursor.fetchone() or {})["open"]


async def test_retention_takes_the_channels_rows_along(
    gateway: Gateway, fake_rasa: FakeRasa, database: Database, postgres_url: str, phone: str
) -> None:
    conversation = await told_everything(gateway, postgres_url, phone)
    old = "UPDATE conversation SET last_activity_at = now() - interval '31 days' WHERE id = %s"
    await asyncio.to_thread(execute, postgres_url, old, conversation)
    assert await erase_expired(database, days=30) == 1
    await until(lambda: not holding(postgres_url, conversation))
    for table in ("alias", "media", "delivery"):
        query: Any = f"SELECT 1 AS one FROM {table} WHERE conversation_id = %s"  # noqa: S608
        assert rows(postgres_url, query, conversation) == []
