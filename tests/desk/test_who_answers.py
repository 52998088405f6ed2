"""Who answers: the bot or one counsellor, never both, never nobody, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.conversations.handoff_states import Refused, Standing, State
from bot.store import handoffs
from bot.store.database import Connection
from bot.store.migrations import migrate
from tests.desk.replay import check
from tests.desk.scene import Scene, open_scene

SAYINGS = (
    "hello",
    "my wife is in Turkey",
    "a person please",
    "menu",
    "he beats me",
    "delete my data",
    "romanian please",
    "keep this chat",
)


async def with_agent(scene: Scene, name: str = "Ana") -> tuple[UUID, int, UUID]:
    """A person whom a counsellor has taken."""
    person, agent = await scene.person(), await scene.staff(name)
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.claim(handoff, agent)
    return person, handoff, agent


async def test_while_it_waits_the_bot_answers_and_afterwards_it_is_silent(scene: Scene) -> None:
    person, agent = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    assert await scene.says(person, "hello") == ["utter_x"]
    await scene.desk.claim(handoff, agent)
    heard = len(scene.bot.heard)
    assert await scene.says(person, "hello") == []
    assert len(scene.bot.heard) == heard
    await scene.desk.return_to_bot(handoff, agent)
    assert (await scene.standing(person)).state is State.BOT
    assert await scene.says(person, "hello") == ["utter_x"]
    await check(scene, person)


async def test_a_bot_that_is_slow_says_nothing_after_a_counsellor_came(scene: Scene) -> None:
    person, agent = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    scene.handling.hold(person)
    inbound = await scene.writes(person, "slow question")
    running = asyncio.create_task(scene.answer(person, inbound))
    await scene.handling.decided(person)
    assert scene.bot.heard[-1] == "slow question"
    await scene.desk.claim(handoff, agent)
    scene.handling.let_go(person)
    await running
    assert (await scene.names(person))[-1] == "utter_handoff_joined"
    row = await scene.one("SELECT done, outcome FROM inbound WHERE id = %s", inbound)
    assert row["done"]
    assert (await scene.row(handoff))["unanswered_since"]
    await check(scene, person)


async def test_a_message_left_to_a_counsellor_who_left_is_answered_by_the_bot(scene: Scene) -> None:
    person, handoff, agent = await with_agent(scene)
    scene.handling.hold(person)
    running = asyncio.create_task(scene.says(person, "hello"))
    await scene.handling.decided(person)
    await scene.desk.release(handoff, agent)
    scene.handling.let_go(person)
    assert await running == ["utter_handoff_left", "utter_x"]
    await check(scene, person)


async def test_danger_beside_a_counsellor_is_heard_at_once_and_told_once(scene: Scene) -> None:
    person, handoff, agent = await with_agent(scene)
    heard = len(scene.bot.heard)
    assert await scene.says(person, "he beats me") == ["utter_safety"]
    assert await scene.says(person, "he beats me again") == []
    assert len(scene.bot.heard) == heard
    row = await scene.row(handoff)
    assert (row["priority"], row["state"], row["agent_id"]) == ("danger", "with_agent", agent)
    assert row["unanswered_since"]
    await check(scene, person)


async def test_after_danger_told_by_the_dialogue_it_is_not_told_again(scene: Scene) -> None:
    person, agent = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person, "he beats me")
    await scene.desk.claim(handoff, agent)
    assert await scene.says(person, "he beats me") == []


async def test_deleting_is_confirmed_and_done_beside_a_counsellor(scene: Scene) -> None:
    person, handoff, agent = await with_agent(scene)
    assert await scene.says(person, "delete my data") == ["utter_confirm_erasure"]
    await scene.desk.reply_text(handoff, agent, "Do you need help?", "1")
    # This yes is for the counsellor.
    await scene.says(person, "Yes, delete it")
    assert "/affirm" not in scene.bot.heard
    question = await scene.one(
        "SELECT seq FROM outbound WHERE conversation_id = %s AND asks ORDER BY seq DESC LIMIT 1",
        person,
    )
    await scene.chooses(person, f"{question['seq']}-1")
    assert scene.bot.heard[-1] == "/affirm"
    jobs = await scene.all(
        "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'conversation.erase'"
        " AND args->>'conversation' = %s",
        str(person),
    )
    assert len(jobs) == 1
    await scene.handling.erase(person)
    assert not await scene.all("SELECT 1 FROM handoff WHERE id = %s", handoff)


async def test_the_language_changes_and_the_interview_stays_silent(scene: Scene) -> None:
    person, _, _ = await with_agent(scene)
    assert await scene.says(person, "romanian please") == ["utter_language_changed"]
    row = await scene.one("SELECT language FROM conversation WHERE id = %s", person)
    assert row["language"] == "ro"
    assert (await scene.heard(person))[-1]["choices"] == []
    await check(scene, person)


async def test_a_word_leads_back_to_the_bot_and_the_case_stays_in_the_queue(scene: Scene) -> None:
    person, handoff, agent = await with_agent(scene)
    assert await scene.says(person, "menu") == ["utter_handoff_person_back", "utter_x"]
    row = await scene.row(handoff)
    assert (row["state"], row["agent_id"], row["closed_at"]) == ("waiting", None, None)
    assert await scene.says(person, "hello") == ["utter_x"]
    with pytest.raises(Refused, match="not_taken"):
        await scene.desk.reply_text(handoff, agent, "Hello?", "1")
    await check(scene, person)


async def test_a_choice_of_the_interview_waits_until_the_bot_is_back(scene: Scene) -> None:
    from bot.conversations.message import Choice
    from bot.conversations.turn import Said, Turn

    person, agent = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    question = Said("Which?", "utter_ask_status", (Choice("Refugee", "/inform{1}"),))
    scene.bot.turns["go on"] = Turn((question,))
    await scene.says(person, "go on")
    seq = await scene.last_seq(person)
    await scene.desk.claim(handoff, agent)
    await scene.chooses(person, f"{seq}-1")
    assert scene.bot.heard[-1] == "go on"
    assert (await scene.row(handoff))["unanswered_since"]
    await scene.desk.return_to_bot(handoff, agent)
    await scene.chooses(person, f"{seq}-1")
    assert scene.bot.heard[-1] == "/inform{1}"


async def test_nobody_sees_dots_of_a_bot_that_will_not_write(
    scene: Scene, postgres_url: str
) -> None:
    import psycopg

    person, _, _ = await with_agent(scene)
    other = await scene.person()
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as listening:
        await listening.execute("LISTEN conversation")
        await scene.says(person, "hello")
        await scene.says(other, "hello")
        heard = [n.payload async for n in listening.notifies(timeout=0.5)]
    assert f"{other} typing" in heard
    assert f"{person} typing" not in heard


# ---- Anything, in any order ----
# Mostly the one who may: what is refused is found soon, what follows from it is not.
HOLDS = st.sampled_from([True, True, True, False])


class Stage(RuleBasedStateMachine):
    """A person, two counsellors, a slow bot, and events as they come."""

    scene: ClassVar[Scene]
    loop: ClassVar[asyncio.AbstractEventLoop]
    agents: ClassVar[tuple[UUID, UUID]]

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(coroutine)

    def attempt(self, *calls: Coroutine[Any, Any, Any]) -> None:
        """Do things at once; what is refused changes nothing."""

        async def each(call: Coroutine[Any, Any, Any]) -> None:
            with suppress(Refused):
                await call

        async def all_of_them() -> None:
            await asyncio.gather(*map(each, calls))

        self.run(all_of_them())

    @initialize(taken=st.booleans())
    def somebody_has_asked_for_a_person(self, taken: bool) -> None:
        self.person: UUID = self.run(self.scene.person())
        handoff = self.run(self.scene.asks_for_a_person(self.person))
        self.written: list[int] = []
        self.handled: asyncio.Task[None] | None = None
        self.number = 0
        if taken:
            self.run(self.scene.desk.claim(handoff, self.agents[0]))
            self.run(self.scene.desk.reply_text(handoff, self.agents[0], "Hello", "n0"))

    @property
    def handoff(self) -> int:
        return self.run(self.scene.standing(self.person)).handoff or 0

    def agent(self, holds: bool) -> UUID:
        """The counsellor who has it, or the one who has not."""
        holder = self.run(self.scene.standing(self.person)).agent or self.agents[0]
        return next(one for one in self.agents if (one == holder) is holds)

    @rule(text=st.sampled_from(SAYINGS))
    def the_person_writes(self, text: str) -> None:
        self.written.append(self.run(self.scene.writes(self.person, text)))

    @rule(text=st.sampled_from(SAYINGS))
    def the_person_writes_and_the_bot_begins(self, text: str) -> None:
        self.the_person_writes(text)
        self.the_bot_begins()

    @rule()
    def the_bot_begins(self) -> None:
        if self.handled is None and self.written:
            self.scene.handling.hold(self.person)
            answer = self.scene.answer(self.person, self.written.pop(0))
            self.handled = self.loop.create_task(answer)
            self.run(self.scene.handling.decided(self.person))

    @rule()
    def the_bot_ends(self) -> None:
        if self.handled is not None:
            self.scene.handling.let_go(self.person)
            self.run(self._wait())

    async def _wait(self) -> None:
        task, self.handled = self.handled, None
        if task is not None:
            await task

    @rule()
    def both_claim_while_the_bot_ends(self) -> None:
        calls = [self.scene.desk.claim(self.handoff, agent) for agent in self.agents]
        if self.handled is not None:
            self.scene.handling.let_go(self.person)
        self.attempt(*calls, self._wait())

    @rule(one=st.sampled_from([0, 1]))
    def one_claims(self, one: int) -> None:
        self.attempt(self.scene.desk.claim(self.handoff, self.agents[one]))

    @rule(holds=HOLDS, alone=HOLDS)
    def one_replies_and_perhaps_the_other_takes_over(self, holds: bool, alone: bool) -> None:
        self.number += 1
        handoff, agent, other = self.handoff, self.agent(holds), self.agent(not holds)
        calls = [self.scene.desk.reply_text(handoff, agent, "Hello", f"n{self.number}")]
        if not alone:
            calls.append(self.scene.desk.transfer(handoff, other, other, holder=agent))
        self.attempt(*calls)

    @rule(holds=HOLDS, act=st.sampled_from(["release", "return_to_bot"]))
    def one_gives_it_back(self, holds: bool, act: str) -> None:
        self.attempt(getattr(self.scene.desk, act)(self.handoff, self.agent(holds)))

    @rule(holds=HOLDS)
    def one_resolves(self, holds: bool) -> None:
        self.attempt(self.scene.desk.resolve(self.handoff, self.agent(holds), "helped"))

    @rule(one=st.sampled_from([0, 1]))
    def one_reopens(self, one: int) -> None:
        self.attempt(self.scene.desk.reopen(self.handoff, self.agents[one]))

    @rule(minutes=st.sampled_from([1, 20, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.run(self.scene.escalation.run(datetime.now(timezone.utc) + timedelta(minutes=minutes)))

    @rule()
    @precondition(lambda self: self.number > 2)
    def everything_is_erased(self) -> None:
        self.run(self.scene.erase(self.person))
        self.the_bot_ends()
        self.somebody_has_asked_for_a_person(taken=False)

    @invariant()
    def never_two_never_nobody(self) -> None:
        if hasattr(self, "person"):
            self.run(check(self.scene, self.person))

    def teardown(self) -> None:
        if not hasattr(self, "person"):
            return
        self.the_bot_ends()
        for inbound in self.written:
            self.run(self.scene.answer(self.person, inbound))
        self.run(check(self.scene, self.person))
        left = self.run(
            self.scene.all(
                "SELECT 1 FROM inbound WHERE conversation_id = %s AND done IS NULL", self.person
            )
        )
        assert not left, "a message was never handled"
        self.run(self.scene.erase(self.person))


@pytest.fixture
def staged(postgres_url: str) -> Iterator[type[Stage]]:
    """The stage on a database and a loop that all examples share."""
    loop = asyncio.new_event_loop()
    stack = AsyncExitStack()
    loop.run_until_complete(migrate(postgres_url))
    Stage.loop = loop
    Stage.scene = loop.run_until_complete(stack.enter_async_context(open_scene(postgres_url)))
    Stage.agents = tuple(  # type: ignore[assignment]
        loop.run_until_complete(Stage.scene.staff(name)) for name in ("Ana", "Dan")
    )
    yield Stage
    loop.run_until_complete(stack.aclose())
    loop.close()


def test_at_no_point_two_answer_or_nobody_does(staged: type[Stage]) -> None:
    run_state_machine_as_test(
        staged,
        settings=settings(
            max_examples=35,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


async def test_in_a_storm_of_everything_at_once_two_never_answer(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    look = handoffs.standing

    async def looks_slowly(connection: Connection, conversation: UUID) -> Standing:
        # Whoever decides without the lock decides on what is over by now.
        found = await look(connection, conversation)
        await asyncio.sleep(chance.random() / 100)
        return found

    monkeypatch.setattr(handoffs, "standing", looks_slowly)
    people = [await scene.person() for _ in range(5)]
    agents = [await scene.staff(name) for name in ("Ana", "Dan", "Eva")]
    lines = {person: asyncio.Lock() for person in people}

    async def writes(person: UUID) -> None:
        # The queue's lock: a conversation's messages are handled one at a time, in order.
        async with lines[person]:
            await scene.answer(person, await scene.writes(person, chance.choice(SAYINGS)))

    async def staff(person: UUID, number: int) -> None:
        handoff, agent = (await scene.standing(person)).handoff or 0, chance.choice(agents)
        desk = scene.desk
        acts: list[Callable[[], Coroutine[Any, Any, Any]]] = [
            lambda: desk.claim(handoff, agent),
            lambda: desk.claim(handoff, agent),
            lambda: desk.reply_text(handoff, agent, "Hello", f"s{number}"),
            lambda: desk.transfer(handoff, agent, chance.choice(agents)),
            lambda: desk.release(handoff, agent),
            lambda: desk.return_to_bot(handoff, agent),
            lambda: desk.resolve(handoff, agent, "other"),
            lambda: desk.reopen(handoff, agent),
        ]
        with suppress(Refused):
            await chance.choice(acts)()

    for round_ in range(8):
        calls = [writes(person) for person in people for _ in range(2)]
        calls += [staff(person, round_ * 10 + n) for person in people for n in range(4)]
        chance.shuffle(calls)
        await asyncio.gather(*calls)
        for person in people:
            await check(scene, person)
