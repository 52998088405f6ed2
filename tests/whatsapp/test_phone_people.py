"""The stand-in's people and webhooks: what they say, what becomes of messages, what fails."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from datetime import datetime, timezone
from typing import Any

import pytest
from aiohttp import ClientError

from bot.channels.whatsapp.parse import parse
from bot.phone import webhooks
from tests.whatsapp.phone_line import PHONE, TEXT, Line, buttons, line, open_line, row, rows, until

__all__ = ["line", "open_line"]


async def test_statuses_come_in_order_signed_and_with_the_messages_key(open_line: Line) -> None:
    identity = await open_line.send(**TEXT, biz_opaque_callback_data="key-1")
    await until(lambda: len(open_line.product.statuses_told(identity)) == 3)
    told = open_line.product.statuses_told(identity)
    assert [each["status"] for each in told] == ["sent", "delivered", "read"]
    assert {each["biz_opaque_callback_data"] for each in told} == {"key-1"}
    assert {each["recipient_id"] for each in told} == {PHONE}


async def test_a_webhook_is_escaped_ascii_signed_as_it_is_sent(line: Line) -> None:
    await line.say(kind="text", text="مرحبًا, Ștefan 😀 a/b")
    await until(lambda: line.product.bodies)
    [body] = line.product.bodies
    [signature] = line.product.signatures
    assert body.isascii()
    assert rb"\u0645\u0631" in body
    assert rb"\ud83d\ude00" in body
    assert rb"a\/b" in body
    expected = hmac.new(line.account.app_secret.encode(), body, hashlib.sha256).hexdigest()
    assert signature == f"sha256={expected}"
    [message] = line.product.messages()
    assert message["text"]["body"] == "مرحبًا, Ștefan 😀 a/b"
    assert message["from"] == PHONE


async def test_a_webhook_that_is_not_taken_comes_again(line: Line) -> None:
    line.product.statuses = [500, 503, 302, 201]
    await line.say()
    await line.say(kind="text", text="later")
    await until(lambda: len(line.product.messages()) == 2)
    assert line.network.webhooks.counts.posted == 6


async def test_a_webhook_is_given_up_in_the_end(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MOST_TRIES", 3)
    line.product.statuses = [500] * 3
    await line.say()
    await until(lambda: line.network.webhooks.counts.given_up == 1)
    await line.say()
    await until(lambda: line.product.messages())
    assert line.network.webhooks.counts.posted == 4


async def test_webhooks_come_twice_reversed_and_together_on_request(line: Line) -> None:
    await line.control("faults", duplicate=1)
    first = await line.say()
    await until(lambda: len(line.product.bodies) == 2)
    assert [each["id"] for each in line.product.messages()] == [first, first]
    line.product.bodies.clear()
    await line.control("faults", disorder=3)
    said = [await line.say() for _ in range(3)]
    await until(lambda: len(line.product.bodies) == 3)
    assert [each["id"] for each in line.product.messages()] == said[::-1]
    line.product.bodies.clear()
    await line.control("faults", batch=3)
    said = [await line.say() for _ in range(3)]
    await until(lambda: line.product.bodies)
    assert len(line.product.bodies) == 1
    assert [each["id"] for each in line.product.messages()] == said


async def test_refusals_come_as_often_as_they_are_asked_for(open_line: Line) -> None:
    await open_line.control("faults", refuse=2, code=190)
    assert [await open_line.refused(**TEXT) for _ in range(2)] == [190, 190]
    await open_line.send()


async def test_a_message_may_be_taken_without_an_answer_or_lost_before(open_line: Line) -> None:
    person = open_line.network.people.get("p1")
    for fault, shown in (("drop", 1), ("cut", 0)):
        before = len(person.bubbles)
        await open_line.control("faults", **{fault: 1})
        with pytest.raises(ClientError):
            await open_line.send()
        assert len(person.bubbles) - before == shown


async def test_a_message_may_fail_later_or_stay_without_a_status(open_line: Line) -> None:
    await open_line.control("faults", fail=1, fail_code=131049)
    failed = await open_line.send()
    await until(lambda: open_line.product.statuses_told(failed))
    [told] = open_line.product.statuses_told(failed)
    assert (told["status"], told["errors"][0]["code"]) == ("failed", 131049)
    await open_line.control("faults", silent=1)
    silent, told_of = await open_line.send(), await open_line.send()
    await until(lambda: len(open_line.product.statuses_told(told_of)) == 3)
    assert open_line.product.statuses_told(silent) == []


async def test_a_status_can_be_told_by_hand(open_line: Line) -> None:
    identity = await open_line.send()
    await until(lambda: len(open_line.product.statuses_told(identity)) == 3)
    await open_line.control("status", message=identity, status="delivered")
    await open_line.control("status", message=identity, status="failed", code=131047)
    await until(lambda: len(open_line.product.statuses_told(identity)) == 5)
    last = open_line.product.statuses_told(identity)[-1]
    assert last["errors"][0]["code"] == 131047


async def test_an_unknown_fault_is_refused(line: Line) -> None:
    for given in ({"nonsense": 1}, {"refuse": "2"}, {"late_window": 1}, {"drop": None}):
        async with line.session.post(f"{line.url}/control/faults", json=given) as answer:
            assert answer.status == 400


async def test_a_phone_that_is_off_gets_its_messages_later(open_line: Line) -> None:
    person = f"{open_line.url}/phone/people/p1"
    await open_line.session.patch(person, json={"off": True, "reads": False})
    identity = await open_line.send()
    await until(lambda: open_line.product.statuses_told(identity))
    await asyncio.sleep(0.05)
    assert [each["status"] for each in open_line.product.statuses_told(identity)] == ["sent"]
    await open_line.session.patch(person, json={"off": False})
    await until(lambda: len(open_line.product.statuses_told(identity)) == 2)
    assert open_line.product.statuses_told(identity)[-1]["status"] == "delivered"


async def test_reading_turns_ticks_blue_and_shows_that_we_type(open_line: Line) -> None:
    person = open_line.network.people.get("p1")
    said = await open_line.say()
    message = {"status": "read", "message_id": said, "typing_indicator": {"type": "text"}}
    status, body = await open_line.post(message)
    assert (status, body) == (200, {"success": True})
    assert {bubble.status for bubble in person.bubbles} == {"read"}
    assert 24 < person.view(open_line.network.clock.now())["typing"] <= 25
    await open_line.send()
    assert person.view(open_line.network.clock.now())["typing"] == 0
    status, body = await open_line.post({"status": "read", "message_id": "wamid.none"})
    assert (status, body["error"]["code"]) == (400, 131009)


KINDS = {
    "text": {"kind": "text", "text": "hello"},
    "start": {"kind": "start"},
    "voice": {"kind": "voice"},
    "image": {"kind": "picture", "text": "our house"},
    "document": {"kind": "paper"},
    "location": {"kind": "location"},
    "contacts": {"kind": "contacts"},
    "unsupported": {"kind": "unsupported"},
}


@pytest.mark.parametrize(("kind", "given"), KINDS.items(), ids=KINDS)
async def test_the_product_understands_each_kind_that_a_person_sends(
    line: Line, kind: str, given: dict[str, Any]
) -> None:
    identity = await line.say(**given)
    await until(lambda: line.product.bodies)
    now = datetime.now(timezone.utc)
    batch = parse(line.product.bodies[0], now, line.account.phone_number_id)
    [received] = batch.messages
    assert (received.id, received.kind) == (identity, kind)
    assert received.sender.phone == PHONE
    assert batch.problems == ()


async def test_a_tapped_choice_comes_back_with_its_id(open_line: Line) -> None:
    question = await open_line.send(**buttons("Yes", "No"))
    await open_line.say(kind="reply", message=question, id="1-2")
    menu = await open_line.send(**rows(row(1, "One", description="first"), row(2, "Two")))
    await open_line.say(kind="row", message=menu, id="1-1")
    await until(lambda: len(open_line.product.messages()) == 2)
    button, chosen = open_line.product.messages()
    assert button["interactive"]["button_reply"] == {"id": "1-2", "title": "No"}
    assert button["context"]["id"] == question
    expected = {"id": "1-1", "title": "One", "description": "first"}
    assert chosen["interactive"]["list_reply"] == expected


async def test_nobody_taps_what_is_not_there(open_line: Line) -> None:
    question = await open_line.send(**buttons("Yes"))
    url = f"{open_line.url}/phone/people/p1/messages"
    for given in (
        {"kind": "reply", "message": question, "id": "9-9"},
        {"kind": "reply", "message": "wamid.none", "id": "1-1"},
        {"kind": "tap", "message": question},
        {"kind": "text", "text": " "},
        {"kind": "shout"},
    ):
        async with open_line.session.post(url, json=given) as answer:
            assert answer.status == 400


async def test_a_reaction_changes_the_message_and_is_taken_back(open_line: Line) -> None:
    identity = await open_line.send()
    for emoji in ("👍", ""):
        await open_line.say(kind="reaction", message=identity, emoji=emoji)
    await until(lambda: len(open_line.product.messages()) == 2)
    given, taken = [each["reaction"] for each in open_line.product.messages()]
    assert given == {"message_id": identity, "emoji": "👍"}
    assert taken == {"message_id": identity}


async def test_a_hidden_number_shows_the_user_id_alone(line: Line) -> None:
    await line.say("p3")
    await until(line.product.messages)
    [value] = line.product.values()
    person = line.network.people.get("p3")
    assert value["contacts"][0]["user_id"] == person.user_id
    assert person.phone not in json.dumps(value)
    assert value["messages"][0]["from_user_id"] == person.user_id


async def test_another_number_is_told_by_a_system_message_without_contacts(line: Line) -> None:
    url = f"{line.url}/phone/people/p1"
    async with line.session.patch(url, json={"phone": "+44 7700 900555"}) as answer:
        assert answer.status == 200
    await until(lambda: line.product.bodies)
    [value] = line.product.values()
    assert "contacts" not in value
    system = value["messages"][0]["system"]
    assert (system["type"], system["wa_id"]) == ("user_changed_number", "447700900555")
    async with line.session.patch(url, json={"phone": "447700900002"}) as answer:
        assert answer.status == 400


async def test_the_handshake_needs_the_verify_token(line: Line) -> None:
    assert (await line.control("handshake"))["success"] is True
    line.product.verify_token = "another"
    assert (await line.control("handshake"))["success"] is False


async def test_other_hosts_and_other_sites_pages_are_turned_away(line: Line) -> None:
    url = f"{line.url}/phone/people"
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        async with line.session.post(url, json={"name": "Eve"}, headers=headers) as answer:
            assert answer.status == 403
    async with line.session.post(url, json={"name": "Ana"}, headers={"Origin": line.url}) as answer:
        assert answer.status == 201
