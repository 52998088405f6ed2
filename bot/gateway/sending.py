"""Sending: what waits for a person is carried to them, in order, part by part.

Called by the job `outbound.send`, one at a time for a conversation. It never waits: whatever
must, is written down and a job is scheduled. Each part is committed as asked before it is
asked, so that a process that dies in between is noticed: an answer that did not come is waited
for, then asked for once more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from uuid import UUID

from bot.errors import SendFailed, SendUnsure
from bot.gateway.announcing import announcement
from bot.gateway.asking import Answered, Asking, Request, Turn, answer_due, is_hopeless
from bot.gateway.lines import Lines
from bot.gateway.outbound_counts import OutboundCounts
from bot.gateway.pacing import PAIR_MEMORY, Bucket, pair_due
from bot.gateway.settling import Refusal, give_up, settle
from bot.store import aliases, deliveries, outbox, pauses
from bot.store.database import Connection, Database
from bot.store.deliveries import ASKED, DOUBLED, OPEN, TAKEN, Delivery
from bot.store.outbox import Waiting
from bot.store.vault import Vault

log = logging.getLogger(__name__)

RECEIPT = "receipt:"

Clock = Callable[[], datetime]
Pause = Callable[[float], Awaitable[None]]


def utc_now() -> datetime:
    """Give the time."""
    return datetime.now(timezone.utc)


class Sending:
    """Carries messages to people.

    Args:
        database: Where everything stands.
        vault: Opens the names under which people can be written to.
        lines: By the channel's name.
        counts: What is counted.
        clock: Gives the time.
        pause: Sleeps for the fraction of a second that the number's own pace asks for.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        lines: Lines,
        counts: OutboundCounts,
        clock: Clock = utc_now,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._database = database
        self._vault = vault
        self._lines = lines
        self._counts = counts
        self._clock = clock
        self._pause = pause
        self._buckets = {channel: Bucket() for channel in lines}

    async def send(self, conversation: UUID) -> None:
        """Send what waits, until nothing is left or something must wait.

        Raises:
            StoreError: If the database went away; what was asked then is taken for unsure.
        """
        answered: Answered | None = None
        while True:
            async with self._database.transaction() as connection:
                request = await self._advance(connection, conversation, answered)
                if request is None:
                    # Should a crash undo it, a status or the next look finds the same again.
                    await connection.execute("SET LOCAL synchronous_commit TO off")
            if request is None:
                return
            answered = Answered(request, await self._ask(request))

    async def wake(self, conversation: UUID) -> None:
        """Have a conversation sent in order, now that its wait is over."""
        async with self._database.transaction() as connection:
            await outbox.wake(connection, conversation)

    async def wake_due(self) -> int:
        """Wake the conversations where something waits and nothing is scheduled.

        Returns:
            How many.
        """
        async with self._database.transaction() as connection:
            found = await pauses.due(connection, self._clock())
            for conversation in found:
                await outbox.wake(connection, conversation)
        if found:
            log.info("%s conversations woken that nobody had scheduled", len(found))
        return len(found)

    async def _ask(self, request: Request) -> str | SendFailed:
        delay = self._buckets[request.chat.channel].reserve(self._clock())
        if delay:
            await self._pause(delay)
        try:
            return await request.line.send(request.address, request.part, request.delivery.key)
        except SendFailed as error:
            return error

    async def _advance(
        self, connection: Connection, conversation: UUID, answered: Answered | None
    ) -> Request | None:
        """Note what became of the last request and commit the next one."""
        chat = await pauses.lock_chat(connection, conversation)
        line = self._lines.get(chat.channel) if chat and chat.pushed else None
        if chat is None or line is None:
            return None
        turn = Turn(connection, chat, line, self._clock())
        refused = await self._note(turn, answered) if answered else False
        if chat.unsettled:
            await self._settle_told(turn)
        if refused or chat.unsettled:
            # It may have closed the window, or made the chat or the channel wait.
            fresh = await pauses.lock_chat(connection, conversation)
            turn = Turn(connection, fresh or chat, line, turn.now)
        return await self._next(turn)

    async def _note(self, turn: Turn, answered: Answered) -> bool:
        """Note what became of a request; True if it was refused."""
        delivery, result = answered.request.delivery, answered.result
        if isinstance(result, str):
            provider_id = deliveries.keyed(self._vault, result)
            await deliveries.taken(turn.connection, delivery.id, provider_id, turn.now)
            if turn.chat.send_failures or turn.chat.not_before:
                await pauses.release(turn.connection, turn.chat.id)
            what = "template" if delivery.outbound_id is None else "message"
            self._counts.sent.labels(turn.chat.channel, what).inc()
        elif isinstance(result, SendUnsure):
            await deliveries.unanswered(turn.connection, delivery.id, turn.now)
            log.warning("delivery %s is unsure: %s", delivery.id, result)
        else:
            other = turn.line.other_form(answered.request.part, result)
            await self._settle(turn, Refusal(delivery, result, other is not None))
            return True
        return False

    async def _settle_told(self, turn: Turn) -> None:
        for delivery in await deliveries.unsettled(turn.connection, turn.chat.id):
            await self._settle(turn, Refusal(delivery, turn.line.failure(delivery.error_code)))

    async def _settle(self, turn: Turn, refusal: Refusal) -> None:
        await settle(turn.connection, turn.chat, turn.line, refusal, self._counts, turn.now)

    async def _next(self, turn: Turn) -> Request | None:
        until = turn.chat.blocked_until(turn.now)
        if until:
            await outbox.wake_at(turn.connection, turn.chat.id, until)
            return None
        while waiting := await outbox.first_waiting(turn.connection, turn.chat.id):
            finished, request = await self._step(turn, waiting)
            if not finished:
                return request
        return None

    async def _step(self, turn: Turn, waiting: Waiting) -> tuple[bool, Request | None]:
        """Go on with one message.

        Returns:
            Whether the message is finished, one way or the other; else what is asked now,
            or None if that must wait.
        """
        known = await deliveries.of_outbound(turn.connection, waiting.id)
        for number, part in enumerate(turn.line.render(waiting.body, waiting.seq), 1):
            delivery = known.get(number)
            if delivery and delivery.state in TAKEN:
                continue
            due = answer_due(delivery, turn.now)
            if due:
                await outbox.wake_at(turn.connection, turn.chat.id, due)
                return False, None
            if is_hopeless(delivery):
                await self._give_up(turn, waiting.id)
                return True, None
            key = deliveries.new_key()
            return await self._request(turn, Asking(waiting.id, number, part, key, delivery))
        await self._finish(turn, waiting)
        return True, None

    async def _finish(self, turn: Turn, waiting: Waiting) -> None:
        await outbox.mark_delivered(turn.connection, waiting.id, turn.now)
        if waiting.key.startswith(RECEIPT):
            await pauses.forget_receipt(turn.connection, turn.chat.id)

    async def _give_up(self, turn: Turn, outbound: int) -> None:
        await give_up(turn.connection, turn.chat, outbound, self._counts, turn.now)

    async def _request(self, turn: Turn, asking: Asking) -> tuple[bool, Request | None]:
        """Commit one part as asked, if it may be asked now; in its place what announces it."""
        if not turn.chat.is_open(turn.now):
            announcing = await announcement(turn, asking.outbound)
            if announcing is None:
                return False, None
            asking = announcing
        until = await self._paced_until(turn)
        if until:
            await outbox.wake_at(turn.connection, turn.chat.id, until)
            return False, None
        names = await aliases.address_of(turn.connection, self._vault, turn.chat.id)
        address = turn.line.address(names)
        if address is None:
            log.error("conversation %s has no name to send to", turn.chat.id)
            await self._give_up(turn, asking.outbound)
            return True, None
        part = asking.form(turn.line)
        delivery = await self._write_down(turn, asking)
        return False, Request(turn.chat, turn.line, delivery, part, address)

    async def _paced_until(self, turn: Turn) -> datetime | None:
        since = turn.now - PAIR_MEMORY
        due = pair_due(await deliveries.asked_since(turn.connection, turn.chat.id, since))
        return due if due and due > turn.now else None

    async def _write_down(self, turn: Turn, asking: Asking) -> Delivery:
        connection, delivery = turn.connection, asking.delivery
        if asking.is_template:
            await pauses.template_sent(connection, turn.chat.id, turn.now)
        if delivery is None:
            outbound = None if asking.is_template else asking.outbound
            return await deliveries.ask(
                connection, turn.chat.id, outbound, asking.number, asking.key, turn.now
            )
        if delivery.state in OPEN:
            self._counts.doubled.labels(turn.chat.channel).inc()
            log.warning("delivery %s is asked again and may be doubled", delivery.id)
            return await deliveries.ask_again(connection, delivery, delivery.key, DOUBLED, turn.now)
        return await deliveries.ask_again(connection, delivery, asking.key, ASKED, turn.now)
