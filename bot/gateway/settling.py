"""Settling a refusal: what waits, for how long, and what is given up.

Called under the conversation's lock, for a refusal at once and for one that a status tells
later; the class of the error decides (`bot.errors.SendFailed`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import ChatThrottled, SendFailed, SendTransient, WindowClosed
from bot.gateway.lines import Line
from bot.gateway.outbound_counts import OutboundCounts
from bot.store import deliveries, outbox, pauses
from bot.store.database import Connection
from bot.store.deliveries import AGAIN, FAILED, Delivery
from bot.store.pauses import Chat

log = logging.getLogger(__name__)

CHAT_BASE, CHAT_MOST = 4.0, 3600.0
"""Too much to one person: 1, 4, 16, ... seconds, at most an hour."""
TRANSIENT_DELAYS = (2.0, 10.0, 60.0, 300.0, 1800.0)
"""Seconds before the second, third, ... try while their side is in trouble."""


@dataclass(frozen=True)
class Refusal:
    """A part that was refused; `has_other_form` if it may be said in another one."""

    delivery: Delivery
    failure: SendFailed
    has_other_form: bool = False


async def settle(
    connection: Connection,
    chat: Chat,
    line: Line,
    refusal: Refusal,
    counts: OutboundCounts,
    now: datetime,
) -> None:
    """Act on a refusal: the part is asked again when it may be, or its message is given up."""
    failure, delivery = refusal.failure, refusal.delivery
    code = failure.provider_code
    counts.refused.labels(chat.channel, failure.code, str(code)).inc()
    log.log(
        logging.ERROR if failure.alarm else logging.INFO,
        "delivery %s refused: %s, code %s, try %s",
        *(delivery.id, failure.code, code, delivery.tries),
    )
    waits = await _wait(connection, chat, line, refusal, counts, now)
    state = AGAIN if waits or refusal.has_other_form else FAILED
    # Waiting for room is no try that went wrong.
    free = waits and not isinstance(failure, SendTransient)
    await deliveries.refused(connection, delivery.id, state, code, now, free)
    if state == FAILED and delivery.outbound_id is not None:
        await give_up(connection, chat, delivery.outbound_id, counts, now)


async def give_up(
    connection: Connection, chat: Chat, outbound: int, counts: OutboundCounts, now: datetime
) -> None:
    """Note that a message will never arrive; the next ones go on."""
    await outbox.mark_failed(connection, outbound, now)
    counts.given_up.labels(chat.channel).inc()
    log.warning("outbound %s is given up", outbound)


async def _wait(
    connection: Connection,
    chat: Chat,
    line: Line,
    refusal: Refusal,
    counts: OutboundCounts,
    now: datetime,
) -> bool:
    """Make wait what has to; False if waiting does not help."""
    failure, delivery = refusal.failure, refusal.delivery
    if isinstance(failure, WindowClosed):
        await pauses.close_window(connection, chat.id, now, delivery.asked_at)
    elif failure.holds == "channel":
        until = now + timedelta(seconds=line.pause_seconds(failure))
        await pauses.pause(connection, chat.channel, until, failure.code)
        counts.pauses.labels(chat.channel, failure.code).inc()
    elif isinstance(failure, ChatThrottled):
        seconds = min(CHAT_BASE ** min(chat.send_failures, 10), CHAT_MOST)
        await pauses.hold(connection, chat.id, now + timedelta(seconds=seconds))
    elif failure.retryable and delivery.tries <= len(TRANSIENT_DELAYS):
        delay = TRANSIENT_DELAYS[delivery.tries - 1]
        await pauses.hold(connection, chat.id, now + timedelta(seconds=delay))
    else:
        return False
    return True
