"""The call to Rasa: one message in, one turn out; everything else is "no answer"."""

from __future__ import annotations

import asyncio
import time

import aiohttp

from bot.conversations.message import Conversation, Inbound
from bot.conversations.routing import ToRasa
from bot.conversations.turn import Turn
from bot.errors import RasaUnavailable

_PATH = "/webhooks/impreuna/webhook"
_HEALTH_SECONDS = 3.0


class Rasa:
    """A client of our channel in the Rasa server.

    Args:
        url: Where Rasa listens, without a path.
        timeout: Seconds for one turn; longer than Rasa's own limit. A call that took
            longer is never an answer.
    """

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None
        self._opened_at = 0.0
        self._reached = False

    async def open(self) -> None:
        """Open the session; connections are kept and used again."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64))
        self._opened_at = time.monotonic()

    @property
    def seconds_starting(self) -> float | None:
        """How long it has been out of reach since the client opened; None once it was reached."""
        return None if self._reached else time.monotonic() - self._opened_at

    async def close(self) -> None:
        """Close every connection."""
        if self._session:
            await self._session.close()

    async def ask(
        self,
        inbound: Inbound,
        conversation: Conversation,
        way: ToRasa,
        timeout: float | None = None,
    ) -> Turn:
        """Have one message answered; a repeated message gets the same turn again.

        Raises:
            RasaUnavailable: If there is no answer in time, or one that is not the agreed one.
        """
        body = {
            "conversation": str(conversation.id),
            "message_id": str(inbound.id),
            "text": None if way.payload else way.text,
            "payload": way.payload,
            "language": conversation.language,
            "channel": conversation.channel,
        }
        limit = aiohttp.ClientTimeout(total=timeout or self._timeout)
        try:
            async with self._opened().post(self._url + _PATH, json=body, timeout=limit) as answer:
                self._reached = True
                if answer.status != 200:
                    raise RasaUnavailable(f"Rasa answered with status {answer.status}")
                return Turn.from_answer(await answer.json(content_type=None))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise RasaUnavailable(f"Rasa gave no answer ({type(error).__name__})") from None
        except ValueError as error:
            # json's errors quote the text; ours do not. Neither is repeated.
            raise RasaUnavailable(f"Rasa's answer is malformed ({type(error).__name__})") from None

    async def alive(self, url: str | None = None) -> bool:
        """Tell whether Rasa (or another server) answers a plain GET."""
        limit = aiohttp.ClientTimeout(total=_HEALTH_SECONDS)
        try:
            async with self._opened().get(url or self._url + "/", timeout=limit) as answer:
                return answer.status < 500
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RasaUnavailable("the client is not open")
        return self._session
