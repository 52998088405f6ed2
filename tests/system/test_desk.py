"""A person asks for a human and gets one: two counsellors at the desk, a person at the chat.

Real browsers before the whole product; then the same over the stand-in for WhatsApp, with the
window closed in between.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import polib
import psycopg
import pyotp
import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect
from psycopg.rows import dict_row

from bot.desk import invitation
from bot.i18n.catalogs import catalog_file
from bot.phone.account import WEBHOOK_PATH, new_account
from bot.phone.joined import approve_templates
from bot.phone.network import Network, Pace
from bot.phone.server import HOST, serving
from bot.settings import PROJECT
from bot.store import staff
from bot.store.vault import Vault, kept_key
from tests.system.product import Product, free_ports
from tests.system.speech import read_speech
from tests.system.whatsapp_person import WhatsAppPerson
from tests.web.acts import bubbles, say
from tests.web.conftest import Witness
from tests.whatsapp.phone_person import PhonePerson

pytestmark = [
    pytest.mark.system,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]

PASSWORD = "seven quiet herons by the lake"
FAST = Pace(status=0.05, repeat=0.2)
PATIENCE = 60_000
ARABIC = read_speech("ar")
CANNED = "utter_reply_which_family"
CLOSE_WINDOW = (
    "UPDATE conversation SET window_until = now() - interval '1 minute' WHERE id::text = %s"
)


@dataclass
class House:
    """The whole product with the stand-in in Meta's place."""

    product: Product
    network: Network

    async def invite(self, name: str) -> str:
        """Make a counsellor's account; give the invitation's address."""
        async with await psycopg.AsyncConnection.connect(
            self.product.database_url, row_factory=dict_row
        ) as connection:
            email = f"{name.split()[0].lower()}-{time.monotonic_ns()}@example.org"
            account = await staff.add(connection, email, name, name.split()[0], "counsellor", "ro")
            assert account
            key = await invitation.invite(connection, account)
        return f"{self.product.url}/desk/invitation/{key}"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def house(model: Path) -> AsyncIterator[House]:
    [port] = free_ports(1)
    account = new_account("")
    product = Product(model, **account.environment(f"http://{HOST}:{port}"))
    account = replace(account, webhook_url=f"{product.url}{WEBHOOK_PATH}")
    try:
        async with serving(account, port, FAST) as network:
            product.start()
            await approve_templates(network, os.environ)
            await asyncio.to_thread(product.wait_until_ready)
            assert await network.webhooks.handshake()
            yield House(product, network)
    finally:
        await asyncio.to_thread(product.stop)


