"""The hub: one connection that listens, and wakes this process's streams.

Any gateway serves any stream: a commit anywhere notifies all. A notification that is lost
while the connection is away costs nothing, for every stream is woken after a reconnect
and reads from its own seq.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from uuid import UUID

from bot.store.conversations import NOTIFICATIONS, TYPING
from bot.store.listening import listen


class Subscription:
    """What one stream waits on."""

    def __init__(self, conversation: UUID) -> None:
        self.conversation = conversation
        self._typing = False
        self._event = asyncio.Event()

    def wake(self, what: str | None = None) -> None:
        """Make the stream look."""
        self._typing = self._typing or what == TYPING
        self._event.set()

    def take_typing(self) -> bool:
        """Tell whether an answer began to be prepared since the last look."""
        typing, self._typing = self._typing, False
        return typing

    async def wait(self, seconds: float) -> bool:
        """Wait for a sign; False if none came in time."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        self._event.clear()
        return True


class Hub:
    """Listens on the database and wakes subscriptions by conversation."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._subscriptions: dict[str, set[Subscription]] = defaultdict(set)
        self.closing = False

    def subscribe(self, conversation: UUID) -> Subscription:
        """Start waiting for a conversation's news; `unsubscribe` must follow."""
        subscription = Subscription(conversation)
        self._subscriptions[str(conversation)].add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Stop waiting."""
        name = str(subscription.conversation)
        waiting = self._subscriptions.get(name)
        if waiting:
            waiting.discard(subscription)
            if not waiting:
                del self._subscriptions[name]

    def streams_of(self, conversation: UUID) -> int:
        """Tell how many subscriptions a conversation has here."""
        return len(self._subscriptions.get(str(conversation), ()))

    def close(self) -> None:
        """Make every stream end."""
        self.closing = True
        self._wake_all()

    async def run(self) -> None:
        """Listen until cancelled."""
        await listen(self._url, (NOTIFICATIONS,), self._wake_all, self._dispatch)

    def _dispatch(self, _: str, payload: str) -> None:
        conversation, _, what = payload.partition(" ")
        for subscription in tuple(self._subscriptions.get(conversation, ())):
            subscription.wake(what)

    def _wake_all(self) -> None:
        for waiting in tuple(self._subscriptions.values()):
            for subscription in tuple(waiting):
                subscription.wake()
