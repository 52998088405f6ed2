"""The stand-in's Graph API: tokens, recipients, the window, templates, rates, files."""

from __future__ import annotations

import base64
import hashlib
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from bot.channels.whatsapp.client import Client
from bot.channels.whatsapp.parts import Address, Buttons, Document, Link, Menu, Option, Text
from bot.errors import ChannelThrottled, ChatThrottled, SendUnsure, WindowClosed
from bot.phone.clock import Clock
from bot.phone.rates import PAIR_BURST, PER_SECOND, Loan
from bot.settings import Secret, WhatsApp
from tests.whatsapp.phone_line import PHONE, TEXT, Line, line, open_line, until

__all__ = ["line", "open_line"]

STATIC = Path(__file__).parents[2] / "bot" / "phone" / "static"
TEMPLATE = {
    "name": "waiting",
    "language": "ar",
    "category": "UTILITY",
    "components": [
        {"type": "BODY", "text": "{{1}}: an answer waits."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Show it"}]},
    ],
}


def template(language: str = "ar", *values: str, **more: Any) -> dict[str, Any]:
    parameters = [{"type": "text", "text": value} for value in values]
    components = [{"type": "body", "parameters": parameters}, *more.get("components", [])]
    return {
        "type": "template",
        "template": {
            "name": more.get("name", "waiting"),
            "language": {"code": language},
            "components": components,
        },
    }


async def test_only_the_token_opens_the_api_and_only_the_own_number_is_there(line: Line) -> None:
    status, body = await line.post({"to": PHONE, **TEXT}, headers={"Authorization": "Bearer no"})
    assert (status, body["error"]["code"]) == (401, 190)
    async with line.session.post(line.api("999/messages"), headers=line.headers, json={}) as answer:
        error = (await answer.json())["error"]
        assert (answer.status, error["code"], error["error_subcode"]) == (400, 100, 33)


async def test_a_body_that_is_no_object_is_refused(line: Line) -> None:
    url = line.api(f"{line.account.phone_number_id}/messages")
    for body in (b"[]", b"{", b"\xff", b"[" * 100_000):
        async with line.session.post(url, headers=line.headers, data=body) as answer:
            assert (await answer.json())["error"]["code"] == 100


async def test_a_user_id_is_written_to_by_recipient_and_gets_lost_in_to(line: Line) -> None:
    person = line.network.people.add("Amina")
    await line.say(person.id)
    status, body = await line.post({"recipient": person.user_id, **TEXT})
    assert status == 200
    assert body["contacts"] == [{"input": person.user_id, "user_id": person.user_id}]
    lost = await line.send(str(person.user_id), **TEXT)
    await until(lambda: len(line.product.statuses_told()) == 3)
    assert line.product.statuses_told(lost) == []
    assert len(person.bubbles) == 2
    assert await line.post({**TEXT}) != 200
    told = line.product.statuses_told()[0]
    assert told["recipient_user_id"] == person.user_id
    assert "recipient_id" not in told


async def test_a_number_wins_over_a_user_id(open_line: Line) -> None:
    other = open_line.network.people.add("Amina")
    await open_line.post({"to": PHONE, "recipient": other.user_id, **TEXT})
    assert other.bubbles == []


async def test_who_has_no_whatsapp_is_told_by_a_failed_status(line: Line) -> None:
    identity = await line.send("447700900999")
    await until(lambda: line.product.statuses_told(identity))
    [told] = line.product.statuses_told(identity)
    assert (told["status"], told["errors"][0]["code"]) == ("failed", 131026)


async def test_before_a_person_wrote_and_24_hours_later_only_a_template_goes(line: Line) -> None:
    line.network.book.add(TEMPLATE)
    assert await line.refused(**TEXT) == 131047
    await line.say()
    await line.send()
    await line.control("clock", forward=24 * 3600 - 60)
    await line.send()
    await line.control("clock", forward=61)
    assert await line.refused(**TEXT) == 131047
    await line.send(**template("ar", "Samir"))
    # The tap on the template's button is a message, so it opens the window.
    shown = line.network.people.get("p1").bubbles[-1]
    await line.say(kind="tap", message=shown.id)
    await line.send()


async def test_a_closed_window_may_be_told_later(line: Line) -> None:
    await line.control("faults", late_window=True)
    identity = await line.send()
    await until(lambda: line.product.statuses_told(identity))
    [told] = line.product.statuses_told(identity)
    assert (told["status"], told["errors"][0]["code"]) == ("failed", 131047)


async def test_a_persons_window_can_be_closed(open_line: Line) -> None:
    await open_line.control("window", person="p1")
    assert await open_line.refused(**TEXT) == 131047


async def test_a_template_must_be_known_in_the_language_and_filled(line: Line) -> None:
    assert await line.refused(**template("ar", "Samir")) == 132001
    url = line.api(f"{line.account.business_account_id}/message_templates")
    async with line.session.post(url, headers=line.headers, json=TEMPLATE) as answer:
        assert (await answer.json())["status"] == "APPROVED"
    assert await line.refused(**template("ro", "Samir")) == 132001
    assert await line.refused(**template("ar")) == 132000
    assert await line.refused(**template("ar", "Samir", "more")) == 132000
    for bad in ("a\nb", "a\tb", "a     b"):
        assert await line.refused(**template("ar", bad)) == 132018
    payload = {"type": "payload", "payload": "waiting:1"}
    button = {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]}
    await line.send(**template("ar", "Samir", components=[button]))
    shown = line.network.people.get("p1").bubbles[-1]
    assert shown.text == "Samir: an answer waits."
    await line.say(kind="tap", message=shown.id)
    await until(line.product.messages)
    [tapped] = line.product.messages()
    assert tapped["type"] == "button"
    assert tapped["button"] == {"payload": "waiting:1", "text": "Show it"}
    assert tapped["context"]["id"] == shown.id


