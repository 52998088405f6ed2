"""A person on WhatsApp before the whole product: what is heard is looked up in the database too.

The phone shows bubbles; which of the bot's messages they are, by name, only the database knows.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bot.store.deliveries import keyed
from bot.store.vault import Vault
from tests.system.person import ANSWER_SECONDS, Message
from tests.whatsapp.phone_person import Heard, Option, PhonePerson

_PAUSE = 0.05
_TURN = """
SELECT outbound.id, outbound.conversation_id::text AS conversation, body, delivered
FROM outbound JOIN delivery ON delivery.outbound_id = outbound.id
WHERE delivery.provider_id = %s
"""
_PARTS = "SELECT provider_id FROM delivery WHERE outbound_id = %s ORDER BY part"
_ALL_PARTS = """
SELECT provider_id FROM delivery JOIN outbound ON outbound.id = delivery.outbound_id
WHERE outbound.conversation_id::text = %s ORDER BY seq, part
"""
_HANDOFFS = """
SELECT reference, reason, priority, language, facts
FROM handoff WHERE conversation_id::text = %s ORDER BY id
"""
_COUNTS = """
SELECT (SELECT count(*) FROM inbound WHERE conversation_id = c.id) AS inbound,
  (SELECT count(*) FROM inbound WHERE conversation_id = c.id AND done IS NOT NULL) AS done,
  (SELECT count(*) FROM outbound WHERE conversation_id = c.id) AS outbound,
  (SELECT count(*) FROM outbound WHERE conversation_id = c.id AND delivered IS NULL) AS waiting
FROM conversation c WHERE c.id::text = %s
"""


class WhatsAppPerson:
    """Says and taps; every answer is the bot's message, with the bubbles it became.

    Args:
        vault: The product's own: it names the bubbles in the database.
        taps: Whether whatever is on offer is tapped rather than typed.
    """

    def __init__(
        self, phone: PhonePerson, database_url: str, vault: Vault, *, taps: bool = False
    ) -> None:
        self.phone = phone
        self._vault = vault
        self.taps = taps
        self.tapped: list[str] = []
        self.last: Message = {}
        self.heard = Heard([])
        self.conversation = ""
        self._url = database_url

    async def say(self, text: str) -> Message:
        """Answer with a text, or with the option on which it stands."""
        option = self.offered(text) if self.taps else None
        if option is None:
            return await self.hear(await self.phone.send("text", text=text))
        self.tapped.append(option.kind)
        return await self.hear(await self.phone.press(option))

    async def send(self, kind: str, **given: Any) -> Message:
        return await self.hear(await self.phone.send(kind, **given))

    async def hear(self, message: str, seconds: float = ANSWER_SECONDS) -> Message:
        """Wait until the answer to a message is on the phone, whole."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            bubbles = await self.phone.after(message)
            turn = self._turn(bubbles[0]["id"]) if bubbles else None
            if turn and turn["delivered"]:
                parts = self._parts(turn["id"])
                screen = await self.phone.screen()
                shown = [bubble for bubble in screen if self._stored(bubble["id"]) in parts]
                stored = [self._stored(bubble["id"]) for bubble in shown]
                assert stored == parts, "bubbles out of order"
                self.heard, self.last = Heard(shown), turn["body"]
                self.conversation = turn["conversation"]
                return self.last
            await asyncio.sleep(_PAUSE)
        raise AssertionError("no whole answer came to the phone")

    def offered(self, text: str) -> Option | None:
        """The option that a typed answer stands for: by its number, or by its words."""
        options = self.heard.options
        if re.fullmatch(r"\d+", text):
            return options[int(text) - 1] if int(text) <= len(options) else None
        said = _plain(text)
        # "No" is meant exactly where it stands, else "no, keep it"; never "not yet".
        for fits in (
            lambda title: title == said,
            lambda title: f"{said} ".startswith(f"{title} "),
            lambda title: f" {said} " in f" {title} ",
        ):
            found = [option for option in options if fits(_plain(option.title))]
            if len(found) == 1:
                return found[0]
        return None

    def handoffs(self) -> list[dict[str, Any]]:
        return self._rows(_HANDOFFS, self.conversation)

    async def assert_all_read(self) -> None:
        """The bot told that it had read whatever was written."""
        screen = await self.phone.screen()
        assert {each["status"] for each in screen if each["sender"] == "person"} == {"read"}

    async def assert_one_answer_each(self, said: int = 0, seconds: float = 5.0) -> None:
        """Whatever came in was answered with exactly one message, and all of them went out.

        Args:
            said: How many messages must have come in, where that is known.
            seconds: How long that may take.
        """
        for _ in range(int(seconds / _PAUSE)):
            [counts] = self._rows(_COUNTS, self.conversation)
            came = counts["inbound"] >= said
            if came and counts["inbound"] == counts["done"] and not counts["waiting"]:
                break
            await asyncio.sleep(_PAUSE)
        assert counts["inbound"] == counts["done"] == counts["outbound"], counts
        assert counts["inbound"] == (said or counts["inbound"]), counts
        assert counts["waiting"] == 0

    async def assert_in_order(self) -> None:
        """The bubbles stand on the phone in the order in which the bot said them."""
        screen = [self._stored(bubble["id"]) for bubble in await self.phone.screen()]
        stored = [row["provider_id"] for row in self._rows(_ALL_PARTS, self.conversation)]
        assert [bubble for bubble in screen if bubble in stored] == stored

    def rows_of_everybody(self) -> dict[str, int]:
        """How many rows there are that lead to a person or say what became of messages."""
        return {
            table: self._rows(f"SELECT count(*) AS rows FROM {table}")[0]["rows"]
            for table in ("conversation", "alias", "delivery", "media", "webhook")
        }

    def _turn(self, bubble: str) -> dict[str, Any] | None:
        found = self._rows(_TURN, self._stored(bubble))
        return found[0] if found else None

    def _stored(self, bubble: str) -> str:
        """A bubble's id as the database has it."""
        return keyed(self._vault, bubble)

    def _parts(self, outbound: int) -> list[str]:
        return [row["provider_id"] for row in self._rows(_PARTS, outbound)]

    def _rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with psycopg.connect(self._url, row_factory=dict_row) as connection:
            return list(connection.execute(query, values).fetchall())


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
