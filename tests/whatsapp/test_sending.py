"""Messages are carried to people once, in order, whatever the channel answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.whatsapp.client import SEND_SECONDS
from bot.channels.whatsapp.parts import Buttons, Text
from bot.conversations.message import Outbound
from bot.errors import (
    ChannelBlocked,
    ChannelThrottled,
    ChatThrottled,
    RecipientUnreachable,
    SendRefused,
    SendTransient,
    SendUnsure,
)
from bot.gateway.asking import PATIENCE
from bot.gateway.pacing import Bucket, pair_due
from bot.gateway.settling import TRANSIENT_DELAYS
from bot.store import erasure, outbox
from bot.store.database import Database
from tests.whatsapp.sender import HOUR, SECOND, Clock, PostOffice

THROTTLED = ChatThrottled(provider_code=131056)
REFUSED = SendRefused(provider_code=131009)
BUSY = SendTransient(provider_code=131000)


@pytest.fixture
async def post(database: Database) -> AsyncIterator[PostOffice]:
    office = PostOffice(database)
    await office.empty()
    yield office


async def test_messages_go_out_in_order_each_with_a_key_of_its_own(post: PostOffice) -> None:
    person = await post.person(phone="40722000001")
    first, second = await post.say(person, "one", "two")
    assert post.client.texts() == ["one", "two"]
    keys = [key for _, _, key in post.client.sent]
    assert len(set(keys)) == 2
    assert str(person) not in "".join(keys)
    assert post.client.sent[0][0].phone == "40722000001"
    assert await post.is_delivered(first)
    assert await post.is_delivered(second)
    assert await post.states(person) == ["sent", "sent"]


async def test_a_message_defers_its_own_sending_in_the_transaction_that_stores_it(
    post: PostOffice,
) -> None:
    person = await post.person()
    before = await post.sends(person)
    outbound = await post.put(person, "one")
    assert await post.sends(person) == before + 1
    assert not await post.is_delivered(outbound)


async def test_a_page_that_reads_for_itself_is_sent_nothing(post: PostOffice) -> None:
    async with post.database.transaction() as connection:
        row = await connection.execute(
            "INSERT INTO conversation (channel, token_hash) VALUES ('web', 'x') RETURNING id"
        )
        found = await row.fetchone()
    assert found
    outbound = await post.put(found["id"], "one")
    assert await post.is_delivered(outbound)
    assert await post.sends(found["id"]) == 0
    await post.send(found["id"])
    assert post.client.sent == []


async def test_a_status_of_ours_is_never_sent(post: PostOffice) -> None:
    person = await post.person()
    message = Outbound(kind="status", asks=False, extra={"keep_key": True})
    async with post.database.transaction() as connection:
        await outbox.put(connection, person, "status:1", message)
    await post.send(person)
    assert post.client.sent == []
    assert (await post.row("SELECT delivered FROM outbound WHERE key = 'status:1'"))["delivered"]


async def test_a_message_of_a_counsellor_goes_the_same_way(post: PostOffice) -> None:
    person = await post.person()
    outbound = await post.put(person, "hello", author="agent", extra={"agent": "Ana"})
    await post.send(person)
    assert (await post.outbound(outbound))["author"] == "agent"
    assert post.client.texts() == ["*Ana:*\nhello"]


async def test_a_long_answer_with_buttons_goes_part_by_part(post: PostOffice) -> None:
    person = await post.person()
    outbound = await post.put(person, "x y. " * 300 + "\n\nGo on?", "Yes", "No")
    await post.send(person)
    assert [type(part) for _, part, _ in post.client.sent] == [Text, Buttons]
    assert (await post.delivery(outbound, part=2))["state"] == "sent"


async def test_a_person_without_a_number_is_written_to_by_the_user_id(post: PostOffice) -> None:
    person = await post.person(user_id="RO.134")
    await post.say(person, "one")
    assert post.client.sent[0][0].user_id == "RO.134"
    assert post.client.sent[0][0].phone is None


async def test_a_person_without_any_name_is_recorded_and_blocks_nobody(post: PostOffice) -> None:
    person = await post.person()
    await post.rows("DELETE FROM alias WHERE conversation_id = %s RETURNING kind", person)
    (outbound,) = await post.say(person, "one")
    assert (await post.outbound(outbound))["failed_at"]
    assert post.client.sent == []


async def test_two_jobs_at_once_send_once(post: PostOffice) -> None:
    person = await post.person()
    await post.put(person, "one")
    asked = asyncio.Event()
    answer = asyncio.Event()
    plain_send = post.client.send

    async def slow(to: object, part: object, key: str) -> str:
        result = await plain_send(to, part, key)  # type: ignore[arg-type]
        asked.set()
        await answer.wait()
        return result

    post.client.send = slow  # type: ignore[assignment,method-assign]
    one = asyncio.create_task(post.send(person))
    await asked.wait()
    # The other one (a stalled job that lives on) finds the part asked, and leaves it alone.
    await post.send(person)
    answer.set()
    await one
    assert post.client.texts() == ["one"]
    assert await post.states(person) == ["sent"]


# --- 13: rates


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 4), (3, 16), (4, 64), (9, 3600)])
async def test_too_much_to_one_person_waits_four_to_the_n_seconds(
    post: PostOffice, failures: int, seconds: int
) -> None:
    person = await post.person()
    post.client.always = THROTTLED
    await post.put(person, "one")
    for _ in range(failures):
        before = post.clock.now
        await post.send(person)
        row = await post.row("SELECT not_before FROM conversation WHERE id = %s", person)
        post.clock.now = row["not_before"]
    assert (post.clock.now - before).total_seconds() == seconds
    assert len(post.client.sent) == failures


async def test_only_that_chat_waits_and_keeps_its_order(post: PostOffice) -> None:
    one, other = await post.person(), await post.person()
    post.client.outcomes = [THROTTLED]
    await post.say(one, "one", "two")
    assert await post.wakes(one) == [1.0]
    await post.say(other, "other")
    await post.send(one)  # too early: it ends at once
    assert post.client.texts() == ["one", "other"]
    post.clock.forward(1 * SECOND)
    await post.send(one)
    assert post.client.texts() == ["one", "other", "one", "two"]
    row = await post.row("SELECT send_failures, not_before FROM conversation WHERE id = %s", one)
    assert row == {"send_failures": 0, "not_before": None}


async def test_too_much_in_all_makes_the_whole_number_wait(post: PostOffice) -> None:
    one, other = await post.person(), await post.person()
    post.client.outcomes = [ChannelThrottled(provider_code=130429)]
    await post.say(one, "one", "two")
    await post.say(other, "other")
    assert post.client.texts() == ["one"]
    assert await post.wakes(other) == [10.0]
    post.clock.forward(10 * SECOND)
    await post.send(one)
    await post.send(other)
    assert post.client.texts() == ["one", "one", "two", "other"]


async def test_a_wait_that_the_channel_asks_for_is_kept(post: PostOffice) -> None:
    person = await post.person()
    post.client.outcomes = [ChannelThrottled(provider_code=80007, retry_after=420)]
    await post.say(person, "one")
    assert await post.wakes(person) == [420.0]


async def test_throttling_uses_up_no_tries(post: PostOffice) -> None:
    person = await post.person()
    post.client.outcomes = [THROTTLED] * 8 + [BUSY]
    (outbound,) = await post.say(person, "one")
    for _ in range(9):
        post.clock.forward(HOUR)
        await post.writes(person)
        await post.send(person)
    assert await post.is_delivered(outbound)


async def test_a_burst_to_one_person_is_paced_before_whatsapp_complains(post: PostOffice) -> None:
    person = await post.person()
    await post.say(person, *[str(n) for n in range(12)])
    assert post.client.texts() == [str(n) for n in range(10)]
    assert await post.wakes(person) == [6.0]
    post.clock.forward(6 * SECOND)
    await post.send(person)
    post.clock.forward(6 * SECOND)
    await post.send(person)
    assert post.client.texts() == [str(n) for n in range(12)]


def test_a_person_gets_a_burst_of_ten_and_then_one_in_six_seconds() -> None:
    start = Clock().now
    sent: list = []
    now = start
    for _ in range(60):
        now = max(pair_due(sent) or now, now)
        sent.append(now)
    assert sent[9] == start
    gaps = [(b - a).total_seconds() for a, b in zip(sent[9:], sent[10:], strict=False)]
    assert set(gaps) == {6.0}
    # After a minute of silence the burst is there again.
    assert pair_due(sent) == sent[-1] + 6 * SECOND
    later = sent[-1] + 60 * SECOND
    assert pair_due([*sent, *[later] * 9]) <= later  # type: ignore[operator]


def test_the_number_sends_at_most_sixty_a_second() -> None:
    bucket, now = Bucket(60), Clock().now
    waits = [bucket.reserve(now) for _ in range(181)]
    assert waits[59] == 0
    assert waits[60] == pytest.approx(1 / 60, abs=1e-4)
    assert waits[180] == pytest.approx(121 / 60, abs=1e-3)
    assert bucket.reserve(now + timedelta(seconds=10)) == 0


# --- transient and permanent refusals


async def test_trouble_on_their_side_is_tried_again_with_growing_waits(post: PostOffice) -> None:
    person = await post.person()
    post.client.always = BUSY
    first, second = await post.say(person, "one", "two")
    waits = []
    for _ in TRANSIENT_DELAYS:
        waits.append((await post.wakes(person))[-1])
        post.clock.forward(waits[-1] * SECOND)
        await post.send(person)
    assert tuple(waits) == TRANSIENT_DELAYS
    # After the last try it is given up, and the next message has its own tries.
    assert (await post.outbound(first))["failed_at"]
    assert post.client.texts() == ["one"] * 6 + ["two"]
    assert (await post.outbound(second))["failed_at"] is None
    assert post.count("outbound_given_up", channel="whatsapp") == 1


async def test_a_permanent_refusal_is_recorded_and_the_next_message_goes_on(
    post: PostOffice,
) -> None:
    person = await post.person()
    post.client.outcomes = [RecipientUnreachable(provider_code=131026)]
    first, second = await post.say(person, "one", "two")
    delivery = await post.delivery(first)
    assert (delivery["state"], delivery["error_code"]) == ("failed", 131026)
    assert (await post.outbound(first))["failed_at"]
    assert await post.is_delivered(second)


async def test_buttons_that_are_refused_are_said_as_text(
    post: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    person = await post.person()
    post.client.outcomes = [REFUSED]
    outbound = await post.put(person, "Which?", "Yes", "No")
    await post.send(person)
    assert post.client.texts() == ["Buttons", "Which?\n\n1. Yes\n2. No"]
    assert await post.is_delivered(outbound)
    # Somebody has to look all the same.
    assert [r.levelname for r in caplog.records if "131009" in r.getMessage()] == ["ERROR"]


async def test_text_that_is_refused_is_given_up_at_once(post: PostOffice) -> None:
    person = await post.person()
    post.client.always = SendRefused(provider_code=987654)
    outbound = await post.put(person, "Which?", "Yes", "No")
    await post.send(person)
    assert len(post.client.sent) == 2
    assert (await post.outbound(outbound))["failed_at"]


async def test_a_failure_told_later_is_tried_again_or_recorded(post: PostOffice) -> None:
    person = await post.person()
    (outbound,) = await post.say(person, "one")
    assert await post.status("failed", 131053) == "failed"
    await post.send(person)
    assert (await post.delivery(outbound))["state"] == "again"
    post.clock.forward(2 * SECOND)
    await post.send(person)
    assert post.client.texts() == ["one", "one"]
    assert await post.is_delivered(outbound)
    assert await post.status("failed", 131026) == "failed"
    await post.send(person)
    assert len(post.client.sent) == 2
    assert (await post.outbound(outbound))["failed_at"]
    assert (await post.outbound(outbound))["delivered"] is None


async def test_a_late_status_of_the_first_try_says_nothing_of_the_second(post: PostOffice) -> None:
    person = await post.person()
    (outbound,) = await post.say(person, "one")
    first = await post.delivery(outbound)
    await post.status("failed", 131053)
    await post.send(person)
    # The channel's own repetition and its late "sent" come after the failure.
    assert await post.status_of(first["provider_id"], first["key"], "failed", 131053) == "old"
    assert await post.status_of(first["provider_id"], first["key"], "sent") == "old"
    assert not await post.is_delivered(outbound)
    post.clock.forward(2 * SECOND)
    await post.send(person)
    assert await post.is_delivered(outbound)
    assert await post.status_of(first["provider_id"], first["key"], "failed", 131053) == "unknown"
    assert await post.is_delivered(outbound)


# --- 15: no answer


async def test_an_answer_that_did_not_come_is_waited_for(post: PostOffice) -> None:
    person = await post.person()
    post.client.outcomes = [SendUnsure()]
    first, second = await post.say(person, "one", "two")
    assert await post.states(person) == ["unsure"]
    assert await post.wakes(person) == [30.0]
    # A status with our key proves that it had been taken.
    assert await post.status_of("wamid.x", post.client.sent[0][2], "delivered") == "moved"
    await post.send(person)
    assert post.client.texts() == ["one", "two"]
    assert (await post.delivery(first))["provider_id"] == "wamid.x"
    assert await post.is_delivered(first)
    assert await post.is_delivered(second)
    assert post.count("outbound_doubled", channel="whatsapp") == 0


async def test_without_a_status_it_is_asked_once_more_and_marked(
    post: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    person = await post.person()
    post.client.outcomes = [SendUnsure()]
    (outbound,) = await post.say(person, "one")
    post.clock.forward(PATIENCE - SECOND)
    await post.send(person)
    assert post.client.texts() == ["one"]
    post.clock.forward(SECOND)
    await post.send(person)
    assert post.client.texts() == ["one", "one"]
    assert post.client.sent[0][2] == post.client.sent[1][2], "either status must count"
    assert await post.is_delivered(outbound)
    assert post.count("outbound_doubled", channel="whatsapp") == 1
    assert any("may be doubled" in record.getMessage() for record in caplog.records)


async def test_asked_twice_without_an_answer_it_is_given_up_until_a_status_comes(
    post: PostOffice,
) -> None:
    person = await post.person()
    post.client.outcomes = [SendUnsure(), SendUnsure()]
    first, second = await post.say(person, "one", "two")
    for _ in range(2):
        post.clock.forward(PATIENCE)
        await post.send(person)
    assert post.client.texts() == ["one", "one", "two"]
    assert (await post.outbound(first))["failed_at"]
    assert await post.is_delivered(second)
    assert await post.status_of("wamid.late", post.client.sent[0][2], "read") == "moved"
    await post.send(person)
    assert await post.is_delivered(first)
    assert (await post.outbound(first))["failed_at"] is None
    assert len(post.client.sent) == 3


async def test_a_process_that_was_killed_while_it_asked_is_noticed(post: PostOffice) -> None:
    person = await post.person()
    (outbound,) = [await post.put(person, "one")]

    async def killed(to: object, part: object, key: str) -> str:
        raise asyncio.CancelledError

    alive = post.client.send
    post.client.send = killed  # type: ignore[assignment,method-assign]
    with pytest.raises(asyncio.CancelledError):
        await post.send(person)
    post.client.send = alive  # type: ignore[method-assign]
    assert await post.states(person) == ["asked"]
    await post.send(person)
    assert post.client.sent == []
    assert await post.wakes(person) == [30.0]
    post.clock.forward(PATIENCE)
    await post.send(person)
    assert post.client.texts() == ["one"]
    assert await post.is_delivered(outbound)


def test_nobody_asks_again_while_a_request_may_still_be_answered() -> None:
    assert PATIENCE.total_seconds() > SEND_SECONDS + 5


async def test_a_status_that_is_faster_than_the_answer_is_kept(post: PostOffice) -> None:
    person = await post.person()
    plain_send = post.client.send

    async def overtaken(to: object, part: object, key: str) -> str:
        result = await plain_send(to, part, key)  # type: ignore[arg-type]
        await post.status_of(result, key, "read")
        return result

    post.client.send = overtaken  # type: ignore[assignment,method-assign]
    (outbound,) = await post.say(person, "one")
    assert (await post.delivery(outbound))["state"] == "read"
    assert await post.is_delivered(outbound)


# --- 11, the side of the store


@pytest.mark.parametrize(
    ("told", "ends"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "delivered", "sent"], "delivered"),
        (["failed", "sent", "delivered"], "failed"),
        (["delivered", "failed"], "delivered"),
        (["read", "failed"], "read"),
        (["sent", "failed"], "failed"),
        (["played", "delivered"], "played"),
        (["deleted", "warning", "no such state"], "sent"),
    ],
    ids=" ".join,
)
async def test_a_status_only_moves_forward(post: PostOffice, told: list[str], ends: str) -> None:
    person = await post.person()
    (outbound,) = await post.say(person, "one")
    for state in told:
        await post.status(state, 131026 if state == "failed" else None)
    assert (await post.delivery(outbound))["state"] == ends


async def test_a_status_about_nothing_of_ours_changes_nothing(post: PostOffice) -> None:
    assert await post.status_of("wamid.none", None, "read") == "unknown"
    assert await post.status_of(None, None, "failed", 1) == "unknown"


# --- 16: the account


async def test_a_token_that_has_ended_silences_the_number_and_raises_an_alarm(
    post: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = await post.person(), await post.person()
    post.client.always = ChannelBlocked(provider_code=190)
    (outbound,) = await post.say(one, "one")
    await post.say(other, "other")
    assert len(post.client.sent) == 1
    assert (await post.row("SELECT reason FROM channel_pause"))["reason"] == "channel_blocked"
    assert await post.wakes(one) == [300.0]
    alarms = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert any("190" in record.getMessage() for record in alarms)
    assert post.count("outbound_pauses", channel="whatsapp", error="channel_blocked") == 1
    # A renewed token heals it: everything that waited goes out.
    post.client.always = None
    post.clock.forward(300 * SECOND)
    await post.send(one)
    await post.send(other)
    assert post.client.texts() == ["one", "one", "other"]
    assert await post.is_delivered(outbound)


# --- upkeep and erasure


async def test_what_nobody_has_scheduled_is_found_and_woken(post: PostOffice) -> None:
    forgotten, held, done = [await post.person() for _ in range(3)]
    await post.say(done, "done")
    for person in (forgotten, held):
        await post.put(person, "one")
    await post.rows("DELETE FROM procrastinate_jobs RETURNING id")
    await post.rows(
        "UPDATE conversation SET not_before = %s WHERE id = %s RETURNING id",
        post.clock.now + HOUR,
        held,
    )
    assert await post.sending.wake_due() == 1
    assert await post.sends(forgotten) == 1
    assert await post.sending.wake_due() == 0, "it is scheduled now"
    post.clock.forward(2 * HOUR)
    assert await post.sending.wake_due() == 1
    assert await post.sends(held) == 1


async def test_a_wait_that_is_over_defers_a_sending_in_order(post: PostOffice) -> None:
    person = await post.person()
    before = await post.sends(person)
    await post.sending.wake(person)
    assert await post.sends(person) == before + 1


async def test_after_the_receipt_nothing_leads_to_the_erased_person(post: PostOffice) -> None:
    person = await post.person(phone="40722999888")
    await post.say(person, "one")
    receipt = Outbound(text="Everything is deleted.", asks=False)
    async with post.database.transaction() as connection:
        await erasure.erase(connection, person, "E-1", receipt)
    heir = (await post.row("SELECT id FROM conversation"))["id"]
    assert await post.rows("SELECT kind FROM alias WHERE conversation_id = %s", heir)
    await post.send(heir)
    assert post.client.texts() == ["one", "Everything is deleted."]
    for table in ("conversation", "alias", "outbound", "delivery"):
        assert await post.rows(f"SELECT * FROM {table}") == []


async def test_whoever_writes_again_before_the_receipt_is_kept(post: PostOffice) -> None:
    person = await post.person()
    async with post.database.transaction() as connection:
        await erasure.erase(connection, person, "E-2", Outbound(text="Deleted.", asks=False))
    heir = (await post.row("SELECT id FROM conversation"))["id"]
    await post.rows(
        "INSERT INTO inbound (conversation_id, external_id, content_hash, seq, text)"
        " VALUES (%s, 'x', 'x', 99, 'hello again') RETURNING id",
        heir,
    )
    await post.send(heir)
    assert post.client.texts() == ["Deleted."]
    assert await post.rows("SELECT id FROM conversation") == [{"id": heir}]


async def test_an_erasure_while_a_message_is_on_its_way_leaves_nothing(post: PostOffice) -> None:
    person = await post.person()
    plain_send = post.client.send

    async def erased(to: object, part: object, key: str) -> str:
        async with post.database.transaction() as connection:
            await erasure.erase(connection, person, "E-3")
        return await plain_send(to, part, key)  # type: ignore[arg-type]

    post.client.send = erased  # type: ignore[assignment,method-assign]
    await post.say(person, "one", "two")
    assert post.client.texts() == ["one"]
    assert await post.rows("SELECT id FROM conversation") == []
    _, _, key = post.client.sent[0]
    assert await post.status_of("wamid.any", key, "delivered") == "unknown"


async def test_no_log_line_holds_a_person_or_a_text(
    post: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    person = await post.person(phone="40722777666")
    post.client.outcomes = [REFUSED, SendUnsure(), ChannelBlocked(provider_code=190)]
    await post.say(person, "sentinelword one", "sentinelword two")
    post.clock.forward(PATIENCE)
    await post.send(person)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) >= 4
    assert not [line for line in lines if "sentinelword" in line or "40722777666" in line]