def stop_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass but what is set forward: a slow machine earns no room in a rate."""
    stopped = time.time()
    monkeypatch.setattr(Clock, "now", lambda clock: stopped + clock.shift)


async def test_to_one_person_45_go_at_once_and_then_one_in_six_seconds(
    open_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_time(monkeypatch)
    for _ in range(PAIR_BURST):
        await open_line.send()
    assert await open_line.refused(**TEXT) == 131056
    await open_line.control("clock", forward=6.1)
    await open_line.send()
    assert await open_line.refused(**TEXT) == 131056
    await open_line.say("p2")
    await open_line.send("447700900002")


def test_read_strictly_a_burst_must_be_paid_back() -> None:
    loan = Loan(PAIR_BURST, 6.0)
    assert [loan.take(at) for at in (0.0, 1.0, 5.9)] == [True, True, True]
    assert not loan.take(7.0)
    assert not loan.take(17.9)
    assert loan.take(18.1)
    assert sum(loan.take(100.0) for _ in range(60)) == PAIR_BURST


async def test_the_numbers_rate_counts_both_ways(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_time(monkeypatch)
    await line.control("rates", per_second=4.0)
    await line.say()
    await line.say("p2")
    await line.send()
    await line.send("447700900002")
    assert await line.refused(**TEXT) == 130429
    assert PER_SECOND == 80


async def upload(line: Line, content: bytes, kind: str) -> tuple[int, dict[str, Any]]:
    form = FormData({"messaging_product": "whatsapp", "type": kind})
    form.add_field("file", content, content_type=kind, filename="a")
    url = line.api(f"{line.account.phone_number_id}/media")
    async with line.session.post(url, headers=line.headers, data=form) as answer:
        return answer.status, await answer.json()


async def test_an_uploaded_file_goes_with_a_message_that_fits_it(open_line: Line) -> None:
    _, body = await upload(open_line, b"%PDF", "application/pdf")
    document = {"id": body["id"], "filename": "list.pdf", "caption": "c"}
    await open_line.send(type="document", document=document)
    shown = open_line.network.people.get("p1").bubbles[-1]
    async with open_line.session.get(open_line.url + shown.media["url"]) as answer:
        assert await answer.read() == b"%PDF"
    assert await open_line.refused(type="image", image={"id": body["id"]}) == 131053
    status, body = await upload(open_line, b"MZ", "application/x-msdownload")
    assert (status, body["error"]["code"]) == (400, 100)
    _, body = await upload(open_line, b"x" * (5 * 1024 * 1024 + 1), "image/png")
    assert body["error"]["code"] == 131053


async def test_a_voice_note_is_behind_an_address_that_needs_the_token_and_ends(line: Line) -> None:
    await line.say(kind="voice")
    await until(line.product.messages)
    audio = line.product.messages()[0]["audio"]
    assert audio["voice"] is True
    async with line.session.get(line.api(audio["id"]), headers=line.headers) as answer:
        told = await answer.json()
    async with line.session.get(told["url"]) as answer:
        assert answer.status == 401
    async with line.session.get(told["url"], headers=line.headers) as answer:
        content = await answer.read()
    assert content.startswith(b"OggS")
    assert len(content) == told["file_size"]
    # Base64 in the webhook, hexadecimal from the API: both are seen from Meta.
    assert base64.b64decode(audio["sha256"]) == hashlib.sha256(content).digest()
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    await line.control("clock", forward=301)
    async with line.session.get(told["url"], headers=line.headers) as answer:
        assert answer.status == 404
    async with line.session.get(line.api(audio["id"]), headers=line.headers) as answer:
        assert (await answer.json())["url"] != told["url"]
    async with line.session.get(line.api("123"), headers=line.headers) as answer:
        assert (answer.status, (await answer.json())["error"]["error_subcode"]) == (400, 33)


async def test_the_products_own_client_is_understood(open_line: Line) -> None:
    account = open_line.account
    settings = WhatsApp(
        phone_number_id=account.phone_number_id,
        access_token=Secret(account.access_token),
        app_secret=Secret(account.app_secret),
        verify_token=Secret(account.verify_token),
        graph_url=open_line.url,
        media_hosts=(open_line.url.split("//")[1],),
    )
    client = Client(settings, open_line.session)
    to = Address(phone=PHONE, user_id=None)
    options = (Option("1-1", "Yes"), Option("1-2", "No"))
    paper = await client.upload(b"%PDF", "application/pdf", "list.pdf")
    for part in (
        Text("hello"),
        Buttons("Which?", options),
        Menu("Which?", "Choose", options),
        Link("See", "Open", "https://example.org/"),
        Document(paper, "list.pdf", "The list"),
    ):
        await client.send(to, part, "key")
    said = await open_line.say(kind="picture")
    await client.read_and_type(said)
    await until(open_line.product.messages)
    info = await client.media(open_line.product.messages()[0]["image"]["id"])
    assert (await client.download(info, 10_000)).startswith(b"\xff\xd8")
    for fault, error in (
        ({"refuse": 1, "code": 131056}, ChatThrottled),
        ({"refuse": 1, "code": 130429, "status": 429}, ChannelThrottled),
        ({"refuse": 1, "code": 131047, "status": 0}, WindowClosed),
        ({"drop": 1}, SendUnsure),
    ):
        await open_line.control("faults", **fault)
        with pytest.raises(error):
            await client.send(to, Text("hello"), "key")


def test_scripts_build_no_markup_and_no_script_stands_in_the_page() -> None:
    html = (STATIC / "phone.html").read_text("utf-8")
    assert "<script>" not in html
    assert "style=" not in html
    for script in STATIC.glob("*.js"):
        text = script.read_text("utf-8")
        assert "innerHTML" not in text, script.name
        assert "insertAdjacentHTML" not in text, script.name
