"""The stand-in Graph API, driven by senders that nobody here wrote, and by our own.

What pywa, kapso's client and whatsapp-api-js send as their makers mean it is accepted and stands
on the phone; what is over a limit is refused whoever sends it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx
import pytest
from pywa import WhatsApp as Pywa
from pywa.errors import WhatsAppError
from pywa.types import Button, Section, SectionList, SectionRow, URLButton
from pywa.types.templates import QuickReplyButton, TemplateLanguage

from bot.channels.whatsapp.client import Client
from bot.channels.whatsapp.parts import Address, Template
from bot.channels.whatsapp.render import Words, render, render_document
from bot.conversations.message import Choice, Outbound
from bot.errors import SendFailed
from bot.phone.account import new_account
from bot.phone.network import Network, Pace
from bot.phone.people import Bubble, Person
from bot.phone.rates import Rates
from bot.phone.server import serving
from bot.settings import Secret, WhatsApp
from tests.whatsapp.peers.limits import LIMITS, Limit
from tests.whatsapp.peers.oracles import Oracles

pytest_plugins = ["tests.whatsapp.peers.plugin"]

PHONE = "40700000001"
TEMPLATE = {
    "name": "answer_waiting",
    "language": "en",
    "components": [
        {"type": "BODY", "text": "Your answer is here."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Show"}]},
    ],
}


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """The stand-in, without rates; its webhooks go where nobody listens."""
    account = new_account("http://127.0.0.1:9/webhooks/whatsapp")
    async with serving(account, 0, Pace(status=60.0)) as running:
        running.rates = Rates(per_second=10_000, pair_burst=10_000)
        running.book.add(TEMPLATE)
        yield running


@pytest.fixture
def person(network: Network) -> Person:
    """Somebody who wrote just now."""
    somebody = network.people.add("Leyla", phone=PHONE, user_id="RO.40700000001")
    network.say(somebody, {"kind": "text", "text": "hello"})
    return somebody


def shown(person: Person) -> list[Bubble]:
    """What came from us, in the order of its coming."""
    return [bubble for bubble in person.bubbles if bubble.sender == "business"]


# --- the two npm libraries


@pytest.fixture
def post(oracles: Oracles, network: Network) -> Callable[..., Any]:
    """Post with a library's client, in a thread: the stand-in runs in this one's loop."""

    async def posted(peer: str, payload: Mapping[str, Any], raw: bool = False) -> dict[str, Any]:
        return await asyncio.to_thread(
            oracles.send,
            peer,
            network.address,
            payload,
            raw=raw,
            number=network.account.phone_number_id,
            token=network.account.access_token,
        )

    return posted


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
async def test_the_stand_in_takes_what_is_within_a_limit_and_refuses_what_is_over(
    post: Callable[..., Any], person: Person, limit: Limit
) -> None:
    for peer in ("kapso", "whatsapp-api-js"):
        answer = await post(peer, limit.within)
        assert answer["answer"]["messages"][0]["id"] == shown(person)[-1].id
    count = len(shown(person))
    refused = await post("kapso", limit.over, raw=True)
    assert refused["error"]["code"] in {100, 131008, 131009}
    assert len(shown(person)) == count


async def test_a_wrong_token_is_refused(oracles: Oracles, network: Network, person: Person) -> None:
    answer = await asyncio.to_thread(
        oracles.send,
        "kapso",
        network.address,
        LIMITS[0].within,
        number=network.account.phone_number_id,
        token="wrong",
    )
    assert answer["error"]["code"] == 190
    assert shown(person) == []


async def test_kapso_shows_that_we_are_writing(
    oracles: Oracles, network: Network, person: Person
) -> None:
    answer = await asyncio.to_thread(
        oracles.typing,
        network.address,
        number=network.account.phone_number_id,
        token=network.account.access_token,
        message=person.bubbles[0].id,
    )
    assert answer == {"success": True}
    assert person.typing_until > network.clock.now()
    assert person.bubbles[0].status == "read"


# --- pywa


@pytest.fixture
def pywa(network: Network) -> Pywa:
    """Pywa's client, led to the stand-in."""
    session = httpx.Client(timeout=10)
    account = network.account
    client = Pywa(phone_id=account.phone_number_id, token=account.access_token, session=session)
    session.base_url = httpx.URL(f"{network.address}/v25.0/")
    return client


