"""The gateway's door to Rasa: `POST /webhooks/impreuna/webhook`, as in `docs/architecture.md`.

200 means that the turn is saved; after anything else nothing is saved, and the same message may be
sent again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.dialogue.request import read_request
from bot.dialogue.turn import CHANNEL_NAME, Silence, Turns
from bot.errors import BotError, InboundRejected, RasaUnavailable

logger = logging.getLogger(__name__)

# Shorter than the gateway's own limit, so that a late answer is never taken for one.
TURN_SECONDS = 15.0


class ImpreunaChannel(InputChannel):  # type: ignore[misc]
    """Takes messages from the gateway; `credentials.yml` names it.

    Args:
        turn_seconds: How long a turn may take before it is given up, unsaved.
    """

    def __init__(self, turn_seconds: float = TURN_SECONDS) -> None:
        self._turn_seconds = turn_seconds

    @classmethod
    def name(cls) -> str:
        """The channel's name, a part of its address."""
        return CHANNEL_NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> ImpreunaChannel:
        """Make the channel from its part of `credentials.yml`."""
        return cls(**(credentials or {}))

    def get_output_channel(self) -> OutputChannel:
        """Give Rasa a place for what it says on its own: nowhere."""
        return Silence()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Make the routes. Rasa's own handler is not used: it saves failed turns."""
        routes = Blueprint("impreuna_webhook")

        # Sanic writes on its handlers, which a bound method does not allow.
        async def health(request: Request) -> HTTPResponse:
            return self._health(request)

        async def webhook(request: Request) -> HTTPResponse:
            return await self._receive(request)

        routes.add_route(health, "/", methods=["GET"])
        routes.add_route(webhook, "/webhook", methods=["POST"])
        return routes

    def _health(self, request: Request) -> HTTPResponse:
        ready = _agent(request) is not None
        return json_response({"status": "ok" if ready else "loading"}, 200 if ready else 503)

    async def _receive(self, request: Request) -> HTTPResponse:
        try:
            turn = read_request(request.body)
            agent = _agent(request)
            if agent is None:
                raise RasaUnavailable("the model is not loaded yet")
            answer = await asyncio.wait_for(Turns(agent).answer(turn), self._turn_seconds)
        except InboundRejected as error:
            return _error(error.http_status, error.reason, str(error))
        except Exception as error:
            # Its class says enough; its text may hold what the person wrote.
            logger.warning("a turn was given up", exc_info=error)
            code = error.code if isinstance(error, BotError) else RasaUnavailable.code
            return _error(503, code, "The message was not handled; send it again.")
        return json_response(answer, dumps=json.dumps)


def _agent(request: Request) -> Any:
    agent = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return json_response({"error": {"code": code, "message": message}}, status)
