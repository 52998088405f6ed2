"""A scene without a server: people, counsellors and a slow bot on a real database.

`Scene` runs the gateway's own handling, which a test may hold before it writes; the store's jobs
are run by the test, one at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from bot.conversations.handoff import HandoffRequest, reference_of
from bot.conversations.handoff_states import Standing
from bot.conversations.masking import Masking
from bot.conversations.message import Choice, Conversation, Inbound, InboundDraft
from bot.conversations.routing import ToRasa
from bot.conversations.turn import Said, Turn
from bot.gateway.doubts import Doubts
from bot.gateway.escalation import Escalation
from bot.gateway.expectation import Expectation
from bot.gateway.handing_over import HandingOver
from bot.gateway.handling import Handling
from bot.gateway.metrics import Metrics
from bot.gateway.voice import Voice
from bot.i18n import Catalogs
from bot.i18n.introductions import introductions
from bot.settings import Operator
from bot.store import conversations, erasure, handoffs, inbox, outbox
from bot.store.database import Database, fetch_all, fetch_one
from tests.fakes import DOMAIN

RESPONSES = {
    **DOMAIN["responses"],
    "utter_handoff_hours_open": [{"text": "Open until {time}."}],
    "utter_handoff_hours_closed": [{"text": "Open again on {date} at {time}."}],
    "utter_handoff_on_call": [{"text": "If it cannot wait: {number}."}],
    "utter_handoff_joined": [{"text": "{agent} reads this now."}],
    "utter_handoff_left": [{"text": "The counsellor left. Number: {reference}."}],
    "utter_handoff_person_back": [{"text": "I answer again, on your word."}],
    "utter_handoff_back_with_bot": [{"text": "I answer again."}],
    "utter_handoff_closed": [{"text": "Your question is closed."}],
    "utter_handoff_reopened": [{"text": "Your question is open again."}],
    "utter_handoff_still_waiting": [{"text": "You still wait. Number: {reference}."}],
    "utter_reply_papers": [{"text": "Bring the papers of {who}."}],
}
VOICE = Voice({"responses": RESPONSES}, Catalogs(Path("/nonexistent")))
WORDS = {
    "he beats me": "danger",
    "a person please": "human",
    "delete my data": "delete",
    "romanian please": "language",
    "menu": "menu",
    "keep this chat": "keep",
}
ERASURE = Said("Delete all?", "utter_confirm_erasure", (Choice("Yes, delete it", "/affirm"),))


@dataclass(frozen=True)
class Word:
    kind: str


def spot(text: str) -> Word | None:
    kind = next((kind for words, kind in WORDS.items() if words in text.lower()), None)
    return Word(kind) if kind else None


class Bot:
    """Stands for Rasa."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.turns: dict[str, Turn] = {}

    async def ask(
        self, inbound: Inbound, conversation: Conversation, way: ToRasa, timeout: Any = None
    ) -> Turn:
        heard = way.payload or way.text
        self.heard.append(heard)
        return self.turns.get(heard) or self._turn(heard, conversation)

    def _turn(self, heard: str, conversation: Conversation) -> Turn:
        if "a person" in heard or "beats" in heard:
            danger = "beats" in heard
            said = [Said("Call 112.", "utter_safety")] if danger else []
            said.append(Said("Noted.", "utter_handoff_opened"))
            kind = "danger" if danger else "normal"
            reason = "danger" if danger else "asked"
            reference = reference_of(conversation.id)
            return Turn(tuple(said), handoff=HandoffRequest(reference, reason, kind))
        if heard == "/affirm":
            return Turn((Said("I delete it.", "utter_erasure_begun"),), erase=True)
        if "delete" in heard:
            return Turn((ERASURE,))
        if "romanian" in heard:
            said = Said("Scriu în română.", "utter_language_changed")
            question = Said("Which?", "utter_ask_status", (Choice("Refugee", "/inform{1}"),))
            return Turn((said, question), language="ro")
        return Turn((Said(f"echo: {heard}", "utter_x"),), intent="inform", confidence=0.9)