ROWS = [SectionRow(title=f"row {n}", callback_data=f"7-{n}", description="more") for n in range(10)]
SENT: dict[str, Callable[[Pywa, str], Any]] = {
    "text": lambda wa, to: wa.send_message(to, "مرحبا \U0001f600", tracker="a-key"),
    "buttons": lambda wa, to: wa.send_message(
        to, "Which?", buttons=[Button("one", "7-1"), Button("two", "7-2")]
    ),
    "list": lambda wa, to: wa.send_message(
        to, "Which?", buttons=SectionList("Choose", [Section("All", ROWS)])
    ),
    "link": lambda wa, to: wa.send_message(
        to, "Read more", buttons=URLButton("Open", "https://example.org/a")
    ),
    "location request": lambda wa, to: wa.request_location(to, "Where are you?"),
    "document": lambda wa, to: wa.send_document(
        to, b"%PDF-1.4", filename="list.pdf", caption="The list", mime_type="application/pdf"
    ),
    "template": lambda wa, to: wa.send_template(
        to,
        "answer_waiting",
        TemplateLanguage.ENGLISH,
        [QuickReplyButton.params(callback_data="impreuna:waiting", index=0)],
    ),
}


@pytest.mark.parametrize("to", [PHONE, "RO.40700000001"], ids=["phone", "user id"])
@pytest.mark.parametrize("send", SENT.values(), ids=SENT)
async def test_what_pywa_sends_stands_on_the_phone(
    pywa: Pywa, person: Person, send: Callable[[Pywa, str], Any], to: str
) -> None:
    sent = await asyncio.to_thread(send, pywa, to)
    assert [bubble.id for bubble in shown(person)] == [sent.id]


OVER: dict[str, Callable[[Pywa], Any]] = {
    "text": lambda wa: wa.send_message(PHONE, "x" * 4097),
    "four buttons": lambda wa: wa.send_message(
        PHONE, "x", buttons=[Button(f"b{n}", f"7-{n}") for n in range(4)]
    ),
    "a button's title": lambda wa: wa.send_message(PHONE, "x", buttons=[Button("x" * 21, "7-1")]),
    "a button's body": lambda wa: wa.send_message(PHONE, "x" * 1025, buttons=[Button("b", "7-1")]),
    "eleven rows": lambda wa: wa.send_message(
        PHONE,
        "x",
        buttons=SectionList("Choose", [Section("All", [*ROWS, SectionRow("last", "7-11")])]),
    ),
    "a link's title": lambda wa: wa.send_message(
        PHONE, "x", buttons=URLButton("x" * 21, "https://example.org")
    ),
    "an unknown template": lambda wa: wa.send_template(
        PHONE, "nothing_like_that", TemplateLanguage.ENGLISH, []
    ),
}


@pytest.mark.parametrize("send", OVER.values(), ids=OVER)
async def test_what_is_over_a_limit_is_refused_to_pywa_too(
    pywa: Pywa, person: Person, send: Callable[[Pywa], Any]
) -> None:
    with pytest.raises(WhatsAppError) as refused:
        await asyncio.to_thread(send, pywa)
    assert refused.value.code in {100, 131008, 131009, 132001}
    assert shown(person) == []


async def test_pywa_is_told_that_the_window_is_closed(
    pywa: Pywa, network: Network, person: Person
) -> None:
    network.clock.shift = 24 * 3600 + 1
    with pytest.raises(WhatsAppError) as refused:
        await asyncio.to_thread(pywa.send_message, PHONE, "hello")
    assert refused.value.code == 131047
    await asyncio.to_thread(SENT["template"], pywa, PHONE)
    assert [bubble.text for bubble in shown(person)] == ["Your answer is here."]


