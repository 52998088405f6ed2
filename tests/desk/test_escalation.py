"""Nobody is left waiting: escalation by priority and hours, and counsellors who are gone."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from bot.conversations.handoff import PRIORITIES, HandoffRequest
from bot.conversations.handoff_states import State
from bot.conversations.hours import Hours
from bot.conversations.turn import Said, Turn
from bot.conversations.urgency import AFTER, TELL_AT_MOST, URGENT, is_due
from bot.gateway.escalation import Escalation
from tests.desk.replay import check
from tests.desk.scene import Scene

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=timezone.utc)  # a Wednesday, noon in Romania
MINUTES = {"danger": 10, "deadline": 60, "child": 60, "window": 240, "normal": 1440}


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize("priority", PRIORITIES)
def test_each_priority_has_its_time_and_repeats_after_it(priority: str) -> None:
    minutes = MINUTES[priority]
    assert not is_due(priority, ago(minutes - 0.1), None, NOW, True)
    assert is_due(priority, ago(minutes), None, NOW, True)
    assert not is_due(priority, ago(minutes * 9), ago(minutes - 0.1), NOW, True)
    assert is_due(priority, ago(minutes * 9), ago(minutes), NOW, True)
    # A later waiting (a new claim, a new message) counts from its own beginning.
    assert not is_due(priority, ago(minutes - 0.1), ago(minutes * 9), NOW, True)


def test_outside_the_hours_only_what_is_urgent_escalates() -> None:
    assert set(AFTER) == set(PRIORITIES)
    due = {p for p in PRIORITIES if is_due(p, ago(9999), None, NOW, False)}
    assert due == URGENT == {"danger", "deadline", "child"}


async def opened(scene: Scene, priority: str) -> tuple[UUID, int]:
    person = await scene.person()
    scene.bot.turns[priority] = Turn(
        (Said("Noted.", "utter_handoff_opened"),), handoff=HandoffRequest("R-1", "x", priority)
    )
    return person, await scene.asks_for_a_person(person, priority)


async def later(scene: Scene, minutes: float, escalation: Escalation | None = None) -> Any:
    now = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    return await (escalation or scene.escalation).run(now)


@pytest.fixture(autouse=True)
async def _empty(scene: Scene) -> None:
    await scene.do("DELETE FROM conversation")


async def test_whoever_waits_too_long_hears_the_numbers_again_at_most_twice(scene: Scene) -> None:
    person, handoff = await opened(scene, "danger")
    assert await later(scene, 9) == (0, 0)
    for times in range(1, 5):
        await scene.do("UPDATE handoff SET escalated_at = escalated_at - interval '11 minutes'")
        assert await later(scene, 11) == (0, 1)
        told = (await scene.names(person)).count("utter_handoff_still_waiting")
        assert told == min(times, TELL_AT_MOST)
    row = await scene.row(handoff)
    assert (row["escalations"], row["state"]) == (4, "waiting")
    mails = await scene.all(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'alert.mail'"
        " AND args->>'conversation' = %s",
        str(person),
    )
    # When it was opened, and at each escalation: staff hear of it every time.
    assert len(mails) == 5
    assert all(set(row["args"]) == {"conversation", "event"} for row in mails)


async def test_several_gateways_that_look_at_once_escalate_once(scene: Scene) -> None:
    person, _ = await opened(scene, "child")
    await scene.do("UPDATE handoff SET waiting_since = now() - interval '61 minutes'")
    outcomes = await asyncio.gather(*(scene.escalation.run() for _ in range(4)))
    assert sum(escalated for _, escalated in outcomes) == 1
    assert (await scene.names(person)).count("utter_handoff_still_waiting") == 1


async def test_a_counsellor_who_does_not_answer_is_no_answer(scene: Scene) -> None:
    person, handoff = await opened(scene, "danger")
    agent = await scene.staff()
    await scene.desk.claim(handoff, agent)
    await scene.do("UPDATE staff SET seen_at = now() + interval '1 hour' WHERE id = %s", agent)
    assert await later(scene, 11) == (0, 1)
    await scene.desk.reply_text(handoff, agent, "Hello", "1")
    assert await later(scene, 600) == (0, 0)
    await scene.says(person, "thank you, but")
    assert await later(scene, 11) == (0, 1)
    assert (await scene.standing(person)).with_agent
    await check(scene, person)


async def test_an_ordinary_question_waits_for_the_opening_hours(scene: Scene) -> None:
    await opened(scene, "normal")
    hours = Hours.parse("Mo-Fr 09:00-17:00")
    escalation = Escalation(scene.database, scene.desk, hours.is_open)
    night = datetime(2027, 11, 24, 22, 0, tzinfo=timezone.utc)
    day = datetime(2027, 11, 25, 9, 0, tzinfo=timezone.utc)
    assert await escalation.run(night) == (0, 0)
    assert await escalation.run(day) == (0, 1)


async def test_more_urgent_is_told_to_staff_now_and_not_again_a_minute_later(
    scene: Scene,
) -> None:
    person, handoff = await opened(scene, "normal")
    await scene.do("UPDATE handoff SET waiting_since = now() - interval '5 hours'")
    await scene.says(person, "he beats me")
    assert (await scene.row(handoff))["priority"] == "danger"
    assert await later(scene, 9) == (0, 0)
    assert await later(scene, 11) == (0, 1)


async def test_whoever_went_back_to_the_bot_is_not_told_that_nobody_came(scene: Scene) -> None:
    person, handoff = await opened(scene, "danger")
    await scene.desk.claim(handoff, await scene.staff())
    await scene.says(person, "menu")
    assert await later(scene, 11) == (0, 1)
    assert "utter_handoff_still_waiting" not in await scene.names(person)


async def test_a_counsellor_who_is_gone_gives_the_person_back_to_the_queue(scene: Scene) -> None:
    person, handoff = await opened(scene, "normal")
    agent = await scene.staff()
    await scene.desk.claim(handoff, agent)
    assert await later(scene, 14) == (0, 0)
    # As long as the counsellor is seen, it stays.
    await scene.do("UPDATE staff SET seen_at = now() + interval '10 minutes' WHERE id = %s", agent)
    assert await later(scene, 16) == (0, 0)
    assert await later(scene, 26) == (1, 0)
    standing = await scene.standing(person)
    assert (standing.state, standing.agent) == (State.WAITING, None)
    assert (await scene.names(person))[-1] == "utter_handoff_left"
    assert await scene.says(person, "hello") == ["utter_x"]
    await check(scene, person)


async def test_a_person_who_was_answered_does_not_wait(scene: Scene) -> None:
    person, handoff = await opened(scene, "normal")
    agent = await scene.staff()
    await scene.desk.claim(handoff, agent)
    await scene.desk.reply_text(handoff, agent, "Hello", "1")
    assert await later(scene, 24 * 60 * 3) == (0, 0)
    # A message that comes much later waits from then on, not from the claim.
    await scene.do("UPDATE handoff SET claimed_at = now() - interval '3 hours'")
    await scene.says(person, "one more thing")
    assert await later(scene, 14) == (0, 0)
    assert await later(scene, 16) == (1, 0)


async def test_a_counsellor_who_was_disabled_has_nobody_any_more(scene: Scene) -> None:
    person, handoff = await opened(scene, "normal")
    agent = await scene.staff()
    await scene.desk.claim(handoff, agent)
    await scene.desk.reply_text(handoff, agent, "Hello", "1")
    await scene.do("UPDATE staff SET disabled_at = now() WHERE id = %s", agent)
    assert await later(scene, 0) == (1, 0)
    assert (await scene.standing(person)).state is State.WAITING


async def test_what_changes_between_the_two_looks_is_left_alone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store import overdue

    person, handoff = await opened(scene, "danger")
    agent = await scene.staff()
    look = overdue.waiting

    async def looks_then_it_is_answered(connection: Any) -> Any:
        found = await look(connection)
        await scene.desk.claim(handoff, agent)
        await scene.desk.reply_text(handoff, agent, "Hello", "1")
        return found

    monkeypatch.setattr(overdue, "waiting", looks_then_it_is_answered)
    assert await later(scene, 11) == (0, 0)
    assert "utter_handoff_still_waiting" not in await scene.names(person)
