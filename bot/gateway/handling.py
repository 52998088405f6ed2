"""Handling one stored message: which way it goes, what comes back, one closing transaction.

Called by the jobs only. A job may run twice at once; nothing here has an outside effect
before the closing transaction, and Rasa answers a repeated id with the same turn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from bot.conversations.handoff_states import PERSON_BACK, Standing
from bot.conversations.meanwhile import Meanwhile, may_be_said, route_meanwhile
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
from bot.conversations.turn import Said, Turn, merge
from bot.errors import RasaUnavailable
from bot.gateway.answers import DEFAULT_LANGUAGE, Answers, kept_response
from bot.gateway.doubts import Doubts
from bot.gateway.expectation import Expectation
from bot.gateway.metrics import Metrics
from bot.gateway.patience import RETRY_DELAYS, delay_before_next_try
from bot.gateway.presence import Presence
from bot.gateway.rasa import Rasa
from bot.gateway.voice import Voice
from bot.store import conversations, erasure, handoffs, inbox, outbox, turns
from bot.store.database import Database
from bot.store.misunderstandings import Unsure
from bot.store.turns import Closing

log = logging.getLogger(__name__)

_DANGER_PATIENCE = 8.0
UNREVIEWED = "utter_language_unreviewed"
_SAFETY = "utter_safety"
_JUST = 60.0
_LOOKS = 3


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
    standing: Standing
    just_said: tuple[str, ...] = ()
    warned: frozenset[str] = frozenset()
    meanwhile: Meanwhile | None = None

    @property
    def opens(self) -> bool:
        """Whether a request for a person would open a handoff, not add to one."""
        return not self.standing.is_open


class Handling:
    """Answers messages and erases conversations."""

    def __init__(
        self,
        database: Database,
        rasa: Rasa,
        voice: Voice,
        spot: Spot,
        metrics: Metrics,
        expectation: Expectation | None = None,
        doubts: Doubts | None = None,
        presence: Presence | None = None,
    ) -> None:
        self._database = database
        self._rasa = rasa
        self._voice = voice
        self._answers = Answers(voice, expectation)
        self._expectation = expectation
        self._doubts = doubts
        self._presence = presence
        self._spot = spot
        self._metrics = metrics

    async def answer(self, inbound: int, conversation: UUID, attempts: int) -> None:
        """Answer one message.

        Raises:
            TryAgain: If Rasa gave no answer and another try may help.
            StoreError: If the database went away; nothing was changed.
        """
        for _ in range(_LOOKS):
            work = await self._load(inbound, attempts)
            if work is None:
                return await self._clean_up(conversation)
            if work.inbound.done:
                return None
            try:
                return await self._close(work, await self._work_on(work))
            except turns.StandingChanged:
                # The counsellor it was left to has gone: the bot answers it after all.
                continue
        raise TryAgain(RETRY_DELAYS[0])

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
            standing = await handoffs.standing(connection, conversation.id)
            if not message.done and not standing.with_agent:
                await conversations.notify(connection, conversation.id, conversations.TYPING)
            just_said: tuple[str, ...] = ()
            if message.kind in KEPT_KINDS:
                just_said = await outbox.just_said(connection, conversation.id, _JUST)
            warned = await outbox.languages_of(connection, conversation.id, UNREVIEWED)
        signal = self._spot(message.text) if message.choice is None else None
        kind = signal.kind if signal else None
        return _Work(message, conversation, question, kind, attempts, standing, just_said, warned)

    async def _work_on(self, work: _Work) -> Closing:
        if self._presence is None or work.standing.with_agent:
            return await self._decide(work)
        # Over before anything is written: the sign never stands below the answer.
        async with self._presence.working(work.conversation, work.inbound.external_id):
            return await self._decide(work)

    async def _decide(self, work: _Work) -> Closing:
        has_key = not work.conversation.pushed
        way = route(work.inbound, work.question, work.signal, has_key)
        if work.standing.with_agent:
            meanwhile = route_meanwhile(
                way, work.inbound, work.question, work.signal, work.standing
            )
            if meanwhile is Meanwhile.LEFT_TO_AGENT:
                return Closing("agent", left_to_agent=True)
            if meanwhile is Meanwhile.DANGER:
                return self._answers.danger_beside(work.conversation)
            work = replace(work, meanwhile=meanwhile)
        if isinstance(way, Passed):
            return self._answers.passed(work.conversation, work.question)
        if isinstance(way, TooLong):
            in_danger = work.signal == "danger"
            return self._answers.too_long(work.conversation, in_danger, work.opens)
        if isinstance(way, KeepKey):
            return self._answers.keep_key(work.conversation, way.keep)
        if isinstance(way, Unreadable):
            return self._answers.unreadable(work.conversation, way.kind, work.question)
        if isinstance(way, Nothing):
            return Closing("gateway")
        if isinstance(way, Kept):
            return await self._keep(work, way)
        return await self._through_rasa(work, way)

    async def _keep(self, work: _Work, way: Kept) -> Closing:
        if way.caption:
            answer = await self._through_rasa(work, way.caption)
            return self._answers.kept(work.conversation, way.kind, answer, work.opens)
        # An album comes as one message each: whoever was just told is not told again.
        if kept_response(way.kind) in work.just_said:
            return Closing("gateway")
        return self._answers.kept(
            work.conversation, way.kind, opens=work.opens, question=work.question
        )

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
            return self._answers.danger(work.conversation, work.opens)
        if work.signal == "human":
            return self._answers.human(work.conversation, work.opens)
        delay = delay_before_next_try(
            work.attempts, work.inbound.seconds_waiting, self._rasa.seconds_starting
        )
        if delay is not None:
            raise TryAgain(delay)
        return self._answers.failure(work.conversation, work.opens)

    def _closing(self, work: _Work, way: ToRasa, turn: Turn) -> Closing:
        language = turn.language or work.conversation.language or DEFAULT_LANGUAGE
        direction = self._voice.direction(language)
        said = self._said(work, turn, language)
        message = merge(said, language, direction, turn.findings)
        beside = merge([one for one in said if may_be_said([one.name])], language, direction)
        taken = work.question.seq if way.payload and work.question else None
        return Closing(
            outcome="rasa",
            # The receipt answers a confirmed erasure; the turn's own words would double it.
            messages=(message,) if message and not turn.erase else (),
            beside_agent=(beside,) if beside and not turn.erase else (),
            back_to_bot=work.meanwhile is Meanwhile.BACK_TO_BOT,
            unsure=self._unsure(work, way, turn, language),
            language=turn.language,
            handoff=turn.handoff,
            findings=turn.findings,
            facts=turn.facts,
            answers=taken,
            erase=turn.erase,
        )

    def _said(self, work: _Work, turn: Turn, language: str) -> list[Said]:
        said = list(turn.said)
        if turn.handoff and work.opens and self._expectation:
            said = self._expectation.add(said, language)
        if self._must_warn(work, said, language):
            last = len(said) - 1 if said[-1].choices else len(said)
            said.insert(last, self._voice.say(UNREVIEWED, language))
        if work.meanwhile is Meanwhile.BACK_TO_BOT:
            said.insert(0, self._voice.say(PERSON_BACK, language))
        return said

    def _must_warn(self, work: _Work, said: list[Said], language: str) -> bool:
        """Tell whether to say, once a language, that a machine translated it; never in danger."""
        in_danger = any((one.name or "").startswith(_SAFETY) for one in said)
        known = language in work.warned or not self._voice.is_unreviewed(language)
        return bool(said) and not in_danger and not known

    def _unsure(self, work: _Work, way: ToRasa, turn: Turn, language: str) -> Unsure | None:
        if self._doubts is None or way.payload:
            return None
        return self._doubts.of(work.inbound.text, turn, language)

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