class SlowHandling(Handling):
    """The gateway's handling; a test may hold it between what it decided and what it writes."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._held: dict[UUID, tuple[asyncio.Event, asyncio.Event]] = {}

    def hold(self, conversation: UUID) -> None:
        self._held[conversation] = (asyncio.Event(), asyncio.Event())

    def let_go(self, conversation: UUID) -> None:
        self._held.pop(conversation)[1].set()

    async def decided(self, conversation: UUID) -> None:
        """Wait until it has decided on a message and is held."""
        await self._held[conversation][0].wait()

    async def _decide(self, work: Any) -> Any:
        closing = await super()._decide(work)
        if work.conversation.id in self._held:
            arrived, free = self._held[work.conversation.id]
            arrived.set()
            await free.wait()
        return closing


@dataclass
class Scene:
    """Everything on the stage; `answer` runs the oldest message's job as the worker would."""

    database: Database
    bot: Bot
    handling: SlowHandling
    desk: HandingOver
    escalation: Escalation

    async def person(self, language: str | None = "en", channel: str = "web") -> UUID:
        async with self.database.transaction() as connection:
            made = await conversations.create(
                connection, channel, hashlib.sha256(uuid.uuid4().bytes).digest(), language
            )
        return made.id

    async def staff(self, first_name: str = "Ana", role: str = "counsellor") -> UUID:
        async with self.database.transaction() as connection:
            row = await fetch_one(
                connection,
                "INSERT INTO staff (email, name, first_name, role, seen_at)"
                " VALUES (%s, %s, %s, %s, now()) RETURNING id",
                (f"{uuid.uuid4().hex}@x.example", f"{first_name} Popa", first_name, role),
            )
        assert row
        found: UUID = row["id"]
        return found

    async def writes(self, conversation: UUID, text: str, choice: str | None = None) -> int:
        """Store what a person wrote; nothing answers it before `answer`."""
        content = hashlib.sha256(text.encode()).digest()
        draft = InboundDraft(str(uuid.uuid4()), content, text, choice)
        async with self.database.transaction() as connection:
            return (await inbox.accept(connection, conversation, draft)).id

    async def answer(self, conversation: UUID, inbound: int) -> None:
        await self.handling.answer(inbound, conversation, 0)

    async def says(self, conversation: UUID, text: str) -> list[str]:
        """Write and have it handled; give the names or texts of what was said to it."""
        before = await self.last_seq(conversation)
        await self.answer(conversation, await self.writes(conversation, text))
        return [name for body in await self.heard(conversation, before) for name in body["names"]]

    async def chooses(self, conversation: UUID, choice: str) -> None:
        await self.answer(conversation, await self.writes(conversation, "", choice))

    async def asks_for_a_person(self, conversation: UUID, text: str = "a person please") -> int:
        await self.says(conversation, text)
        standing = await self.standing(conversation)
        assert standing.handoff
        return standing.handoff

    async def standing(self, conversation: UUID) -> Standing:
        async with self.database.transaction() as connection:
            return await handoffs.standing(connection, conversation)

    async def heard(self, conversation: UUID, after: int = 0) -> list[dict[str, Any]]:
        """What the person got after a seq: the bodies."""
        async with self.database.transaction() as connection:
            rows = await outbox.after(connection, conversation, after)
        return [row["body"] for row in rows if row["body"]]

    async def names(self, conversation: UUID, after: int = 0) -> list[str]:
        return [name for body in await self.heard(conversation, after) for name in body["names"]]

    async def last_seq(self, conversation: UUID) -> int:
        row = await self.one("SELECT seq FROM conversation WHERE id = %s", conversation)
        return int(row["seq"])

    async def row(self, handoff: int) -> dict[str, Any]:
        return await self.one("SELECT * FROM handoff WHERE id = %s", handoff)

    async def one(self, query: str, *values: Any) -> dict[str, Any]:
        async with self.database.transaction() as connection:
            row = await fetch_one(connection, query, values)
        assert row is not None
        return row

    async def all(self, query: str, *values: Any) -> list[dict[str, Any]]:
        async with self.database.transaction() as connection:
            return await fetch_all(connection, query, values)

    async def do(self, query: str, *values: Any) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(query, values)

    async def erase(self, conversation: UUID) -> None:
        async with self.database.transaction() as connection:
            await erasure.erase(connection, conversation, erasure.new_reference("E"))


@asynccontextmanager
async def open_scene(url: str, operator: Operator | None = None) -> AsyncIterator[Scene]:
    """Set a scene on a database that is up to date."""
    database = Database(url)
    await database.open()
    bot = Bot()
    expectation = Expectation(VOICE, operator or Operator())
    handling = SlowHandling(
        database,
        bot,
        VOICE,
        spot,
        Metrics(),
        expectation,
        Doubts(Masking(introductions())),
    )
    desk = HandingOver(database, VOICE)
    escalation = Escalation(database, desk, expectation.is_open)
    try:
        yield Scene(database, bot, handling, desk, escalation)
    finally:
        await database.close()
