"""Announcing: when the channel takes no free text, the person is told that an answer waits.

At most once a day, and only when there is news; what waits goes out when they answer.
"""

from __future__ import annotations

from bot.gateway.answers import DEFAULT_LANGUAGE
from bot.gateway.asking import Asking, Turn, answer_due, is_hopeless
from bot.store import deliveries, outbox
from bot.store.deliveries import AGAIN, FAILED, OPEN, Delivery
from bot.store.pauses import TEMPLATE_EVERY

_DAY_SECONDS = 86400


async def announcement(turn: Turn, outbound: int) -> Asking | None:
    """Give the template to ask for now; None if there is nothing new to tell, or not yet.

    Args:
        turn: The look at the conversation.
        outbound: The oldest message that waits.
    """
    chat, now = turn.chat, turn.now
    last = await deliveries.last_template(turn.connection, chat.id)
    part = turn.line.template(chat.language or chat.hint_language or DEFAULT_LANGUAGE)
    if last and last.asked_at > now - TEMPLATE_EVERY and _is_pending(last):
        due = answer_due(last, now)
        if due:
            await outbox.wake_at(turn.connection, chat.id, due)
        if due or is_hopeless(last):
            return None
        return Asking(outbound, last.part, part, last.key, last, is_template=True)
    if not await _has_news(turn, last):
        return None
    # The day is in the key: two jobs that run at once cannot both tell it.
    key = f"template:{chat.id}:{int(now.timestamp()) // _DAY_SECONDS}"
    return Asking(outbound, 1, part, key, is_template=True)


def _is_pending(last: Delivery) -> bool:
    return last.state == AGAIN or last.state in OPEN


async def _has_news(turn: Turn, last: Delivery | None) -> bool:
    told = turn.chat.template_at
    if told is None:
        return True
    if turn.now - told < TEMPLATE_EVERY:
        return False
    newest = await outbox.newest_waiting_at(turn.connection, turn.chat.id)
    never_arrived = last is not None and last.state == FAILED
    return never_arrived or (newest is not None and newest > told)
