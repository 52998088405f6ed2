"""What a webhook's body says, read from Meta's own samples and from hostile ones."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.content import WAITING_PAYLOAD
from bot.channels.whatsapp.events import Batch, Received, Sender
from bot.channels.whatsapp.parse import parse
from tests.whatsapp import payloads

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc)
# What each official sample is: a kind of message, an event of another sort, or none for us.
EXPECTED = {
    "button_message": "text",
    "contact_sharing_message": "contacts",
    "group_create_message": None,
    "group_remove_participants": None,
    "group_settings_update": None,
    "image_message": "image",
    "interactive_button_reply_message": "text",
    "interactive_list_reply_message": "text",
    "location_message": "location",
    "order_message": "order",
    "reaction_message": None,
    "system_message": "change",
    "text_message": "text",
    "text_message_from_click_to_whatsapp_ad": "text",
    "text_message_with_context_product_inquiry": "text",
    "unsupported_message": "unsupported",
}


def read(body: Any, **more: Any) -> Batch:
    return parse(json.dumps(body).encode(), NOW, **more)


def one(message: dict[str, Any], **more: Any) -> Received:
    batch = read(payloads.envelope(messages=[message], **more))
    assert batch.problems == ()
    (only,) = batch.messages
    return only


def test_all_official_samples_are_here() -> None:
    assert {file.stem for file in SAMPLES} == set(EXPECTED)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_an_official_sample_is_what_it_is(file: Path) -> None:
    batch = parse(file.read_bytes(), NOW)
    assert batch.problems == ()
    assert batch.statuses == ()
    kinds = [message.kind for message in batch.messages] + ["change"] * len(batch.changes)
    expected = EXPECTED[file.stem]
    assert kinds == ([expected] if expected else [])
    assert batch.ignored == (0 if expected else 1)


def test_a_sample_gives_its_sender_time_text_and_context() -> None:
    file = next(f for f in SAMPLES if f.stem == "interactive_list_reply_message")
    (message,) = parse(file.read_bytes(), NOW).messages
    assert message.sender == Sender(phone="16505551234")
    assert message.text == "Priority Mail Express"
    assert message.at == datetime.fromtimestamp(1749854575, timezone.utc)
    assert message.context_id and message.context_id.startswith("wamid.")


def test_a_picture_gives_what_is_needed_to_fetch_it() -> None:
    file = next(f for f in SAMPLES if f.stem == "image_message")
    (message,) = parse(file.read_bytes(), NOW).messages
    assert message.media is not None
    assert (message.text, message.media.kind) == ("Taj Mahal", "image")
    assert (message.media.id, message.media.mime_type) == ("1003383421387256", "image/jpeg")
    assert message.media.sha256 and len(message.media.sha256) == 32


def test_a_voice_note_is_told_from_other_audio_in_both_forms() -> None:
    audio = {"id": "1", "mime_type": "audio/ogg; codecs=opus"}
    assert one(payloads.message("audio", audio={**audio, "voice": True})).kind == "voice"
    assert one(payloads.message("voice", voice=audio)).kind == "voice"
    assert one(payloads.message("audio", audio={**audio, "voice": False})).kind == "audio"


def test_a_button_of_ours_is_a_choice_and_another_one_is_its_title() -> None:
    def tapped(identifier: str) -> Received:
        reply = {"id": identifier, "title": "Refugee"}
        return one(payloads.message("interactive", interactive={
            "type": "button_reply", "button_reply": reply,
        }))  # fmt: skip

    ours, other = tapped("12-3"), tapped("cancel-button")
    assert (ours.kind, ours.choice, ours.text) == ("choice", "12-3", "Refugee")
    assert (other.kind, other.choice, other.text) == ("text", None, "Refugee")


def test_the_button_of_our_template_is_a_tap() -> None:
    button = {"payload": WAITING_PAYLOAD, "text": "Read the answer"}
    assert one(payloads.message("button", button=button)).kind == "tap"


def test_a_place_and_a_card_are_told_in_words() -> None:
    place = {"latitude": 36.2, "longitude": 37.16, "name": "حلب"}
    assert one(payloads.message("location", location=place)).text == "حلب\n36.2, 37.16"
    card = {"name": {"formatted_name": "Amina"}, "phones": [{"phone": "+963 11"}]}
    assert one(payloads.message("contacts", contacts=[card, {}])).text == "Amina +963 11"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("unknown_kind_of_2027", {}),
        ("text", {"text": {"body": "\u200b \n"}}),
        ("text", {"text": "no object"}),
        ("interactive", {"interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow"}}}),
        ("image", {"image": {"caption": "no id"}}),
        ("", {}),
    ],
)
def test_what_cannot_be_understood_is_unsupported_and_never_dropped(
    kind: str, fields: dict[str, Any]
) -> None:
    assert one(payloads.message(kind, **fields)).kind == "unsupported"


def test_who_opens_the_chat_starts() -> None:
    assert one(payloads.message("request_welcome")).kind == "start"


@pytest.mark.parametrize("kind", ["reaction", "edit", "revoke"])
def test_what_wants_no_answer_is_counted_only(kind: str) -> None:
    batch = read(payloads.envelope(messages=[payloads.message(kind)]))
    assert (batch.messages, batch.ignored, batch.problems) == ((), 1, ())


def test_a_group_message_and_another_topic_are_none_of_ours() -> None:
    message = payloads.text("hello all", group_id="Y2Fwa")
    assert read(payloads.envelope(messages=[message])).ignored == 1
    other = payloads.envelope(messages=[payloads.text("x")], topic="account_update")
    assert (read(other).messages, read(other).ignored) == ((), 1)


def test_a_batch_is_read_whole_and_in_the_order_of_time_then_place() -> None:
    entries = [
        payloads.entry(messages=[
            payloads.text(f"{n} of {batch}", id=f"wamid.{batch}{n}", timestamp=str(100 + (n == 0)))
            for n in range(3)
        ])
        for batch in range(2)
    ]  # fmt: skip
    texts = [message.text for message in read(payloads.enclose(*entries)).messages]
    assert texts == ["1 of 0", "2 of 0", "1 of 1", "2 of 1", "0 of 0", "0 of 1"]


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("1749416383", datetime.fromtimestamp(1749416383, timezone.utc)),
        (1749416383, datetime.fromtimestamp(1749416383, timezone.utc)),
        ("1749416383250", datetime.fromtimestamp(1749416383.25, timezone.utc)),
        (str(int((NOW + timedelta(days=400)).timestamp())), NOW),
        ("9" * 19, NOW),
        ("0", NOW),
        ("-5", NOW),
        ("soon", NOW),
        (None, NOW),
        (True, NOW),
        ("1" * 5000, NOW),
    ],
)
def test_a_time_is_read_in_seconds_or_milliseconds_and_is_never_to_come(
    stamp: Any, expected: datetime
) -> None:
    assert one(payloads.text("x", timestamp=stamp)).at == expected


def test_a_status_gives_our_key_its_state_and_its_error() -> None:
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    node = payloads.status("failed", "wamid.out", key="reply:1:1", errors=errors)
    (status,) = read(payloads.envelope(statuses=[node])).statuses
    assert (status.id, status.key, status.state) == ("wamid.out", "reply:1:1", "failed")
    assert status.error_code == 131047
    assert status.recipient == Sender(payloads.PHONE)


def test_an_unknown_state_does_not_break_the_batch() -> None:
    nodes = [payloads.status(state, "wamid.out") for state in ("played", "read", "deleted")]
    batch = read(payloads.envelope(statuses=nodes))
    assert [status.state for status in batch.statuses] == ["read"]
    assert batch.ignored == 2


def test_an_error_of_the_account_is_a_code() -> None:
    batch = read(payloads.envelope(errors=[{"code": 130429, "title": "Rate limit hit"}]))
    assert batch.problems == ("error_130429",)


def test_another_number_of_the_same_account_is_not_answered() -> None:
    body = payloads.envelope(messages=[payloads.text("x")])
    assert read(body, phone_number_id=payloads.NUMBER_ID).messages
    assert read(body, phone_number_id="999").problems == ("other_number",)


def test_nothing_personal_is_in_a_problem_or_in_a_printed_sender() -> None:
    assert payloads.PHONE not in repr(Sender(payloads.PHONE, "RO.1"))
    batch = read(payloads.envelope(messages=[payloads.text("secret words", sender=None)]))
    assert "secret" not in str(batch.problems)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"entry": 5}',
        b'{"entry": [{"changes": [{"field": "messages", "value": []}]}]}',
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 3_000_000,
        b'{"entry": ' + b"1" * 100_000 + b"}",
    ],
    ids=lambda body: f"{len(body)} bytes",
)
def test_a_hostile_body_is_a_code_and_no_crash(body: bytes) -> None:
    batch = parse(body, NOW)
    assert (batch.messages, batch.statuses, batch.changes) == ((), (), ())


def test_letters_that_cannot_be_stored_are_replaced() -> None:
    (message,) = parse(
        json.dumps(payloads.envelope(messages=[payloads.text("a\x00b\ud800c")])).encode(), NOW
    ).messages
    assert message.text == "ab\ufffdc"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    "id from from_user_id timestamp type text image interactive button system errors context"
    " group_id location contacts order audio status biz_opaque_callback_data".split()
)


@given(st.lists(st.dictionaries(KEYS, JSON, max_size=8), max_size=3), JSON, JSON)
def test_whatever_stands_anywhere_nothing_is_raised(nodes: Any, contacts: Any, more: Any) -> None:
    kinds = ["text", "image", "interactive", "button", "system", "location", "contacts", "order"]
    messages = [
        {**node, "id": "wamid.1", "from": "40722000001", "type": kind}
        for node in nodes
        for kind in kinds
    ]
    for value in (
        {"messages": messages, "contacts": contacts, "statuses": nodes, "errors": more},
        {"messages": nodes, "contacts": nodes, "statuses": more, "metadata": more},
    ):
        batch = read({"entry": [{"changes": [{"field": "messages", "value": value}]}]})
        for message in batch.messages:
            message.text.encode()
