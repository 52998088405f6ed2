"""The trained model and the running product, made once and only when a test asks for them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, DummyCookieJar

from bot.model import model_path
from bot.settings import PROJECT
from tests.system.person import Person
from tests.system.product import Product

TRAINING_SECONDS = 900

Arrive = Callable[..., Awaitable[Person]]


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of the sources as they are, trained if there is none; or the one that is set."""
    chosen = os.environ.get("IMPREUNA_MODEL")
    if chosen:
        return Path(chosen)
    path = model_path(PROJECT)
    if not path.exists():
        subprocess.run(
            [sys.executable, "scripts/train.py"], cwd=PROJECT, check=True, timeout=TRAINING_SECONDS
        )
    return path


@pytest.fixture(scope="session")
def product(model: Path) -> Iterator[Product]:
    """Everything, started by `impreuna up`."""
    running = Product(model)
    try:
        running.start()
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def arrive(product: Product) -> AsyncIterator[Arrive]:
    """Bring a person to the web chat."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:

        async def new_person(**body: Any) -> Person:
            return await Person.arrive(session, product.url, **body)

        yield new_person
