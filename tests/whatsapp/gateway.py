"""A gateway as Meta sees it, and what a test reads in its store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from psycopg.rows import dict_row

from bot.channels.whatsapp.signature import sign
from bot.gateway.voice import Voice
from bot.gateway.whatsapp import PATH
from bot.i18n import Catalogs
from tests.fakes import DOMAIN
from tests.whatsapp.payloads import as_meta, envelope

VOICE = Voice(
    {
        "responses": {
            **DOMAIN["responses"],
            "utter_kept_voice": [{"text": "I cannot listen. It is kept for a counsellor."}],
            "utter_kept_picture": [{"text": "I cannot look. It is kept for a counsellor."}],
            "utter_kept_video": [{"text": "I cannot watch. It is kept for a counsellor."}],
            "utter_kept_document": [{"text": "I cannot read files. It is kept."}],
            "utter_kept_lost": [{"text": "It did not arrive. Please send it again."}],
            "utter_choose": [{"text": "Choose"}],
            "utter_unreadable": [{"text": "Please write in words."}],
            "utter_unreadable_location": [{"text": "Please write the name of the place."}],
            "utter_unreadable_contacts": [{"text": "I cannot read cards."}],
            "utter_template_answer_waiting": [
                {
                    "text": "There is an answer.",
                    "buttons": [{"title": "Read the answer", "payload": "impreuna:waiting"}],
                }
            ],
        }
    },
    Catalogs(Path("/nonexistent")),
)


class Gateway:
    """Posts signed webhooks."""

    def __init__(self, client: TestClient, app_secret: str) -> None:
        self.client = client
        self._app_secret = app_secret

    async def post(self, body: bytes, **headers: str) -> ClientResponse:
        """Post a body as Meta does; a header given here replaces the right one."""
        signed = {"X-Hub-Signature-256": sign(body, self._app_secret), **headers}
        headers = {"Content-Type": "application/json", **signed}
        return await self.client.post(PATH, data=body, headers=headers)

    async def deliver(self, *messages: dict[str, Any], **value: Any) -> None:
        """Deliver messages, and whatever else belongs into the same value."""
        if messages:
            value["messages"] = list(messages)
        answer = await self.post(as_meta(envelope(**value)))
        assert answer.status == 200, await answer.text()


def rows(url: str, query: str, *parameters: Any) -> list[dict[str, Any]]:
    """Read rows of the store."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return connection.execute(query, parameters).fetchall()


def execute(url: str, query: str, *parameters: Any) -> None:
    """Change the store; it may wait for a lock, so not in the loop of a running gateway."""
    with psycopg.connect(url) as connection:
        connection.execute(query, parameters)


def written(url: str) -> list[str]:
    """The texts of everything that people wrote, in the order of their taking in."""
    return [row["text"] for row in rows(url, "SELECT text FROM inbound ORDER BY id")]


async def until(holds: Callable[[], Any], seconds: float = 15.0) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + seconds
    while not holds():  # noqa: ASYNC110 (another task's work in the store)
        assert time.monotonic() < ends, "it never came to hold"
        await asyncio.sleep(0.05)
