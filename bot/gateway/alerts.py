"""Alerts: urgent handoffs by mail, every event by webhook; codes only, nothing personal.

A job carries the event's id; what it tells is read when it runs, so nothing is told of a
conversation that was erased meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.conversations.handoff_states import Event
from bot.gateway import mail, webhook_out
from bot.i18n.catalogs import (
    DEFAULT_LOCALES,
    DESK_CATALOG,
    SOURCE_LANGUAGE,
    Catalogs,
    Translator,
)
from bot.settings import Settings
from bot.store import alerts
from bot.store.alerts import News
from bot.store.database import Database

log = logging.getLogger(__name__)

_SUBJECT = "Împreună: {priority} {reference}"


class Alerts:
    """Sends what the settings ask for; without them, nothing."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        catalogs = Catalogs(DEFAULT_LOCALES, DESK_CATALOG)
        tags = {*catalogs.languages(), SOURCE_LANGUAGE}
        self._words = [Translator(catalogs, tag) for tag in sorted(tags, reverse=True)]

    async def mail(self, event: int) -> bool:
        """Tell staff of an event by mail.

        Returns:
            False if nothing was sent: no server is set, it was erased, or somebody has it.

        Raises:
            AlertFailed: If the mail server did not take it.
        """
        server = self._settings.mail
        news = await self._news(event) if server else None
        if server is None or news is None or news.taken:
            return False
        subject = _SUBJECT.format(priority=news.priority.upper(), reference=news.reference)
        message_id = f"<{_id(news)}@impreuna.invalid>"
        await mail.send(server, subject, self._text(news), message_id)
        log.info("mail sent about event %s", event)
        return True

    async def webhook(self, event: int) -> bool:
        """Tell another system of an event.

        Returns:
            False if nothing was sent: no address is set, or it was erased.

        Raises:
            AlertFailed: If the other system did not take it.
        """
        webhook = self._settings.webhook
        news = await self._news(event) if webhook else None
        if webhook is None or news is None:
            return False
        await webhook_out.post(webhook, _id(news), self.payload(news))
        return True

    def payload(self, news: News) -> Mapping[str, Any]:
        """Give what a webhook tells of an event."""
        return {
            "type": f"handoff.{news.event}",
            "timestamp": news.at.isoformat(timespec="milliseconds"),
            "data": {
                "handoff": news.handoff,
                "reference": news.reference,
                "state": news.state,
                "reason": news.reason,
                "priority": news.priority,
                "language": news.language,
                "channel": news.channel,
                "outcome": news.outcome,
                "url": self._link(news),
            },
        }

    async def _news(self, event: int) -> News | None:
        async with self._database.transaction() as connection:
            return await alerts.news(connection, event)

    def _text(self, news: News) -> str:
        """Write the mail in every language of the desk: nobody knows who reads it."""
        texts = [_text_in(words, news, self._link(news) or "") for words in self._words]
        return "\n\n".join(texts) + "\n"

    def _link(self, news: News) -> str | None:
        public = self._settings.public_url
        return f"{public.rstrip('/')}/desk/cases/{news.reference}" if public else None


def _text_in(words: Translator, news: News, link: str) -> str:
    if news.event == Event.REQUEST.value:
        headline = words.pgettext("desk", "A person waits for a counsellor.")
    elif news.event == Event.ESCALATE.value:
        headline = words.pgettext("desk", "Nobody has answered in time.")
    else:
        headline = words.pgettext("desk", "A request became more urgent.")
    lines = (
        (words.pgettext("desk", "Reference"), news.reference),
        (words.pgettext("desk", "Priority"), news.priority),
        (words.pgettext("desk", "Reason"), news.reason),
        (words.pgettext("desk", "Language"), news.language or "?"),
    )
    return "\n".join([headline, "", *(f"{name}: {value}" for name, value in lines), link])


def _id(news: News) -> str:
    return f"handoff-{news.handoff}-event-{news.event_id}"
