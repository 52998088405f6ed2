"""What is read off a webhook, and which signature counts, agrees with three foreign libraries."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pywa import WhatsApp, handlers
from pywa.types import Message
from pywa.utils import webhook_updates_validator

from bot.channels.whatsapp.content import WAITING_PAYLOAD
from bot.channels.whatsapp.events import Batch, Received, Status
from bot.channels.whatsapp.parse import parse
from bot.channels.whatsapp.signature import is_signed, read_signature
from bot.conversations.message import read_choice_id
from tests.whatsapp.peers.composed import webhooks
from tests.whatsapp.peers.oracles import Oracles

pytest_plugins = ["tests.whatsapp.peers.plugin"]

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
NOW = datetime(2026, 11, 1, tzinfo=timezone.utc)
# What is read by everybody, and answered by nobody.
SILENT = {"reaction", "edit", "revoke"}
STATES = {"sent", "delivered", "read", "failed"}
TOLD_OTHERWISE = {"location", "contacts", "order"}


def body_of(webhook: Any) -> bytes:
    """Escaped, as Meta escapes."""
    return json.dumps(webhook).encode()


# --- reading, beside kapso: everything of a batch


def test_all_sixteen_official_samples_are_there() -> None:
    assert len(SAMPLES) == 16


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
@pytest.mark.parametrize("escaped", [True, False])
def test_an_official_sample_is_read_as_kapso_reads_it(
    oracles: Oracles, sample: Path, escaped: bool
) -> None:
    webhook = json.loads(sample.read_text(encoding="utf-8"))
    body = json.dumps(webhook, ensure_ascii=escaped).encode()
    agree(parse(body, NOW), oracles.read(body.decode())["kapso"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(webhook=webhooks())
def test_a_batch_is_read_as_kapso_reads_it(oracles: Oracles, webhook: Mapping[str, Any]) -> None:
    body = body_of(webhook)
    agree(parse(body, NOW), oracles.read(body.decode())["kapso"])


def agree(ours: Batch, theirs: Mapping[str, Any]) -> None:
    """Everything that kapso found is there, in the order of time, and nothing else."""
    assert ours.problems == ()
    spoken = [one for one in in_time(theirs["messages"]) if one["type"] not in SILENT]
    assert [message_of(one) for one in ours.messages] == [
        expected(one) for one in spoken if one["type"] != "system"
    ]
    moved = [one["id"] for one in spoken if one["type"] == "system"]
    assert [change.id for change in ours.changes] == moved
    told = [one for one in in_time(theirs["statuses"]) if one["status"] in STATES]
    assert [status_of(one) for one in ours.statuses] == [
        (
            one["id"],
            one["status"],
            int(one["timestamp"]),
            one.get("key"),
            one.get("error"),
            names(one),
        )
        for one in told
    ]


def in_time(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda one: int(one["timestamp"]))


def status_of(ours: Status) -> tuple[Any, ...]:
    at = int(ours.at.timestamp())
    return (ours.id, ours.state, at, ours.key, ours.error_code, ours.recipient.names())


def message_of(ours: Received) -> dict[str, Any]:
    return {
        "id": ours.id,
        "at": int(ours.at.timestamp()),
        "kind": ours.kind,
        # A place, a card and an order are told in our words.
        "text": None if ours.kind in TOLD_OTHERWISE else ours.text,
        "choice": ours.choice,
        "media": ours.media.id if ours.media else None,
        "context": ours.context_id,
        "names": ours.sender.names(),
    }


def expected(theirs: Mapping[str, Any]) -> dict[str, Any]:
    """What we make of a message as another library read it."""
    return {
        "id": theirs["id"],
        "at": int(theirs["timestamp"]),
        "kind": kind_of(theirs),
        "text": None if theirs["type"] in TOLD_OTHERWISE else theirs["text"] or "",
        "choice": our_choice(theirs),
        "media": theirs["media"],
        "context": theirs["context"],
        "names": names(theirs),
    }


def kind_of(theirs: Mapping[str, Any]) -> str:
    kind = str(theirs["type"])
    if kind == "button" and theirs["choice"] == WAITING_PAYLOAD:
        return "tap"
    if kind in {"interactive", "button"}:
        return "choice" if our_choice(theirs) else "text"
    return "voice" if theirs["voice"] else kind


def our_choice(theirs: Mapping[str, Any]) -> str | None:
    return theirs["choice"] if read_choice_id(theirs["choice"] or "") else None


def names(theirs: Mapping[str, Any]) -> dict[str, str]:
    keys = ("user_id", "phone", "parent_id")
    return {key: theirs[key] for key in keys if theirs.get(key)}


# --- reading, beside libraries that read one message a webhook


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(webhook=webhooks(only_messages=True))
def test_a_first_message_is_read_as_whatsapp_api_js_reads_it(
    oracles: Oracles, webhook: Mapping[str, Any]
) -> None:
    body = body_of(first_of(webhook))
    theirs = oracles.read(body.decode())["whatsapp-api-js"]["first"]
    assert theirs["what"] == "message"
    ours = [message_of(one) for one in parse(body, NOW).messages]
    assert ours == ([] if theirs["type"] in SILENT else [expected(theirs)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(webhook=webhooks(only_messages=True))
def test_a_first_message_is_read_as_pywa_reads_it(webhook: Mapping[str, Any]) -> None:
    body = body_of(known_by_user_id(first_of(webhook)))
    theirs = read_by_pywa(body)
    ours = parse(body, NOW).messages
    if theirs["type"] in SILENT:
        assert ours == ()
    else:
        found = message_of(ours[0])
        assert found == expected({**found, **theirs})


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_an_official_sample_s_message_is_read_as_pywa_reads_it(sample: Path) -> None:
    webhook = json.loads(sample.read_text(encoding="utf-8"))
    value = webhook["entry"][0]["changes"][0]["value"]
    if "messages" not in value or "contacts" not in value:
        assert parse(body_of(webhook), NOW).messages == ()
        return
    body = body_of(known_by_user_id(webhook))
    theirs = read_by_pywa(body)
    ours = [message_of(one) for one in parse(body, NOW).messages]
    assert ours == [expected({**found, **theirs}) for found in ours]
    assert bool(ours) is (theirs["type"] not in SILENT)


def first_of(webhook: Mapping[str, Any]) -> dict[str, Any]:
    """The same webhook with its first message and its sender alone."""
    entry = webhook["entry"][0]
    change = entry["changes"][0]
    value = change["value"]
    message = value["messages"][0]
    keys = {"from": "wa_id", "from_user_id": "user_id", "from_parent_user_id": "parent_user_id"}
    contact = {name: message[key] for key, name in keys.items() if key in message}
    alone = {**value, "messages": [message], "contacts": [contact]}
    return {**webhook, "entry": [{**entry, "changes": [{**change, "value": alone}]}]}


def known_by_user_id(webhook: dict[str, Any]) -> dict[str, Any]:
    """Pywa reads nothing of a person without a user id; the samples are older than those."""
    value = webhook["entry"][0]["changes"][0]["value"]
    value["contacts"][0].setdefault("user_id", "RO.0001")
    return webhook


def read_by_pywa(body: bytes) -> dict[str, Any]:
    """What pywa finds in a webhook, in our words; only what pywa tells at all."""
    found: list[Any] = []
    client = WhatsApp(validate_updates=False, filter_updates=False)
    for handler in (
        handlers.MessageHandler,
        handlers.CallbackButtonHandler,
        handlers.CallbackSelectionHandler,
    ):
        client.add_handlers(handler(lambda _client, update: found.append(update)))
    assert client.webhook_update_handler(body) == ("ok", 200)
    (update,) = found
    reply = update.reply_to_message
    user = update.from_user
    told = {
        "id": update.id,
        "type": update.type.value,
        "timestamp": str(int(update.timestamp.timestamp())),
        "context": reply.id if reply else None,
        "phone": user.wa_id,
        "user_id": user.bsuid,
        "parent_id": user.parent_bsuid,
        "voice": False,
    }
    if isinstance(update, Message):
        media = update.media
        told["media"] = media.id if media else None
        told["voice"] = update.voice is not None
        told["text"] = update.text or update.caption
        return {**told, "choice": None}
    return {**told, "media": None, "text": update.title, "choice": update.data}


# --- signatures

SECRET = "a secret"
BODIES = st.sampled_from(
    [
        body_of({"text": "\u00e4 مرحبا"}),
        b"{}",
        json.dumps({"text": "\u00e4 مرحبا"}, ensure_ascii=False).encode(),
    ]
)


def signature_of(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_ours(body: bytes, header: str) -> bool:
    signature = read_signature(header)
    return signature is not None and is_signed(body, signature, SECRET)


@settings(max_examples=80, deadline=None)
@given(body=BODIES, right=st.booleans(), cut=st.integers(0, 63), extra=st.sampled_from(["", "0"]))
def test_a_signature_counts_for_all_or_for_none(
    oracles: Oracles, body: bytes, right: bool, cut: int, extra: str
) -> None:
    header = signature_of(body, SECRET if right else "another")
    header = header[: len(header) - cut] + extra
    ours = is_ours(body, header)
    assert ours is (right and not cut and not extra)
    theirs = oracles.verify(SECRET, body, header)
    if not body.isascii():
        # It escapes what it verifies, whatever was signed: it knows Meta's own form only.
        del theirs["whatsapp-api-js"]
    theirs["pywa"] = webhook_updates_validator(SECRET, body, header)
    if extra and not cut:
        # Half a byte too much: Node's hex reader drops it in silence. We do not.
        assert not theirs.pop("pywa")
        assert set(theirs.values()) <= {right}
    else:
        assert set(theirs.values()) == {ours}