async def test_pywa_shows_that_we_are_writing(pywa: Pywa, network: Network, person: Person) -> None:
    await asyncio.to_thread(pywa.indicate_typing, person.bubbles[0].id)
    assert person.typing_until > network.clock.now()


# --- our own client


@pytest.fixture
async def client(network: Network) -> AsyncIterator[Client]:
    """Our client, led to the stand-in."""
    account = network.account
    settings = WhatsApp(
        phone_number_id=account.phone_number_id,
        access_token=Secret(account.access_token),
        app_secret=Secret(account.app_secret),
        verify_token=Secret(account.verify_token),
        graph_url=network.address,
        media_hosts=(network.address.split("//")[1],),
    )
    ours = Client(settings)
    await ours.open()
    yield ours
    await ours.close()


MESSAGES = {
    "text": Outbound(text="مرحبا\n\n" + "A sentence. " * 500),
    "buttons": Outbound(text="Which?", choices=(Choice("one", "/a"), Choice("two", "/b"))),
    "list": Outbound(text="Which?", choices=tuple(Choice(f"row {n}", "/a") for n in range(9))),
    "numbered text": Outbound(text="?", choices=tuple(Choice(f"row {n}", "/") for n in range(12))),
    "link": Outbound(text="Read", links=({"title": "Open", "url": "https://example.org/a"},)),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
@pytest.mark.parametrize(
    "to", [Address(phone=PHONE), Address(user_id="RO.40700000001")], ids=["phone", "user id"]
)
async def test_what_our_client_sends_stands_on_the_phone(
    client: Client, person: Person, message: Outbound, to: Address
) -> None:
    parts = render(message.body(), 7, Words("Choose"))
    identifiers = [await client.send(to, part, f"k{n}") for n, part in enumerate(parts)]
    bubbles = shown(person)
    assert [bubble.id for bubble in bubbles] == identifiers
    assert [bubble.data for bubble in bubbles] == [f"k{n}" for n in range(len(parts))]
    assert "".join(message.text.split()) in "".join("".join(b.text for b in bubbles).split())
    offered = [title for bubble in bubbles for title in offers(bubble)]
    for choice in message.choices:
        assert choice.title in offered or f" {choice.title}" in bubbles[-1].text


def offers(bubble: Bubble) -> list[str]:
    rows = [row["title"] for section in bubble.sections for row in section["rows"]]
    return rows + [button["title"] for button in bubble.buttons]


async def test_our_client_sends_a_file_and_fetches_it_back(client: Client, person: Person) -> None:
    content = b"%PDF-1.4 a list of papers"
    identifier = await client.upload(content, "application/pdf", "papers.pdf")
    (part,) = render_document(identifier, "papers.pdf", "Your papers")
    await client.send(Address(phone=PHONE), part, "k")
    bubble = shown(person)[-1]
    assert (bubble.kind, bubble.text) == ("document", "Your papers")
    assert await client.download(await client.media(identifier), 1000) == content


async def test_our_client_shows_that_we_are_writing_and_sends_a_template_when_it_must(
    client: Client, network: Network, person: Person
) -> None:
    await client.read_and_type(person.bubbles[0].id)
    assert person.typing_until > network.clock.now()
    network.clock.shift = 24 * 3600 + 1
    (part,) = render(Outbound(text="hello").body(), 7, Words("Choose"))
    with pytest.raises(SendFailed) as refused:
        await client.send(Address(phone=PHONE), part, "k1")
    assert refused.value.provider_code == 131047
    template = Template("answer_waiting", "en", "impreuna:waiting")
    await client.send(Address(phone=PHONE), template, "k2")
    assert [(b.text, b.buttons[0]["title"]) for b in shown(person)] == [
        ("Your answer is here.", "Show")
    ]
