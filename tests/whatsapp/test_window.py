"""After 24 hours WhatsApp takes no free text: one template, then what waited."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.whatsapp.parts import Template
from bot.errors import (
    ChatThrottled,
    RecipientUnreachable,
    SendRefused,
    SendUnsure,
    WindowClosed,
)
from bot.store.database import Database
from tests.whatsapp.sender import HOUR, SECOND, PostOffice

CLOSED = WindowClosed(provider_code=131047)
MISSING = SendRefused(provider_code=132001)


@pytest.fixture
async def post(database: Database) -> AsyncIterator[PostOffice]:
    office = PostOffice(database)
    await office.empty()
    yield office


def templates(post: PostOffice) -> list[tuple[str, str]]:
    return [
        (part.name, part.language) for _, part, _ in post.client.sent if isinstance(part, Template)
    ]


async def test_within_the_day_free_text_is_sent(post: PostOffice) -> None:
    person = await post.person()
    post.clock.forward(24 * HOUR - 61 * SECOND)
    await post.say(person, "one")
    assert post.client.texts() == ["one"]


async def test_the_window_is_judged_when_a_message_is_sent(post: PostOffice) -> None:
    person = await post.person()
    outbound = await post.put(person, "one")  # stored within the day
    post.clock.forward(24 * HOUR - 60 * SECOND)
    await post.send(person)
    assert templates(post) == [("answer_waiting", "en")]
    assert post.client.texts() == ["Template"]
    assert not await post.is_delivered(outbound)


async def test_what_waited_goes_out_in_order_when_the_person_answers(post: PostOffice) -> None:
    person = await post.person("ar")
    post.clock.forward(30 * HOUR)
    await post.say(person, "one", "two")
    assert templates(post) == [("answer_waiting", "ar")]
    assert await post.wakes(person) == [], "nobody knows when the person will answer"
    await post.writes(person)
    await post.send(person)
    assert post.client.texts() == ["Template", "one", "two"]


async def test_nothing_is_said_when_nothing_waits(post: PostOffice) -> None:
    person = await post.person()
    post.clock.forward(30 * HOUR)
    await post.send(person)
    assert post.client.sent == []


async def test_a_template_goes_at_most_once_a_day_and_only_with_news(post: PostOffice) -> None:
    person = await post.person()
    post.clock.forward(30 * HOUR)
    await post.say(person, "one")
    await post.say(person, "two")
    post.clock.forward(23 * HOUR)
    await post.say(person, "three")
    assert len(templates(post)) == 1
    # A day later what came since the template is news; another day later nothing is.
    await post.rows(
        "UPDATE outbound SET created_at = %s WHERE body->>'text' = 'three' RETURNING id",
        post.clock.now,
    )
    post.clock.forward(HOUR)
    await post.send(person)
    assert len(templates(post)) == 2
    post.clock.forward(72 * HOUR)
    await post.send(person)
    assert len(templates(post)) == 2


async def test_the_upkeep_finds_what_is_news_and_leaves_the_rest(post: PostOffice) -> None:
    person = await post.person()
    post.clock.forward(30 * HOUR)
    await post.say(person, "one")
    await post.rows("DELETE FROM procrastinate_jobs RETURNING id")
    assert await post.sending.wake_due() == 0
    post.clock.forward(25 * HOUR)
    assert await post.sending.wake_due() == 0
    await post.put(person, "two")
    await post.rows("DELETE FROM procrastinate_jobs RETURNING id")
    await post.rows(
        "UPDATE outbound SET created_at = %s WHERE body->>'text' = 'two' RETURNING id",
        post.clock.now,
    )
    assert await post.sending.wake_due() == 1


async def test_a_language_that_meta_has_not_gets_its_envelope(post: PostOffice) -> None:
    person = await post.person("so")
    post.clock.forward(30 * HOUR)
    await post.say(person, "one")
    assert templates(post) == [("answer_waiting_so", "en")]


@pytest.mark.parametrize("language", ["ar", "so"])
async def test_a_template_that_is_not_approved_is_sent_in_english(
    post: PostOffice, language: str
) -> None:
    person = await post.person(language)
    post.clock.forward(30 * HOUR)
    post.client.outcomes = [MISSING]
    await post.say(person, "one")
    assert templates(post)[1] == ("answer_waiting", "en")
    assert await post.states(person) == ["sent"]


async def test_without_any_approved_template_the_answer_waits_and_that_is_recorded(
    post: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    person = await post.person("ar")
    post.clock.forward(30 * HOUR)
    post.client.outcomes = [MISSING, MISSING]
    (outbound,) = await post.say(person, "one")
    assert await post.states(person) == ["failed"]
    assert any("132001" in r.getMessage() for r in caplog.records if r.levelname == "ERROR")
    assert (await post.outbound(outbound))["failed_at"] is None
    await post.send(person)
    assert len(templates(post)) == 2, "not again today"
    # Meta has approved it by the next day.
    post.clock.forward(24 * HOUR)
    await post.rows("DELETE FROM procrastinate_jobs RETURNING id")
    assert await post.sending.wake_due() == 1
    await post.send(person)
    assert templates(post)[2:] == [("answer_waiting", "ar")]
    assert await post.states(person) == ["failed", "sent"]


async def test_a_template_that_is_held_back_is_sent_later(post: PostOffice) -> None:
    person = await post.person()
    post.clock.forward(30 * HOUR)
    post.client.outcomes = [ChatThrottled(provider_code=131056)]
    await post.say(person, "one")
    post.clock.forward(1 * SECOND)
    await post.send(person)
    assert len(templates(post)) == 2
    assert await post.states(person) == ["sent"]


async def test_a_template_without_an_answer_is_asked_once_more(post: PostOffice) -> None:
    person = await post.person()
    post.clock.forward(30 * HOUR)
    post.client.always = SendUnsure()
    await post.say(person, "one")
    assert await post.wakes(person) == [30.0]
    for _ in range(3):
        post.clock.forward(30 * SECOND)
        await post.send(person)
    assert len(templates(post)) == 2
    assert await post.states(person) == ["doubled"]


async def test_a_template_nobody_can_be_sent_is_recorded_and_the_answer_still_waits(
    post: PostOffice,
) -> None:
    person = await post.person()
    post.clock.forward(30 * HOUR)
    post.client.outcomes = [RecipientUnreachable(provider_code=131026)]
    (outbound,) = await post.say(person, "one")
    await post.send(person)
    assert len(templates(post)) == 1
    await post.writes(person)
    await post.send(person)
    assert await post.is_delivered(outbound)


# --- 14: the channel's word on the window counts


async def test_refused_at_once_for_the_window_a_template_follows(post: PostOffice) -> None:
    person = await post.person()
    post.client.outcomes = [CLOSED]
    (outbound,) = await post.say(person, "one")
    assert post.client.texts() == ["one", "Template"]
    assert not await post.is_delivered(outbound)
    await post.writes(person)
    await post.send(person)
    assert post.client.texts() == ["one", "Template", "one"]
    assert await post.is_delivered(outbound)


async def test_refused_later_for_the_window_the_message_waits_again(post: PostOffice) -> None:
    person = await post.person()
    first, second = await post.say(person, "one", "two")
    for nth in (0, 1):
        assert await post.status("failed", 131047, nth) == "failed"
    await post.send(person)
    assert post.client.texts() == ["one", "two", "Template"]
    assert not await post.is_delivered(first)
    await post.writes(person)
    await post.send(person)
    assert post.client.texts() == ["one", "two", "Template", "one", "two"]
    assert await post.is_delivered(first)
    assert await post.is_delivered(second)


async def test_a_late_word_on_the_window_does_not_close_a_newer_one(post: PostOffice) -> None:
    person = await post.person()
    (outbound,) = await post.say(person, "one")
    post.clock.forward(60 * SECOND)
    await post.writes(person)
    await post.status("failed", 131047)
    await post.send(person)
    assert post.client.texts() == ["one", "one"]
    assert await post.is_delivered(outbound)


async def test_a_person_found_out_to_be_another_is_open_as_long_as_that_one(
    post: PostOffice,
) -> None:
    earlier, later = await post.person(), await post.person()
    await post.rows(
        "UPDATE conversation SET continued_by = %s WHERE id = %s RETURNING id", later, earlier
    )
    post.clock.forward(30 * HOUR)
    await post.writes(later)
    await post.say(earlier, "one")
    assert post.client.texts() == ["one"]