async def open_page(browser: Browser, witness: Witness, url: str) -> Page:
    context = await browser.new_context(locale="ro", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.on("page", witness.watch)
    page = await context.new_page()
    await page.goto(url)
    return page


async def sit_down(house: House, browser: Browser, witness: Witness, name: str) -> Page:
    """Set a counsellor's account up in a browser of their own; give the queue's page."""
    page = await open_page(browser, witness, await house.invite(name))
    secret = (await page.inner_text("code.key")).replace(" ", "")
    await page.fill("#password", PASSWORD)
    await page.fill("#again", PASSWORD)
    await page.fill("#code", pyotp.TOTP(secret).now())
    await page.click("main button.main")
    await page.wait_for_url("**/desk/cases")
    return page


async def claim_both_at_once(ana: Page, ion: Page, path: str) -> tuple[Page, Page]:
    """Let two take one conversation at the same moment; give who has it, then the other."""
    for page in (ana, ion):
        await page.goto(path)
        await expect(page.locator("#state .claim")).to_be_visible()
    await asyncio.gather(*(page.click("#state .claim") for page in (ana, ion)))
    has, not_has = [], []
    for page in (ana, ion):
        await page.wait_for_load_state("load")
        await page.goto(path)
        mine = await page.locator("#state").get_by_text("la dumneavoastră").count()
        (has if mine else not_has).append(page)
    assert len(has) == len(not_has) == 1
    return has[0], not_has[0]


async def send_canned(page: Page, language: str) -> str:
    """Send a prepared reply; give the text that the person must get."""
    await page.click(".canned > summary")
    item = page.locator(".replies li", has=page.locator(f"button[value={CANNED}]"))
    sent = await item.locator(".sent").inner_text()
    assert sent == translated(CANNED, language), "the preview is in the person's language"
    await item.locator("button").click()
    return sent


def translated(name: str, language: str) -> str:
    """The text of a message in a language's catalog."""
    catalog = polib.pofile(str(catalog_file(PROJECT / "locales", language)))
    [text] = {entry.msgstr for entry in catalog if entry.msgctxt == name}
    return str(text)


async def test_a_person_at_the_web_chat_is_answered_by_one_counsellor(
    house: House,
    browser: Browser,
) -> None:
    witness = Witness()
    ana = await sit_down(house, browser, witness, "Ana Popescu")
    ion = await sit_down(house, browser, witness, "Ion Rusu")
    amina = await open_page(browser, witness, f"{house.product.url}/chat?language=ar")
    await say(amina, ARABIC["human"])
    await expect(bubbles(amina)).to_have_count(1, timeout=PATIENCE)
    line = ana.locator(".line .open").first
    await expect(line).to_contain_text("Cere să vorbească cu o persoană", timeout=10_000)
    path = house.product.url + str(await line.get_attribute("href"))
    mine, other = await claim_both_at_once(ana, ion, path)
    name = "Ana" if mine is ana else "Ion"
    await expect(other.locator("#reply")).to_contain_text(f"Aici răspunde {name}")
    await expect(bubbles(amina)).to_have_count(2, timeout=PATIENCE)
    canned = await send_canned(mine, ARABIC.language)
    agents = bubbles(amina, "agent")
    await expect(agents).to_have_count(1, timeout=PATIENCE)
    await expect(agents.first.locator(".text")).to_have_text(canned)
    await expect(agents.first.locator(".body")).to_have_attribute("dir", "rtl")
    await mine.fill("#text", "أهلا أمينة، أنا معك الآن")
    await mine.click("#typed button")
    await expect(agents).to_have_count(2, timeout=PATIENCE)
    await expect(agents.last).to_contain_text("أهلا أمينة")
    await expect(agents.last.locator(".who")).to_contain_text(name)
    # While a counsellor has the conversation nothing but the counsellor answers.
    await say(amina, ARABIC["address"])
    await expect(mine.locator(".talk .person").last).to_contain_text(ARABIC["address"])
    await asyncio.sleep(2)
    await expect(bubbles(amina)).to_have_count(2)
    await mine.get_by_role("button", name="Înapoi la robot").click()
    await expect(bubbles(amina)).to_have_count(3, timeout=PATIENCE)
    await say(amina, ARABIC["address"])
    await expect(bubbles(amina)).to_have_count(4, timeout=PATIENCE)
    await expect(bubbles(amina).last).to_contain_text("Viesparilor 19")
    for page in (ana, ion, amina):
        await page.context.close()
    assert [text for text in witness.complaints if "409" not in text] == []


@pytest.mark.parametrize("language", ["so", "ps"])
async def test_a_prepared_reply_arrives_in_the_persons_language(
    house: House, browser: Browser, language: str
) -> None:
    witness, speech = Witness(), read_speech(language)
    ana = await sit_down(house, browser, witness, "Ana Popescu")
    person = await open_page(browser, witness, f"{house.product.url}/chat?language={language}")
    await say(person, speech["human"])
    await expect(bubbles(person)).to_have_count(1, timeout=PATIENCE)
    reference = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", await bubbles(person).first.inner_text())
    assert reference
    await ana.goto(f"{house.product.url}/desk/cases/{reference[0]}")
    await ana.click("#state .claim")
    canned = await send_canned(ana, language)
    agents = bubbles(person, "agent")
    await expect(agents).to_have_count(1, timeout=PATIENCE)
    await expect(agents.first.locator(".text")).to_have_text(canned)
    await expect(agents.first.locator(".body")).to_have_attribute("dir", speech["direction"])
    for page in (ana, person):
        await page.context.close()
    assert witness.complaints == []


async def test_a_person_on_whatsapp_gets_the_answer_after_the_window_closed(
    house: House,
    browser: Browser,
) -> None:
    witness = Witness()
    ana = await sit_down(house, browser, witness, "Ana Popescu")
    async with ClientSession() as session:
        phone = await PhonePerson.arrive(
            session, house.network.address, phone=f"4477009{os.getpid() % 100000:05}"
        )
        vault = Vault(kept_key(house.product.state))
        person = WhatsAppPerson(phone, house.product.database_url, vault)
        told = await person.say(ARABIC["human"])
        assert "utter_handoff_opened" in told["names"]
        [handoff] = person.handoffs()
        await ana.goto(f"{house.product.url}/desk/cases/{handoff['reference']}")
        assert phone.id not in await ana.content()
        await ana.click("#state .claim")
        await expect(ana.locator("#card")).to_contain_text("Deschisă încă")
        canned = await send_canned(ana, ARABIC.language)
        await wait_for_bubble(phone, f"*Ana:*\n{canned}")
        close_window(house, person)
        await ana.reload()
        await expect(ana.locator("#card")).to_contain_text("Închisă.")
        await ana.fill("#text", "Am vorbit cu ambasada.")
        await ana.click("#typed button")
        template = await wait_for_bubble(phone, None)
        assert re.search("[\u0600-\u06ff]", template["text"])
        assert all("ambasada" not in bubble["text"] for bubble in await phone.screen())
        await expect(ana.locator(".talk .agent").last).to_contain_text("așteaptă răspunsul")
        await phone.send("tap", message=template["id"], index=0)
        await wait_for_bubble(phone, "*Ana:*\nAm vorbit cu ambasada.")
        await ana.get_by_role("button", name="Înapoi la robot").click()
        await asyncio.sleep(1)
        told = await person.say(ARABIC["address"])
        for _ in range(200):
            if "Viesparilor 19" in person.heard.text:
                break
            await asyncio.sleep(0.1)
        assert told["author"] == "bot"
    await ana.context.close()
    assert witness.complaints == []


def close_window(house: House, person: WhatsAppPerson) -> None:
    """Let more than a day pass since the person wrote, for us and for Meta."""
    holder = house.network.people.get(person.phone.id)
    assert holder is not None
    holder.heard_at = 1.0
    with psycopg.connect(house.product.database_url, autocommit=True) as connection:
        connection.execute(CLOSE_WINDOW, (person.conversation,))


async def wait_for_bubble(phone: PhonePerson, text: str | None) -> dict[str, object]:
    """Wait until a text stands on the phone; None: the template."""
    for _ in range(300):
        for bubble in await phone.screen():
            if bubble["sender"] != "business":
                continue
            if bubble["template"] if text is None else bubble["text"] == text:
                return dict(bubble)
        await asyncio.sleep(0.1)
    raise AssertionError([bubble["text"] for bubble in await phone.screen()])
