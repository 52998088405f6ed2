"""People who wait at a desk that runs: their conversations, stored as the product stores them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from aiohttp.test_utils import TestServer

from bot.conversations.handoff import HandoffRequest, reference_of
from bot.conversations.message import Choice, Conversation, InboundDraft, Outbound
from bot.conversations.text import direction_of
from bot.gateway.keys import DATABASE, VAULT
from bot.store import conversations, handoffs, inbox, media, outbox
from bot.store.aliases import Directory
from bot.store.database import Database, fetch_one
from bot.store.vault import Vault
from tests.desk.browser import Member

FATHER: dict[str, Any] = {
    "shared": {
        "asker": "sponsor",
        "application": "none",
        "sponsor.status": "refugee",
        "sponsor.age": 34,
        "sponsor.asylum_application": "2023-05",
        "person.in_origin_at_asylum_application": True,
    },
    "told_on": {"sponsor.age": date.today().isoformat()},
    "documents": ["with_family", "no_passport"],
    "members": [
        {
            "key": "p1",
            "kind": "wife",
            "country": "TR",
            "facts": {
                "relation": "spouse",
                "place": "third_country",
                "marriage.form": "official",
                "marriage.when": "before_flight",
                "marriage.other_spouses": False,
                "marriage.under_18_at_marriage": False,
            },
            "told_on": {},
            "many": False,
        },
        {
            "key": "p2",
            "kind": "son",
            "country": "TR",
            "facts": {
                "relation": "child",
                "place": "third_country",
                "age": 17,
                "married": False,
            },
            "told_on": {"age": date.today().isoformat()},
            "many": False,
        },
        {
            "key": "p3",
            "kind": "brother",
            "country": "TR",
            "facts": {"relation": "sibling", "place": "third_country"},
            "told_on": {},
            "many": False,
        },
    ],
}
CHILD: dict[str, Any] = {
    "shared": {"asker": "sponsor", "sponsor.age": 16, "sponsor.status": "subsidiary_protection"},
    "told_on": {"sponsor.age": date.today().isoformat()},
    "members": [
        {
            "key": "p1",
            "kind": "mother",
            "country": "SY",
            "facts": {"relation": "parent", "place": "country_of_origin"},
            "told_on": {},
            "many": False,
        }
    ],
}


def pending(months: int) -> dict[str, Any]:
    """Facts of somebody whose family's application waits."""
    return {
        "shared": {
            "asker": "family_abroad",
            "application": "pending",
            "months_since_application": months,
        },
        "told_on": {"months_since_application": date.today().isoformat()},
    }


class Case:
    """One conversation with a handoff."""

    def __init__(self, desk: Cases, conversation: UUID, handoff: int) -> None:
        self._desk = desk
        self.conversation = conversation
        self.handoff = handoff
        self.reference = reference_of(conversation)
        self.path = f"/desk/cases/{self.reference}"

    async def writes(self, text: str, kind: str = "text") -> int:
        """Store what the person writes; nothing answers it."""
        async with self._desk.database.transaction() as connection:
            draft = InboundDraft(str(uuid.uuid4()), _hash(text), text, kind=kind)
            accepted = await inbox.accept(connection, self.conversation, draft)
            await conversations.notify(connection, self.conversation)
        return accepted.id

    async def sends(
        self, kind: str, mime_type: str, content: bytes, filename: str | None = None
    ) -> int:
        """Store a picture, a voice note or a file; give its id."""
        inbound = await self.writes("", kind)
        async with self._desk.database.transaction() as connection:
            number = await media.want(
                connection,
                self._desk.vault,
                self.conversation,
                inbound,
                kind=kind,
                provider_id="1",
                mime_type=mime_type,
                filename=filename,
                sha256=None,
            )
            await media.keep(connection, self._desk.vault, number, content, _hash("x"))
        return number

    async def hears(self, text: str, *titles: str, **more: Any) -> int:
        """Store an answer of the bot; give its seq."""
        message = Outbound(
            text=text,
            choices=tuple(Choice(title, f"/inform{{{title}}}") for title in titles),
            direction=direction_of(text),
            **more,
        )
        async with self._desk.database.transaction() as connection:
            await conversations.lock(connection, self.conversation)
            key = f"reply:{uuid.uuid4()}"
            seq = await outbox.put(connection, self.conversation, key, message)
            await conversations.notify(connection, self.conversation)
        return seq

    async def heard(self) -> list[dict[str, Any]]:
        """Give all that the person was sent."""
        async with self._desk.database.transaction() as connection:
            rows = await outbox.after(connection, self.conversation, 0)
        return [row["body"] for row in rows if row["body"]]

    async def row(self) -> dict[str, Any]:
        """Give the handoff's row."""
        async with self._desk.database.transaction() as connection:
            row = await fetch_one(
                connection, "SELECT * FROM handoff WHERE id = %s", (self.handoff,)
            )
        assert row is not None
        return row

    async def asks_again(self, reason: str, priority: str) -> None:
        """Ask for a person once more."""
        await self._desk.request(self.conversation, reason, priority, {}, None)


