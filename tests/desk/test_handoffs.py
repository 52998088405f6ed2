"""Handoffs on a database: opened, taken once, given on, answered, closed, counted, found again."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from bot.conversations.handoff import HandoffRequest
from bot.conversations.handoff_states import Refused, State
from bot.conversations.turn import Said, Turn
from bot.desk.frame import ZONE
from bot.settings import Operator
from bot.store import cases, queue
from bot.store.queue import Filters
from tests.desk.scene import Scene, open_scene


async def refused(call: Any) -> tuple[str, str | None]:
    """The reason of a refusal, and who has the handoff."""
    with pytest.raises(Refused) as raised:
        await call
    return raised.value.reason, raised.value.agent


async def queue_of(scene: Scene, **filters: Any) -> list[queue.Entry]:
    async with scene.database.transaction() as connection:
        return await queue.queue(connection, Filters(**filters))


async def found(scene: Scene, words: str) -> list[int]:
    async with scene.database.transaction() as connection:
        return [entry.id for entry in await queue.search(connection, words)]


async def test_of_two_who_claim_at_once_one_has_it_and_the_other_hears_who(scene: Scene) -> None:
    person, ana, dan = await scene.person(), await scene.staff("Ana"), await scene.staff("Dan")
    handoff = await scene.asks_for_a_person(person)
    outcomes = await asyncio.gather(
        scene.desk.claim(handoff, ana), scene.desk.claim(handoff, dan), return_exceptions=True
    )
    lost = [one for one in outcomes if isinstance(one, Refused)]
    assert len(lost) == 1
    standing = await scene.standing(person)
    assert (lost[0].reason, lost[0].agent) == ("already_taken", standing.agent_name)
    assert standing.agent == (dan if isinstance(outcomes[0], Refused) else ana)
    assert (await scene.names(person)).count("utter_handoff_joined") == 1
    assert (await scene.heard(person))[-1]["text"].startswith(str(standing.agent_name))


async def test_what_is_told_to_the_bot_while_waiting_is_kept_for_the_counsellor(
    scene: Scene, postgres_url: str
) -> None:
    person = await scene.person()
    learnt = Turn((Said("Where are they?", "utter_ask"),), facts={"members": ["a son"]})
    scene.bot.turns["my son is 12"] = learnt
    await scene.says(person, "my son is 12")
    handoff = await scene.asks_for_a_person(person)
    assert (await scene.row(handoff))["facts"] == {}
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as desk:
        await desk.execute("LISTEN desk")
        await scene.says(person, "my son is 12")
        woken = [heard.payload async for heard in desk.notifies(timeout=0.5)]
    assert (await scene.row(handoff))["facts"] == {"members": ["a son"]}
    assert f"{handoff} told" in woken


async def test_a_handoff_goes_from_one_counsellor_to_another_and_back_to_the_queue(
    scene: Scene,
) -> None:
    person, ana, dan = await scene.person(), await scene.staff("Ana"), await scene.staff("Dan")
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.assign(handoff, by=dan, to=ana)
    assert await refused(scene.desk.transfer(handoff, by=dan, to=dan)) == ("not_yours", "Ana")
    assert await refused(scene.desk.transfer(handoff, by=ana, to=ana)) == ("same_agent", "Ana")
    await scene.desk.transfer(handoff, by=dan, to=dan, holder=ana)
    assert (await scene.standing(person)).agent == dan
    assert await refused(scene.desk.release(handoff, by=ana)) == ("not_yours", "Dan")
    await scene.desk.release(handoff, by=dan)
    standing = await scene.standing(person)
    assert (standing.state, standing.agent) == (State.WAITING, None)
    told = [name for name in await scene.names(person) if name.startswith("utter_handoff_")]
    assert told[1:] == ["utter_handoff_joined", "utter_handoff_joined", "utter_handoff_left"]


async def test_nobody_gets_a_handoff_who_does_not_exist_or_was_disabled(scene: Scene) -> None:
    person, ana = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    assert (await refused(scene.desk.assign(handoff, ana, uuid.uuid4())))[0] == "unknown_agent"
    await scene.do("UPDATE staff SET disabled_at = now() WHERE id = %s", ana)
    assert (await refused(scene.desk.claim(handoff, ana)))[0] == "unknown_agent"
    assert (await scene.standing(person)).state is State.WAITING


async def test_only_the_counsellor_who_has_it_may_answer(scene: Scene) -> None:
    person, ana, dan = await scene.person(), await scene.staff("Ana"), await scene.staff("Dan")
    handoff = await scene.asks_for_a_person(person)
    assert (await refused(scene.desk.reply_text(handoff, ana, "Hello", "1")))[0] == "not_taken"
    await scene.desk.claim(handoff, ana)
    assert await refused(scene.desk.reply_text(handoff, dan, "Hi", "1")) == ("not_yours", "Ana")
    replied = await scene.desk.reply_text(handoff, ana, "Bună ziua", "1")
    assert replied.new
    body = (await scene.heard(person))[-1]
    assert (body["author"], body["agent"], body["text"]) == ("agent", "Ana", "Bună ziua")
    await scene.desk.resolve(handoff, ana, "helped")
    assert (await refused(scene.desk.reply_text(handoff, ana, "More", "2")))[0] == "not_open"


async def test_a_reply_that_is_sent_twice_arrives_once(scene: Scene) -> None:
    person, ana = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.claim(handoff, ana)
    both = await asyncio.gather(
        *(scene.desk.reply_text(handoff, ana, "Hello", "form-1") for _ in range(2))
    )
    assert sorted(one.new for one in both) == [False, True]
    assert both[0].seq == both[1].seq
    assert [body["text"] for body in await scene.heard(person)].count("Hello") == 1


async def test_a_reply_is_cleaned_never_cut_and_knows_its_direction(scene: Scene) -> None:
    person, ana = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.claim(handoff, ana)
    assert (await refused(scene.desk.reply_text(handoff, ana, " \u200b\n", "1")))[0] == "empty"
    long = "x" * 4097
    assert (await refused(scene.desk.reply_text(handoff, ana, long, "2")))[0] == "too_long"
    await scene.desk.reply_text(handoff, ana, "\u202eمرحبا\x00", "3", language="ar")
    body = (await scene.heard(person))[-1]
    assert (body["text"], body["direction"], body["language"]) == ("مرحبا", "rtl", "ar")


async def test_a_canned_reply_is_a_reviewed_sentence_in_the_counsellors_name(scene: Scene) -> None:
    person, ana = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.claim(handoff, ana)
    values = {"who": "your wife"}
    await scene.desk.reply_canned(handoff, ana, "utter_reply_papers", "1", values)
    body = (await scene.heard(person))[-1]
    assert (body["names"], body["author"]) == (["utter_reply_papers"], "agent")
    assert body["text"] == "Bring the papers of your wife."
    for name in ("utter_safety", "utter_reply_unknown"):
        call = scene.desk.reply_canned(handoff, ana, name, name)
        assert (await refused(call))[0] == "unknown_reply"


async def test_who_waits_and_since_when_follows_what_is_written(scene: Scene) -> None:
    person, ana = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.claim(handoff, ana)
    claimed = await scene.row(handoff)
    # Nobody has answered since the request: the person waits from there on.
    assert claimed["unanswered_since"] == claimed["waiting_since"]
    await scene.desk.reply_text(handoff, ana, "Hello", "1")
    answered = await scene.row(handoff)
    assert answered["unanswered_since"] is None
    assert answered["answered_at"] is not None
    await scene.says(person, "first")
    first = (await scene.row(handoff))["unanswered_since"]
    await scene.says(person, "second")
    assert (await scene.row(handoff))["unanswered_since"] == first
    assert first > answered["answered_at"]


async def test_one_handoff_a_conversation_and_its_priority_only_rises(scene: Scene) -> None:
    person = await scene.person()
    handoff = await scene.asks_for_a_person(person)
    for words, reason, priority in (("x", "finding:B16", "child"), ("y", "finding:B1", "normal")):
        scene.bot.turns[words] = Turn(
            (Said("Noted.", "utter_handoff_opened"),),
            handoff=HandoffRequest("R-2", reason, priority, {"asker": words}),
            findings=({"person": "wife", "row": reason},),
        )
        assert await scene.asks_for_a_person(person, words) == handoff
    row = await scene.row(handoff)
    assert (row["priority"], row["reason"]) == ("child", "finding:B16")
    assert row["facts"] == {"asker": "y"}
    assert [one["reason"] for one in row["requests"]] == ["asked", "finding:B16", "finding:B1"]
    events = await scene.all("SELECT event FROM handoff_event WHERE handoff_id = %s", handoff)
    assert [row["event"] for row in events] == ["request", "raise", "request"]


async def test_after_a_closed_handoff_a_request_opens_a_new_one(scene: Scene) -> None:
    person, ana = await scene.person(), await scene.staff()
    first = await scene.asks_for_a_person(person)
    await scene.desk.resolve(first, ana, "helped")
    second = await scene.asks_for_a_person(person)
    assert second != first
    assert (await refused(scene.desk.claim(first, ana)))[0] == "not_open"
    assert (await refused(scene.desk.reopen(first, ana)))[0] == "already_open"
    await scene.desk.resolve(second, ana, "other")
    await scene.desk.reopen(first, ana)
    standing = await scene.standing(person)
    assert (standing.state, standing.handoff) == (State.WAITING, first)
    assert (await scene.names(person))[-1] == "utter_handoff_reopened"


async def test_an_outcome_is_one_of_the_list(scene: Scene) -> None:
    person, ana = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    assert (await refused(scene.desk.resolve(handoff, ana, "erased")))[0] == "unknown_outcome"
    assert (await refused(scene.desk.claim(10**9, ana)))[0] == "unknown_handoff"


async def counts(scene: Scene, channel: str) -> list[dict[str, Any]]:
    return await scene.all("SELECT * FROM handoff_count WHERE channel = %s ORDER BY id", channel)


async def test_a_handoff_that_ends_is_counted_once_and_outlives_the_erasure(scene: Scene) -> None:
    person, ana = await scene.person(language="ar", channel="counted"), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.claim(handoff, ana)
    await scene.desk.reply_text(handoff, ana, "Hello", "1")
    await scene.desk.return_to_bot(handoff, ana)
    assert [row["outcome"] for row in await counts(scene, "counted")] == ["returned"]
    await scene.desk.reopen(handoff, ana)
    assert await counts(scene, "counted") == []
    await scene.desk.resolve(handoff, ana, "referred")
    await scene.erase(person)
    (row,) = await counts(scene, "counted")
    assert (row["outcome"], row["reason"], row["priority"]) == ("referred", "asked", "normal")
    # The day is that of Bucharest, where two hours of it come before the same day of UTC.
    assert (row["language"], row["day"]) == ("ar", datetime.now(ZONE).date())
    assert 0 <= row["answer_seconds"] <= row["close_seconds"] < 60
    text = str(row)
    assert str(person) not in text


async def test_an_open_handoff_that_is_erased_is_counted_as_erased(scene: Scene) -> None:
    person = await scene.person(channel="gone")
    handoff = await scene.asks_for_a_person(person)
    await scene.erase(person)
    (row,) = await counts(scene, "gone")
    assert (row["outcome"], row["answer_seconds"], row["close_seconds"]) == ("erased", None, None)
    assert (await refused(scene.desk.claim(handoff, await scene.staff())))[0] == "unknown_handoff"


async def test_the_queue_goes_by_harm_then_by_waiting(scene: Scene) -> None:
    await scene.do("DELETE FROM conversation")
    order = ("normal", "window", "danger", "child", "normal", "deadline")
    made: list[tuple[str, int]] = []
    for number, priority in enumerate(order):
        person = await scene.person(channel=f"c{number}")
        scene.bot.turns[priority] = Turn(
            (Said("Noted.", "utter_handoff_opened"),),
            handoff=HandoffRequest("R", f"r{number}", priority),
        )
        made.append((priority, await scene.asks_for_a_person(person, priority)))
    listed = await queue_of(scene)
    assert [entry.priority for entry in listed] == [
        "danger", "deadline", "child", "window", "normal", "normal",
    ]  # fmt: skip
    assert listed[-2].id == made[0][1]
    assert [entry.last_words for entry in listed][0] == "danger"
    assert [e.id for e in await queue_of(scene, priority="child")] == [made[3][1]]
    assert [e.id for e in await queue_of(scene, channel="c1")] == [made[1][1]]
    assert [e.id for e in await queue_of(scene, reason="r5")] == [made[5][1]]
    assert [e.id for e in await queue_of(scene, limit=1, offset=1)] == [made[5][1]]


async def test_the_folders_are_unassigned_mine_all_and_closed(scene: Scene) -> None:
    await scene.do("DELETE FROM conversation")
    ana, dan = await scene.staff("Ana"), await scene.staff("Dan")
    waiting, mine, done = [await scene.asks_for_a_person(await scene.person()) for _ in range(3)]
    await scene.desk.claim(mine, ana)
    await scene.desk.resolve(done, dan, "helped")

    async def ids(folder: Any, agent: UUID | None = None) -> list[int]:
        return sorted(entry.id for entry in await queue_of(scene, folder=folder, agent=agent))

    assert await ids("unassigned") == [waiting]
    assert await ids("mine", ana) == [mine]
    assert await ids("mine", dan) == []
    assert await ids("all") == [waiting, mine]
    assert await ids("closed") == [done]
    async with scene.database.transaction() as connection:
        counted = await queue.counts(connection, ana)
    assert counted == {"unassigned": 1, "mine": 1, "all": 2, "urgent": 0}


async def test_the_search_finds_words_references_notes_and_labels_of_handoffs_only(
    scene: Scene,
) -> None:
    person, other, ana = await scene.person(), await scene.person(), await scene.staff()
    await scene.says(person, "my wife is in Kabul_now 100%")
    await scene.says(other, "Kabul as well")
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.claim(handoff, ana)
    await scene.desk.reply_text(handoff, ana, "Ask the consulate", "1")
    await scene.desk.note(handoff, ana, "call the embassy on Monday")
    await scene.desk.label(handoff, ["Tracing"])
    reference = str((await scene.standing(person)).reference)
    for words in ("kabul", "consulate", "EMBASSY", "tracing", reference, reference.lower()):
        assert await found(scene, words) == [handoff], words
    for words in ("kabulXnow", "100%!", "%", "_w%", "", "nothing of the kind"):
        # The signs of patterns are only signs.
        expected = [handoff] if words in ("%",) else []
        assert await found(scene, words) == expected, words


async def test_the_case_holds_all_that_staff_know(scene: Scene) -> None:
    person, ana = await scene.person("ar"), await scene.staff("Ana")
    scene.bot.turns["tell"] = Turn(
        (Said("Noted.", "utter_handoff_opened"),),
        handoff=HandoffRequest("R-1", "finding:B16", "child", {"sponsor": {"age": 17}}),
        findings=({"person": "mother", "row": "C1", "outcome": "UAM", "flags": []},),
    )
    handoff = await scene.asks_for_a_person(person, "tell")
    await scene.desk.claim(handoff, ana)
    assert await scene.desk.note(handoff, ana, "  \n") is None
    await scene.desk.note(handoff, ana, "speaks some English")
    assert await scene.desk.label(handoff, ["b ", "a", " a", ""]) == ["a", "b"]
    await scene.desk.reply_text(handoff, ana, "Hello", "1")
    async with scene.database.transaction() as connection:
        case = await cases.case(connection, handoff)
        transcript = await cases.transcript(connection, person)
    assert case is not None
    assert (case.language, case.priority, case.agent_name) == ("ar", "child", "Ana")
    assert case.facts == {"sponsor": {"age": 17}}
    assert case.findings == [{"person": "mother", "row": "C1", "outcome": "UAM", "flags": []}]
    assert [note["text"] for note in case.notes] == ["speaks some English"]
    assert [event["event"] for event in case.events] == ["request", "claim", "reply"]
    assert case.events[1]["staff_name"] == "Ana Popa"
    assert [row["author"] for row in transcript] == ["person", "bot", "bot", "agent"]
    assert transcript[0]["text"] == "tell"
    assert "17" not in repr(case)


async def test_what_staff_wrote_goes_with_the_persons_data(scene: Scene) -> None:
    person, ana = await scene.person(), await scene.staff()
    handoff = await scene.asks_for_a_person(person)
    await scene.desk.claim(handoff, ana)
    await scene.desk.note(handoff, ana, "sentinelnote")
    await scene.desk.reply_text(handoff, ana, "sentinelreply", "1")
    tables = ("note", "handoff_event", "handoff", "outbound", "misunderstanding")
    await scene.says(person, "x")
    present = {t for t in tables if await scene.all(f"SELECT 1 FROM {t}")}
    assert present >= {"note", "handoff_event", "handoff", "outbound"}
    await scene.erase(person)
    for table in ("note", "handoff_event", "outbound"):
        rows = await scene.all(f"SELECT t::text AS text FROM {table} AS t")
        assert not [row for row in rows if "sentinel" in row["text"]], table
    assert not await scene.all("SELECT 1 FROM handoff WHERE id = %s", handoff)
    events = await scene.all("SELECT 1 FROM handoff_event WHERE handoff_id = %s", handoff)
    assert events == []


async def test_every_change_and_every_message_wakes_the_desk(
    scene: Scene, postgres_url: str
) -> None:
    person, ana = await scene.person(), await scene.staff()
    await scene.says(person, "before any handoff")
    listening = await psycopg.AsyncConnection.connect(postgres_url, autocommit=True)
    async with listening:
        await listening.execute("LISTEN desk")
        handoff = await scene.asks_for_a_person(person)
        await scene.desk.claim(handoff, ana)
        await scene.says(person, "and this?")
        await scene.desk.reply_text(handoff, ana, "Hello", "1")
        await scene.desk.label(handoff, ["x"])
        await scene.desk.note(handoff, ana, "y")
        await scene.erase(person)
        heard = []
        async for notification in listening.notifies(timeout=0.5):
            heard.append(notification.payload)
    assert {payload.split(" ")[0] for payload in heard} == {str(handoff)}
    kinds = [payload.split(" ")[1] for payload in heard]
    for kind in ("request", "claim", "message", "reply", "label", "note", "erase"):
        assert kind in kinds, kind


async def test_hours_are_told_where_a_handoff_is_opened_and_not_again(
    scene: Scene, postgres_url: str
) -> None:
    operator = Operator(opening_hours="24/7", on_call_number="+40 21 000 00 00")
    async with open_scene(postgres_url, operator) as decided:
        person = await decided.person()
        first = await decided.says(person, "a person please")
        again = await decided.says(person, "a person please")
        undecided = await scene.says(await scene.person(), "a person please")
    told = ["utter_handoff_hours_open", "utter_handoff_on_call"]
    assert first == ["utter_handoff_opened", *told]
    assert again == undecided == ["utter_handoff_opened"]


async def test_what_the_bot_was_unsure_of_is_kept_masked(scene: Scene) -> None:
    person = await scene.person("en")
    words = "My name is Ahmad Khan, call 0721 555 333 or a@b.ro, see https://x.ro/1"
    scene.bot.turns[words] = Turn(
        (Said("?", "utter_misunderstood"),), intent="nlu_fallback", confidence=0.22
    )
    scene.bot.turns["guess"] = Turn((Said("!", "utter_x"),), intent="ask_costs", confidence=0.3)
    for text in (words, "guess", "sure of this"):
        await scene.says(person, text)
    rows = await scene.all(
        "SELECT text, intent, language FROM misunderstanding WHERE conversation_id = %s"
        " ORDER BY id", person,
    )  # fmt: skip
    assert rows == [
        {
            "text": "My name is <name>, call 0000 000 000 or <email>, see <link>",
            "intent": "nlu_fallback",
            "language": "en",
        },
        {"text": "guess", "intent": "ask_costs", "language": "en"},
    ]
