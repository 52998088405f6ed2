"""A worker in a process of its own, to be killed by a test."""

from __future__ import annotations

import asyncio
import os

from bot.gateway import worker
from bot.gateway.handling import Handling
from bot.gateway.jobs import create_jobs
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Rasa
from bot.store.database import Database
from tests.fakes import VOICE, spot


async def main() -> None:
    worker._HEARTBEAT_SECONDS = 0.5
    database, rasa = Database(os.environ["URL"]), Rasa(os.environ["RASA"], 60.0)
    await database.open()
    await rasa.open()
    handling = Handling(database, rasa, VOICE, spot, Metrics())
    jobs = create_jobs(os.environ["URL"], database, handling, None)
    await worker.run_worker(jobs, 2, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main())
