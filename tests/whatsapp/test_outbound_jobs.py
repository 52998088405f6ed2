"""The jobs themselves: what is stored is sent by a worker, and what waits is woken by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.errors import ChatThrottled
from bot.gateway.outbound_jobs import create_outbound_jobs
from bot.gateway.sending import utc_now
from bot.gateway.worker import end, run_worker
from bot.store.database import Database
from tests.whatsapp.sender import PostOffice


@pytest.fixture
async def post(database: Database) -> AsyncIterator[PostOffice]:
    """A post office whose jobs run, by the real clock."""
    office = PostOffice(database)
    await office.empty()
    office.sending._clock = utc_now
    stopping = asyncio.Event()
    app = create_outbound_jobs(database.url, office.sending)
    task = asyncio.create_task(run_worker(app, 4, stopping), name="outbound worker")
    yield office
    stopping.set()
    await end(task, 5)


async def until_sent(post: PostOffice, *texts: str) -> None:
    for _ in range(400):
        if post.client.texts() == list(texts):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(post.client.texts())


async def test_what_is_stored_is_sent_in_order(post: PostOffice) -> None:
    person = await post.person()
    for text in ("one", "two", "three"):
        await post.put(person, text)
    await until_sent(post, "one", "two", "three")


async def test_a_wait_ends_by_itself_and_holds_up_nobody_else(post: PostOffice) -> None:
    one, other = await post.person(), await post.person()
    post.client.outcomes = [ChatThrottled(provider_code=131056)]  # one second
    await post.put(one, "one")
    await until_sent(post, "one")
    await post.put(one, "two")
    await post.put(other, "other")
    await until_sent(post, "one", "other")
    await until_sent(post, "one", "other", "one", "two")
