"""Handing over: what staff do with a handoff, each in one transaction, and what the person hears.

The desk's pages call this, and the job that escalates. Who may do what (roles, the log of who
did it) is decided before, by the pages; whether it can be, by the table of states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from bot.conversations.handoff import OUTCOMES
from bot.conversations.handoff_states import Event, Refused, Standing, State, Step
from bot.conversations.message import Conversation, Outbound
from bot.conversations.text import MAX_CHARACTERS, clean, direction_of, is_blank
from bot.conversations.turn import Said, merge
from bot.gateway.answers import DEFAULT_LANGUAGE
from bot.gateway.voice import Voice
from bot.store import cases, conversations, handoffs, outbox, staff
from bot.store.database import Connection, Database

CANNED = "utter_reply_"


@dataclass(frozen=True)
class Replied:
    """A counsellor's message as stored; `new` is false when the same one had come before."""

    seq: int
    new: bool


class HandingOver:
    """Moves handoffs through their states and sends what counsellors write.

    Every method raises `Refused` where the handoff is gone, in another state, or somebody
    else's; then nothing was changed.
    """

    def __init__(self, database: Database, voice: Voice) -> None:
        self._database = database
        self._voice = voice

    async def claim(self, handoff: int, by: UUID) -> None:
        """Take a waiting handoff; of two who do so at once one is refused with the other's name."""
        async with self._database.transaction() as connection:
            await self._give(connection, handoff, Event.CLAIM, by, by)

    async def assign(self, handoff: int, by: UUID, to: UUID) -> None:
        """Give a waiting handoff to a counsellor."""
        async with self._database.transaction() as connection:
            await self._give(connection, handoff, Event.ASSIGN, by, to)

    async def transfer(self, handoff: int, by: UUID, to: UUID, holder: UUID | None = None) -> None:
        """Give a handoff from its counsellor to another one.

        Args:
            handoff: Which one.
            by: Who does it.
            to: Who has it from now on.
            holder: Who has it, where that is not `by` (a coordinator transfers).
        """
        async with self._database.transaction() as connection:
            _, standing = await handoffs.lock(connection, handoff)
            _require_current(standing, handoff)
            standing.require_agent(holder or by)
            if standing.agent == to:
                raise Refused("same_agent", standing.agent_name)
            await self._give(connection, handoff, Event.TRANSFER, by, to)

    async def release(self, handoff: int, by: UUID, holder: UUID | None = None) -> None:
        """Give a handoff back to the queue."""
        await self._end(handoff, Event.RELEASE, by, holder)

    async def take_back(self, connection: Connection, handoff: int) -> None:
        """Put a handoff whose counsellor is gone back into the queue."""
        await self._step(connection, handoff, Event.RELEASE, None)

    async def return_to_bot(self, handoff: int, by: UUID, holder: UUID | None = None) -> None:
        """End a handoff and let the bot go on."""
        await self._end(handoff, Event.RETURN_TO_BOT, by, holder)

    async def resolve(
        self, handoff: int, by: UUID, outcome: str, holder: UUID | None = None
    ) -> None:
        """Close a handoff with an outcome: its counsellor does, or anybody while it waits."""
        if outcome not in OUTCOMES:
            raise Refused("unknown_outcome")
        async with self._database.transaction() as connection:
            _, standing = await handoffs.lock(connection, handoff)
            if standing.with_agent:
                standing.require_agent(holder or by)
            await self._step(connection, handoff, Event.RESOLVE, by, outcome=outcome)

    async def reopen(self, handoff: int, by: UUID) -> None:
        """Put a closed handoff into the queue again."""
        async with self._database.transaction() as connection:
            await self._step(connection, handoff, Event.REOPEN, by)

    async def reply_text(
        self, handoff: int, by: UUID, text: str, key: str, language: str | None = None
    ) -> Replied:
        """Send what a counsellor wrote.

        Args:
            handoff: Which one.
            by: The counsellor who has it.
            text: What was written; more than `MAX_CHARACTERS` is refused, never cut.
            key: The form's own id: sent twice, the message is stored once.
            language: The language that the counsellor wrote in, if that is known.
        """
        written = clean(text).strip()
        if is_blank(written):
            raise Refused("empty")
        if len(written) > MAX_CHARACTERS:
            raise Refused("too_long")
        message = Outbound(text=written, direction=direction_of(written), language=language or "")
        return await self._reply(handoff, by, key, message)

    async def reply_canned(
        self, handoff: int, by: UUID, name: str, key: str, values: Mapping[str, Any] | None = None
    ) -> Replied:
        """Send a reviewed sentence, `utter_reply_*`, in the person's language."""
        if name not in self._voice.names(CANNED):
            raise Refused("unknown_reply")
        return await self._reply(handoff, by, key, name, values)

    async def note(self, handoff: int, by: UUID, text: str) -> int | None:
        """Keep a private note; the person never sees it. None: nothing was written."""
        async with self._database.transaction() as connection:
            return await cases.note(connection, handoff, by, text)

    async def label(self, handoff: int, labels: list[str]) -> list[str]:
        """Give a handoff its labels, in the place of those that it had."""
        async with self._database.transaction() as connection:
            return await cases.label(connection, handoff, labels)

    async def escalate(self, connection: Connection, handoff: int, tell: bool) -> None:
        """Note that nobody answered in time; the person hears the numbers again with `tell`."""
        await self._step(connection, handoff, Event.ESCALATE, None, tell=tell)

    async def _give(
        self, connection: Connection, handoff: int, event: Event, by: UUID, to: UUID
    ) -> None:
        agent = await staff.by_id(connection, to)
        if agent is None or agent.disabled_at is not None:
            raise Refused("unknown_agent")
        values = {"agent": agent.first_name}
        await self._step(connection, handoff, event, by, agent=to, values=values)

    async def _end(self, handoff: int, event: Event, by: UUID, holder: UUID | None) -> None:
        async with self._database.transaction() as connection:
            _, standing = await handoffs.lock(connection, handoff)
            _require_current(standing, handoff)
            standing.require_agent(holder or by)
            await self._step(connection, handoff, event, by)

    async def _step(
        self,
        connection: Connection,
        handoff: int,
        event: Event,
        by: UUID | None,
        *,
        agent: UUID | None = None,
        outcome: str | None = None,
        values: Mapping[str, Any] | None = None,
        tell: bool = True,
    ) -> None:
        conversation, before = await handoffs.lock(connection, handoff)
        if event is not Event.REOPEN:
            _require_current(before, handoff)
        number = await handoffs.step(
            connection,
            conversation,
            before,
            event,
            handoff=handoff,
            by=by,
            agent=agent,
            outcome=outcome,
        )
        told = {"reference": before.reference, "agent": before.agent_name, **(values or {})}
        if tell:
            await self._tell(connection, conversation, before.step(event), told, number)
        await conversations.notify(connection, conversation.id)

    async def _tell(
        self,
        connection: Connection,
        conversation: Conversation,
        step: Step,
        values: Mapping[str, Any],
        number: int,
    ) -> None:
        if step.tells is None:
            return
        language = conversation.speaks(DEFAULT_LANGUAGE)
        said = self._voice.say(step.tells, language, values)
        if step.state is State.WITH_AGENT:
            # Beside a counsellor the bot offers nothing: a typed "1" is for the counsellor.
            said = replace(said, choices=())
        message = merge([said], language, self._voice.direction(language), asks=bool(said.choices))
        if message:
            await outbox.put(connection, conversation.id, f"handoff:{number}", message)

    async def _reply(
        self,
        handoff: int,
        by: UUID,
        key: str,
        reply: Outbound | str,
        values: Mapping[str, Any] | None = None,
    ) -> Replied:
        async with self._database.transaction() as connection:
            conversation, standing = await handoffs.lock(connection, handoff)
            stored = f"agent:{handoff}:{by}:{key}"
            earlier = await outbox.seq_of(connection, stored)
            if earlier is not None:
                return Replied(earlier, new=False)
            _require_current(standing, handoff)
            standing.require_agent(by)
            message = self._of_agent(conversation, standing, reply, values)
            seq = await outbox.put(connection, conversation.id, stored, message)
            await handoffs.answered(connection, conversation, standing, by)
            await conversations.notify(connection, conversation.id)
            return Replied(seq, new=True)

    def _of_agent(
        self,
        conversation: Conversation,
        standing: Standing,
        reply: Outbound | str,
        values: Mapping[str, Any] | None,
    ) -> Outbound:
        language = conversation.speaks(DEFAULT_LANGUAGE)
        message = reply if isinstance(reply, Outbound) else self._canned(reply, language, values)
        # The bot's own question stays open: it is asked again when the bot has the chat back.
        return replace(
            message,
            language=message.language or language,
            author="agent",
            asks=False,
            extra={"agent": standing.agent_name or ""},
        )

    def _canned(self, name: str, language: str, values: Mapping[str, Any] | None) -> Outbound:
        said: Said = replace(self._voice.say(name, language, values), choices=())
        message = merge([said], language, self._voice.direction(language), asks=False)
        if message is None:
            raise Refused("unknown_reply")
        return message


def _require_current(standing: Standing, handoff: int) -> None:
    """Make sure that it is the conversation's current handoff that is meant."""
    if standing.handoff != handoff:
        raise Refused("not_open")
