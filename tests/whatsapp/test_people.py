"""Who a webhook speaks of, by whatever names it tells."""

from __future__ import annotations

from bot.channels.whatsapp.events import Sender
from tests.whatsapp import payloads
from tests.whatsapp.test_parse import one, read


def test_a_sender_without_a_number_is_known_by_the_user_id() -> None:
    message = payloads.text(
        "x", sender=None, from_user_id="MY.2035ABC", from_parent_user_id="MY.ENT.9"
    )
    assert one(message).sender == Sender(None, "MY.2035ABC", "MY.ENT.9")
    empty = payloads.text("x", sender="", from_user_id="MY.2035ABC")
    assert one(empty).sender == Sender(None, "MY.2035ABC")


def test_what_the_message_leaves_out_stands_in_its_own_contact() -> None:
    mine = {"wa_id": "40722000001", "user_id": "RO.1"}
    other = {"wa_id": "40722000002", "user_id": "RO.2"}
    message = payloads.text("x", sender="40722000001")
    assert one(message, contacts=[other, mine]).sender == Sender("40722000001", "RO.1")
    hidden = payloads.text("x", sender=None, from_user_id="RO.2")
    assert one(hidden, contacts=[mine, other]).sender == Sender("40722000002", "RO.2")
    nobody = payloads.text("x", sender=None)
    assert one(nobody, contacts=[other]).sender == Sender("40722000002", "RO.2")


def test_another_persons_contact_is_never_taken() -> None:
    message = payloads.text("x", sender="40722000001")
    contact = {"wa_id": "40722000002", "user_id": "RO.2"}
    assert one(message, contacts=[contact]).sender == Sender("40722000001")


def test_a_user_id_in_the_numbers_place_keeps_its_letters() -> None:
    assert one(payloads.text("x", sender="US.134912")).sender == Sender(user_id="US.134912")
    assert one(payloads.text("x", sender="+40722000001")).sender == Sender("40722000001")


def test_without_any_sender_the_rest_of_the_batch_is_read() -> None:
    nameless, named = payloads.text("x", sender=None), payloads.text("y")
    batch = read(payloads.envelope(messages=[nameless, named]))
    assert [message.text for message in batch.messages] == ["y"]
    assert batch.problems == ("no_sender",)


def test_a_new_number_is_read_without_contacts_in_both_forms() -> None:
    for key in ("wa_id", "new_wa_id"):
        system = {"type": "user_changed_number", key: "40722000009", "body": "X changed"}
        (change,) = read(
            payloads.envelope(messages=[payloads.message("system", system=system)])
        ).changes
        assert change.old == Sender(payloads.PHONE)
        assert change.new == Sender("40722000009")
    system = {"type": "user_changed_user_id", "user_id": "RO.2"}
    (change,) = read(
        payloads.envelope(messages=[payloads.message("system", system=system)])
    ).changes
    assert change.new == Sender(user_id="RO.2")


def test_a_changed_identity_is_ignored() -> None:
    system = {"type": "customer_identity_changed", "wa_id": payloads.PHONE}
    batch = read(payloads.envelope(messages=[payloads.message("system", system=system)]))
    assert (batch.changes, batch.ignored) == ((), 1)
