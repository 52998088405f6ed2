"""The typing sign: at once, renewed while we work, never after the answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from uuid import uuid4

from bot.channels.whatsapp import CHANNEL
from bot.conversations.message import Conversation
from bot.errors import SendTransient
from bot.gateway.presence import RENEW_SECONDS, Presence
from bot.store.received import seal_id
from bot.store.vault import Vault


@dataclass
class FakeLine:
    shown: list[str] = field(default_factory=list)
    running: int = 0
    delay: float = 0.0
    error: Exception | None = None

    async def show_typing(self, external_id: str) -> None:
        self.running += 1
        self.shown.append(external_id)
        await asyncio.sleep(self.delay)
        self.running -= 1
        if self.error:
            raise self.error


def presence(line: FakeLine, renew: float = RENEW_SECONDS) -> Presence:
    return Presence({CHANNEL: line}, renew=renew)  # type: ignore[dict-item]


def conversation(pushed: bool = True) -> Conversation:
    return Conversation(
        id=uuid4(),
        channel=CHANNEL,
        language=None,
        hint_language=None,
        keep_key=None,
        seq=1,
        pushed=pushed,
    )


async def test_the_sign_is_shown_at_once() -> None:
    line = FakeLine()
    async with presence(line).working(conversation(), "wamid.1"):
        await asyncio.sleep(0)
        assert line.shown == ["wamid.1"]


async def test_the_sign_is_renewed_while_we_work_and_not_after() -> None:
    line = FakeLine()
    async with presence(line, renew=0.05).working(conversation(), "wamid.1"):
        await asyncio.sleep(0.18)
    during = len(line.shown)
    assert 3 <= during <= 5
    await asyncio.sleep(0.15)
    assert len(line.shown) == during
    assert RENEW_SECONDS < 25


async def test_a_call_under_way_ends_before_the_answer_is_stored() -> None:
    line = FakeLine(delay=0.1)
    async with presence(line).working(conversation(), "wamid.1"):
        await asyncio.sleep(0)
        assert line.running == 1
    assert line.running == 0


async def test_an_answer_before_the_first_call_shows_nothing() -> None:
    line = FakeLine()
    async with presence(line).working(conversation(), "wamid.1"):
        pass
    assert line.shown == []


async def test_a_sign_that_cannot_be_shown_disturbs_nobody() -> None:
    line = FakeLine(error=SendTransient("down"))
    async with presence(line, renew=0.01).working(conversation(), "wamid.1"):
        await asyncio.sleep(0.05)
    assert line.shown == ["wamid.1"], "it is not tried again for this message"


async def test_the_work_keeps_its_own_error() -> None:
    line = FakeLine()
    try:
        async with presence(line).working(conversation(), "wamid.1"):
            raise LookupError
    except LookupError:
        return
    raise AssertionError("the error was swallowed")


async def test_on_a_page_that_reads_for_itself_there_is_no_call() -> None:
    line = FakeLine()
    async with presence(line).working(conversation(pushed=False), "x"):
        await asyncio.sleep(0)
    assert line.shown == []


async def test_the_id_is_opened_for_the_provider() -> None:
    line, vault = FakeLine(), Vault(b"v" * 32)
    sealed = seal_id(vault, "wamid.1")
    async with Presence({CHANNEL: line}, vault).working(conversation(), sealed):  # type: ignore[dict-item]
        await asyncio.sleep(0)
    assert line.shown == ["wamid.1"]
    async with Presence({CHANNEL: line}, vault).working(conversation(), "no such id"):  # type: ignore[dict-item]
        await asyncio.sleep(0)
    assert line.shown == ["wamid.1"]
