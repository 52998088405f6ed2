"""The signed webhook: each event of a handoff is told to another system of the organisation.

Signed as the Standard Webhooks say (standardwebhooks.com), so receivers find a library for it:
`webhook-id`, `webhook-timestamp`, and `webhook-signature` = `v1,` + base64 of the HMAC-SHA256 of
`id.timestamp.body`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.errors import AlertFailed
from bot.settings import OutgoingWebhook

_SECONDS = 15.0


async def post(
    webhook: OutgoingWebhook, message_id: str, payload: Mapping[str, Any], now: float | None = None
) -> None:
    """Send one event.

    Raises:
        AlertFailed: If the other system did not take it (any answer but 2xx).
    """
    body = json.dumps(payload, separators=(",", ":")).encode()
    timestamp = int(time.time() if now is None else now)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(webhook.key(), message_id, timestamp, body),
    }
    limit = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(webhook.url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            status = answer.status
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        raise AlertFailed(f"the webhook was not taken ({type(error).__name__})") from None
    if not 200 <= status < 300:
        raise AlertFailed(f"the webhook was answered with status {status}")


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a message."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
