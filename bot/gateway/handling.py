"""Handling one stored message: which way it goes, what comes back, one closing transaction.

Called by the jobs only. A job may run twice at once; nothing here has an outside effect
before the closing transaction, and Rasa answers a repeated id with the same turn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from bot.conversations.message import KEPT_KINDS, Conversation, Inbound, Question
from bot.conversations.routing import (
    KeepKey,
    Kept,
    Nothing,
    Passed,
    TooLong,
    ToRasa,
    Unreadable,
    route,
)
from bot.conversations.turn import Turn, merge
from bot.errors import RasaUnavailable
from bot.gateway.answers import DEFAULT_LANGUAGE, Answers, kept_response
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Rasa
from bot.gateway.voice import Voice
from bot.store import conversations, erasure, inbox, outbox, turns
from bot.store.database import Database
from bot.store.turns import Closing

log = logging.getLogger(__name__)

RETRY_DELAYS = (0.3, 1.0, 2.0, 5.0, 10.0)
"""Seconds before the second, third, ... try; then the message is given to a person."""
PATIENCE = 25.0
"""Seconds after which a person who waits is not made to wait for another try."""
_DANGER_PATIENCE = 8.0
_JUST = 60.0


class Signal(Protocol):
    """A safety word, as `bot.safety.spot` gives it."""

    @property
    def kind(self) -> str:
        """Give what the word stands for: danger, human, keep, forget, ..."""


Spot = Callable[[str], "Signal | None"]


class TryAgain(Exception):
    """The job shall run again after some seconds, keeping its place in the order."""

    def __init__(self, delay: float) -> None:
        super().__init__(f"again in {delay} s")
        self.delay = delay


@dataclass(frozen=True)
class _Work:
    """One message with all that is needed to decide on it."""

    inbound: Inbound
    conversation: Conversation
    question: Question | None
    signal: str | None
    attempts: int
    just_said: tuple[str, ...] = ()


class Handling:
    """Answers messages and erases conversations."""

    def __init__(
        self, database: Database, rasa: Rasa, voice: Voice, spot: Spot, metrics: Metrics
    ) -> None:
        self._database = database
        self._rasa = rasa
        self._voice = voice
        self._answers = Answers(voice)
        self._spot = spot
        self._metrics = metrics

    async def answer(self, inbound: int, conversation: UUID, attempts: int) -> None:
        """Answer one message.

        Raises:
            TryAgain: If Rasa gave no answer and another try may help.
            StoreError: If the database went away; nothing was changed.
        """
        work = await self._load(inbound, attempts)
        if work is None:
            await self._clean_up(conversation)
        elif not work.inbound.done:
            await self._close(work, await self._decide(work))

    async def erase(self, conversation: UUID) -> str | None:
        """Delete everything of a conversation and leave a receipt behind its key.

        Returns:
            The receipt's reference; None if there was nothing to erase.
        """
        reference = erasure.new_reference("E")
        async with self._database.transaction() as connection:
            locked = await conversations.lock(connection, conversation)
            if locked is None:
                return None
            receipt = self._answers.receipt(locked, reference)
            await erasure.erase(connection, conversation, reference, receipt)
        log.info("conversation erased, receipt %s", reference)
        return reference

    async def _load(self, inbound: int, attempts: int) -> _Work | None:
        # Nothing is written here but the sign that an answer is being prepared.
        async with self._database.transaction(durable=False) as connection:
            found = await inbox.load(connection, inbound)
            if found is None:
                return None
            message, conversation = found
            question = await outbox.question(connection, conversation.id)
            if not message.done:
                await conversations.notify(connection, conversation.id, conversations.TYPING)
            just_said: tuple[str, ...] = ()
            if message.kind in KEPT_KINDS:
                just_said = await outbox.just_said(connection, conversation.id, _JUST)
        signal = self._spot(message.text) if message.choice is None else None
        kind = signal.kind if signal else None
        return _Work(message, conversation, question, kind, attempts, just_said)

    async def _decide(self, work: _Work) -> Closing:
        way = route(work.inbound, work.question, work.signal)
        if isinstance(way, Passed):
            return self._answers.passed(work.conversation, work.question)
        if isinstance(way, TooLong):
            return self._answers.too_long(work.conversation, work.signal == "danger")
        if isinstance(way, KeepKey):
            return self._answers.keep_key(work.conversation, way.keep)
        if isinstance(way, Unreadable):
            return self._answers.unreadable(work.conversation, way.kind)
        if isinstance(way, Nothing):
            return Closing("gateway")
        if isinstance(way, Kept):
            return await self._keep(work, way)
        return await self._through_rasa(work, way)

    async def _keep(self, work: _Work, way: Kept) -> Closing:
        if way.caption:
            answer = await self._through_rasa(work, way.caption)
            return self._answers.kept(work.conversation, way.kind, answer)
        # An album comes as one message each: whoever was just told is not told again.
        if kept_response(way.kind) in work.just_said:
            return Closing("gateway")
        return self._answers.kept(work.conversation, way.kind)

    async def _through_rasa(self, work: _Work, way: ToRasa) -> Closing:
        # Whoever is in danger does not wait as long as others for a Rasa that hangs.
        timeout = _DANGER_PATIENCE if work.signal == "danger" else None
        try:
            turn = await self._rasa.ask(work.inbound, work.conversation, way, timeout)
        except RasaUnavailable as error:
            self._metrics.rasa_failures.inc()
            log.warning(
                "no answer from Rasa to inbound %s at try %s: %s",
                work.inbound.id,
                work.attempts + 1,
                error,
            )
            return self._without_rasa(work)
        return self._closing(work, way, turn)

    def _without_rasa(self, work: _Work) -> Closing:
        if work.signal == "danger":
            return self._answers.danger(work.conversation)
        if work.signal == "human":
            return self._answers.human(work.conversation)
        delay = delay_before_next_try(work.attempts, work.inbound.seconds_waiting)
        if delay is not None:
            raise TryAgain(delay)
        return self._answers.failure(work.conversation)

    def _closing(self, work: _Work, way: ToRasa, turn: Turn) -> Closing:
        language = turn.language or work.conversation.language or DEFAULT_LANGUAGE
        message = merge(turn.said, language, self._voice.direction(language), turn.findings)
        taken = work.question.seq if way.payload and work.question else None
        return Closing(
            outcome="rasa",
            # The receipt answers a confirmed erasure; the turn's own words would double it.
            messages=(message,) if message and not turn.erase else (),
            language=turn.language,
            handoff=turn.handoff,
            findings=turn.findings,
            answers=taken,
            erase=turn.erase,
        )

    async def _close(self, work: _Work, closing: Closing) -> None:
        async with self._database.transaction() as connection:
            closed = await turns.close(connection, work.inbound, closing)
        if closed:
            self._metrics.turn(closing.outcome, work.inbound.seconds_waiting)
        else:
            await self._clean_up_if_erased(work.conversation.id)

    async def _clean_up_if_erased(self, conversation: UUID) -> None:
        async with self._database.transaction() as connection:
            if await conversations.lock(connection, conversation) is None:
                await erasure.late_writes(connection, conversation)

    async def _clean_up(self, conversation: UUID) -> None:
        async with self._database.transaction() as connection:
            await erasure.late_writes(connection, conversation)


def delay_before_next_try(attempts: int, seconds_waiting: float) -> float | None:
    """Give the seconds to wait before the next try; None when it is time for a person.

    A message that waited long before its first try (everything was being restarted) gets a
    second one all the same.
    """
    if attempts >= len(RETRY_DELAYS) or (attempts > 0 and seconds_waiting > PATIENCE):
        return None
    return RETRY_DELAYS[attempts]