class Cases:
    """Makes conversations that were handed over, at one desk."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self.vault = vault

    @classmethod
    def at(cls, server: TestServer) -> Cases:
        return cls(server.app[DATABASE], server.app[VAULT])

    async def new(
        self,
        reason: str = "asked",
        priority: str = "normal",
        *,
        language: str | None = "en",
        facts: Mapping[str, Any] | None = None,
        findings: Sequence[Mapping[str, Any]] = (),
        minutes: int = 0,
        phone: str | None = None,
    ) -> Case:
        """Let somebody ask for a person some minutes ago; with a phone, on WhatsApp."""
        conversation = await self._conversation(language, phone)
        handoff = await self.request(
            conversation.id, reason, priority, facts or {}, language, findings
        )
        if minutes:
            since = datetime.now(timezone.utc) - timedelta(minutes=minutes)
            async with self.database.transaction() as connection:
                await connection.execute(
                    "UPDATE handoff SET waiting_since = %s, opened_at = %s WHERE id = %s",
                    (since, since, handoff),
                )
        return Case(self, conversation.id, handoff)

    async def _conversation(self, language: str | None, phone: str | None) -> Conversation:
        async with self.database.transaction() as connection:
            if phone is None:
                token = hashlib.sha256(uuid.uuid4().bytes).digest()
                return await conversations.create(connection, "web", token, language)
            now = datetime.now(timezone.utc)
            names = {"phone": phone}
            made = await Directory(connection, self.vault, "whatsapp").find_or_make(names, now)
            await connection.execute(
                "UPDATE conversation SET language = %s, window_until = %s WHERE id = %s",
                (language, now + timedelta(hours=3), made),
            )
            locked = await conversations.lock(connection, made)
        assert locked
        return locked

    async def request(
        self,
        conversation: UUID,
        reason: str,
        priority: str,
        facts: Mapping[str, Any],
        language: str | None,
        findings: Sequence[Mapping[str, Any]] = (),
    ) -> int:
        async with self.database.transaction() as connection:
            await conversations.lock(connection, conversation)
            request = HandoffRequest(reference_of(conversation), reason, priority, facts)
            opened = await handoffs.open_or_add(
                connection, conversation, request, language, findings
            )
        return opened.handoff

    async def close_window(self, case: Case) -> None:
        """Let a day pass since the person wrote."""
        async with self.database.transaction() as connection:
            await connection.execute(
                "UPDATE conversation SET window_until = now() - interval '1 minute' WHERE id = %s",
                (case.conversation,),
            )

    async def tick(self, case: Case, seq: int, state: str) -> None:
        """Let a message come as far as that."""
        async with self.database.transaction() as connection:
            await connection.execute(
                "INSERT INTO delivery (conversation_id, outbound_id, key, state)"
                " SELECT conversation_id, id, gen_random_uuid()::text, %s FROM outbound"
                " WHERE conversation_id = %s AND seq = %s",
                (state, case.conversation, seq),
            )

    async def tick_on(self, case: Case, seq: int, state: str) -> None:
        """Let a message that was sent come further; nobody is woken by that alone."""
        async with self.database.transaction() as connection:
            await connection.execute(
                "UPDATE delivery SET state = %s WHERE outbound_id ="
                " (SELECT id FROM outbound WHERE conversation_id = %s AND seq = %s)",
                (state, case.conversation, seq),
            )


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


async def act(member: Member, case: Case, form: str, /, **fields: str) -> str:
    """Open a conversation's page and send one of its forms."""
    await member.get(case.path)
    return await member.submit(f"{case.path}/{form}", **{"handoff": str(case.handoff), **fields})
