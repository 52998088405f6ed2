"""A bare Rasa of the same version: rules only, one static reply, its tracker in PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bench.product import free_port, wait_until_ready

FILES = {
    "config.yml": """
recipe: default.v1
assistant_id: bare
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: LogisticRegressionClassifier
policies:
  - name: RulePolicy
""",
    "domain.yml": """
version: "3.1"
intents: [ask, other]
responses:
  utter_answer:
    - text: "Viesparilor 19, Bucharest"
""",
    "data.yml": """
version: "3.1"
nlu:
  - intent: ask
    examples: |
      - what is your address
      - where are you
      - how can i call you
  - intent: other
    examples: |
      - hello
      - thank you
      - good bye
rules:
  - rule: answer
    steps:
      - intent: ask
      - action: utter_answer
  - rule: other
    steps:
      - intent: other
      - action: utter_answer
""",
    "credentials.yml": "rest:\n",
}
ENDPOINTS = """
tracker_store:
  type: SQL
  dialect: postgresql
  url: ""
  username: postgres
  password: ""
  db: {database}
  query: {{host: "{host}"}}
"""


@asynccontextmanager
async def running(folder: Path, socket_folder: str, database: str) -> AsyncIterator[str]:
    """Train it in a folder and run its server; gives its address."""
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    endpoints = ENDPOINTS.format(host=socket_folder, database=database)
    (folder / "endpoints.yml").write_text(endpoints, encoding="utf-8")
    await _rasa(folder, "train", "--data", "data.yml", "--fixed-model-name", "bare")
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rasa", "run", "-m", "models/bare.tar.gz", "-p", str(port)),
        cwd=folder,
        env=os.environ,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        await wait_until_ready(f"{address}/")
        yield address
    finally:
        server.terminate()
        await server.wait()


async def _rasa(folder: Path, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rasa", *arguments),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    if await process.wait() != 0:
        raise RuntimeError(f"rasa {arguments[0]} failed")


async def turn(session: aiohttp.ClientSession, address: str, sender: str, text: str) -> float:
    """Send one message over the REST channel; seconds until the answer."""
    started = time.perf_counter()
    url = f"{address}/webhooks/rest/webhook"
    async with session.post(url, json={"sender": sender, "message": text}) as resp:
        if not await resp.json():
            raise RuntimeError("no answer")
    return time.perf_counter() - started
