"""Posting to the product's webhook: signed, in order at first, again until it answers 200."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.phone.account import Account
from bot.phone.clock import Clock
from bot.phone.faults import Faults
from bot.phone.notices import Value, envelope, to_bytes
from bot.phone.tasks import Tasks

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES = 0.5, 60.0, 12
TIMEOUT_SECONDS = 10.0
CHALLENGE = "1158201444"


@dataclass
class Counts:
    """What became of the webhooks so far."""

    posted: int = 0
    taken: int = 0
    given_up: int = 0


def sign(body: bytes, app_secret: str) -> str:
    """Give the value of `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


class Webhooks:
    """Sends each value on its way.

    The first try of each goes out after the one before was answered; a repetition goes on its
    own, so that what failed comes late and in disorder, as Meta's own repetitions do.

    Args:
        pause: Seconds before the first repetition; each further one waits twice as long.
    """

    def __init__(
        self, account: Account, clock: Clock, faults: Faults, tasks: Tasks, pause: float
    ) -> None:
        self._account = account
        self._clock = clock
        self._faults = faults
        self._tasks = tasks
        self._pause = pause
        self._held: list[Value] = []
        self._batch: list[Value] = []
        self._bodies: asyncio.Queue[bytes] = asyncio.Queue()
        self._session: aiohttp.ClientSession
        self.counts = Counts()

    async def open(self) -> None:
        """Begin to send."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout)
        self._tasks.start(self._send_all())

    async def close(self) -> None:
        """Close the connections; what was not taken is gone."""
        await self._session.close()

    def put(self, value: Value) -> None:
        """Send one value, or hold it where a fault says so."""
        if self._faults.disorder or self._held:
            self._hold(value)
        elif self._faults.batch or self._batch:
            self._collect(value)
        else:
            self._put([value])

    def _hold(self, value: Value) -> None:
        self._faults.take("disorder")
        self._held.append(value)
        if not self._faults.disorder:
            held, self._held = self._held, []
            for each in reversed(held):
                self._put([each])

    def _collect(self, value: Value) -> None:
        self._faults.take("batch")
        self._batch.append(value)
        if not self._faults.batch:
            batch, self._batch = self._batch, []
            self._put(batch)

    def _put(self, values: list[Value]) -> None:
        body = to_bytes(envelope(self._account, values, self._clock.now()))
        self._bodies.put_nowait(body)
        if self._faults.take("duplicate"):
            self._tasks.start(self._send(body))

    async def _send_all(self) -> None:
        while True:
            body = await self._bodies.get()
            if not await self._post(body):
                self._tasks.start(self._repeat(body))

    async def _send(self, body: bytes) -> None:
        if not await self._post(body):
            await self._repeat(body)

    async def _repeat(self, body: bytes) -> None:
        pause = self._pause
        for _ in range(MOST_TRIES - 1):
            await asyncio.sleep(pause)
            if await self._post(body):
                return
            pause = min(pause * 2, LONGEST_PAUSE)
        self.counts.given_up += 1
        log.error("a webhook was given up after %s tries", MOST_TRIES)

    async def _post(self, body: bytes) -> bool:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": sign(body, self._account.app_secret),
        }
        self.counts.posted += 1
        try:
            async with self._session.post(
                self._account.webhook_url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            log.warning("the webhook was not taken: %s", type(error).__name__)
            return False
        if status != 200:
            log.warning("the webhook was not taken: HTTP %s", status)
            return False
        self.counts.taken += 1
        return True

    async def handshake(self) -> bool:
        """Ask the product to prove that it knows the verify token, as Meta does once."""
        asked: dict[str, Any] = {
            "hub.mode": "subscribe",
            "hub.challenge": CHALLENGE,
            "hub.verify_token": self._account.verify_token,
        }
        try:
            async with self._session.get(self._account.webhook_url, params=asked) as answer:
                return answer.status == 200 and await answer.text() == CHALLENGE
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False
