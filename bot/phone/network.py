"""The network between the business and the phones: messages go both ways, statuses come back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.phone import notices
from bot.phone.account import Account
from bot.phone.clock import Clock
from bot.phone.faults import Faults
from bot.phone.files import Files
from bot.phone.limits import MEDIA_KINDS, check_message
from bot.phone.people import TYPING_SECONDS, Bubble, People, Person, new_message_id, view
from bot.phone.rates import Rates
from bot.phone.refusal import Refusal
from bot.phone.saying import SILENT, Saying
from bot.phone.showing import show
from bot.phone.tasks import Tasks
from bot.phone.templates import Book
from bot.phone.watching import Watching
from bot.phone.webhooks import FIRST_PAUSE, Webhooks

Node = Mapping[str, Any]
STATUS_SECONDS = 0.15
_NUMBER = re.compile(r"\+?[\d ()-]+")


@dataclass(frozen=True)
class Pace:
    """How fast things happen, in seconds.

    Attributes:
        status: Between two statuses of a message.
        repeat: Before a webhook that was not taken is first repeated.
    """

    status: float = STATUS_SECONDS
    repeat: float = FIRST_PAUSE


class Network:
    """The whole stand-in but its routes.

    Args:
        address: Where the stand-in itself is reached, for the addresses of files.
    """

    def __init__(self, account: Account, address: str, pace: Pace) -> None:
        self.account = account
        self.address = address
        self.clock = Clock()
        self.faults = Faults()
        self.rates = Rates()
        self.people = People()
        self.book = Book()
        self.files = Files(self.clock)
        self.watching = Watching()
        self.tasks = Tasks()
        self.webhooks = Webhooks(account, self.clock, self.faults, self.tasks, pace.repeat)
        self._pace = pace

    # --- from the business ---

    def accept(self, message: Node) -> dict[str, Any]:
        """Take a message that was posted; it is on its way when this returns.

        Returns:
            The answer's body.

        Raises:
            Refusal: If a limit, a rate or the window does not let it.
        """
        kind = check_message(message)
        person = self._recipient(message)
        filled = self.book.fill(message["template"]) if kind == "template" else None
        media = self._media(message, kind)
        now = self.clock.now()
        self.rates.check(f"{person.id} {person.phone} {person.user_id}", now)
        bubble = Bubble(new_message_id(), person.id, "business", kind, now)
        show(bubble, message, filled, media)
        self._check_delivery(person, bubble, now)
        person.typing_until = 0.0
        self._place(person, bubble, message)
        self.tasks.start(self._go(person, bubble))
        return _accepted(message, person, bubble)

    def mark_read(self, message: Node) -> None:
        """Turn the ticks of the person's messages blue, and show that we are writing.

        Raises:
            Refusal: If there is no such message.
        """
        identity = str(message.get("message_id", ""))
        found = self.people.having(identity)
        if found is None or found[1].sender != "person":
            raise Refusal(131009, "message_id is not the id of a message that came in")
        person, newest = found
        for bubble in person.bubbles:
            if bubble.sender == "person" and bubble.at <= newest.at and bubble.status != "read":
                bubble.status = "read"
                self._tell(bubble)
        if (message.get("typing_indicator") or {}).get("type") == "text":
            person.typing_until = self.clock.now() + TYPING_SECONDS
        self.tell(person)

    def _recipient(self, message: Node) -> Person:
        to, user_id = str(message.get("to") or ""), message.get("recipient")
        if _NUMBER.fullmatch(to):
            return self.people.by_phone(to) or _nobody(to)
        if to:
            return _nobody(None)  # a user id where a number belongs
        if not user_id:
            raise Refusal(131008, "The parameter to or recipient is required")
        return self.people.by_user_id(str(user_id)) or _nobody(None, str(user_id))

    def _media(self, message: Node, kind: str) -> Node | None:
        if kind not in MEDIA_KINDS or "id" not in message[kind]:
            return None
        file = self.files.get(str(message[kind]["id"]))
        if kind not in file.kinds():
            raise Refusal(131053, f"{file.base_type} cannot be sent as {kind}")
        return {"mime_type": file.mime_type, "url": f"/phone/media/{file.id}"}

    def _check_delivery(self, person: Person, bubble: Bubble, now: float) -> None:
        """Refuse at once what is outside the window, or let the message fail later."""
        late = None
        if person.id == "nobody":
            late = Refusal(131026, "The receiver is not a WhatsApp user")
        elif bubble.kind != "template" and not person.window_open(now):
            late = Refusal(131047, "More than 24 hours have passed since the person last wrote")
            if not self.faults.late_window:
                raise late
        elif self.faults.take("fail"):
            late = Refusal(self.faults.fail_code, "Failed on request")
        bubble.error = late.in_status() if late else None

    def _place(self, person: Person, bubble: Bubble, message: Node) -> None:
        if bubble.kind == "reaction":
            target = person.find(message["reaction"]["message_id"])
            if target:
                target.reaction = message["reaction"].get("emoji") or None
                self._tell(target)
            return
        person.bubbles.append(bubble)
        self._tell(bubble)
        self.tell(person)

    # --- what becomes of it ---

    async def _go(self, person: Person, bubble: Bubble) -> None:
        if person.phone is None and person.user_id is None:
            return  # lost without a word, as Meta does
        silent = self.faults.take("silent")
        for status in ("failed",) if bubble.error else ("sent", "delivered", "read"):
            await asyncio.sleep(self._pace.status)
            waits = person.off or (status == "read" and not person.reads)
            if waits and status in {"delivered", "read"}:
                return
            self.report(person, bubble, status, silent=silent)

    async def _arrive(self, person: Person) -> None:
        """Deliver what waited for the phone to be switched on."""
        for bubble in [each for each in person.bubbles if each.sender == "business"]:
            for status in ("delivered", "read"):
                ahead = {"delivered": ("sent",), "read": ("delivered",)}[status]
                if bubble.status in ahead and (status != "read" or person.reads):
                    await asyncio.sleep(self._pace.status)
                    self.report(person, bubble, status)

    def report(self, person: Person, bubble: Bubble, status: str, *, silent: bool = False) -> None:
        """Tell what became of a message, to the page and (unless silent) to the business."""
        bubble.status = status
        self._tell(bubble)
        if not silent:
            now = self.clock.now()
            self.webhooks.put(notices.status_value(self.account, person, bubble, status, now))

    # --- from a person ---

    def say(self, person: Person, given: Node) -> Bubble:
        """Send what a person says.

        Raises:
            Refusal: If it is not possible.
        """
        now = self.clock.now()
        kind = str(given.get("kind"))
        bubble = Bubble(new_message_id(), person.id, "person", kind, now, status="sent")
        saying = Saying(self.files, self.address, self.account.display_number)
        message = {"id": bubble.id, **saying.say(person, bubble, given)}
        if kind in SILENT:
            target = person.find(given.get("message"))
            if target:
                self._tell(target)
        else:
            person.heard_at = now
            person.bubbles.append(bubble)
            self._tell(bubble)
        self.rates.count_inbound(now)
        self.tell(person)
        self.webhooks.put(notices.message_value(self.account, person, message, now))
        return bubble

    def change_number(self, person: Person, phone: str) -> None:
        """Give a person another number, and tell the business."""
        old, person.phone = person.phone, phone
        self.tell(person)
        if old:
            now = self.clock.now()
            self.webhooks.put(notices.number_change_value(self.account, person, old, now))

    def switch(self, person: Person, *, off: bool) -> None:
        """Switch a phone off or on; what waited then arrives."""
        person.off = off
        self.tell(person)
        if not off:
            self.tasks.start(self._arrive(person))

    # --- to the page ---

    def tell(self, person: Person) -> None:
        """Tell the pages how a person is now."""
        self.watching.tell({"person": person.view(self.clock.now())})

    def _tell(self, bubble: Bubble) -> None:
        self.watching.tell({"bubble": view(bubble)})


def _nobody(phone: str | None, user_id: str | None = None) -> Person:
    return Person(id="nobody", name="", phone=phone, user_id=user_id)


def _accepted(message: Node, person: Person, bubble: Bubble) -> dict[str, Any]:
    contact = {"input": message.get("to") or message.get("recipient")}
    if person.phone and message.get("to"):
        contact["wa_id"] = person.phone
    if person.user_id:
        contact["user_id"] = person.user_id
    sent = {"id": bubble.id}
    if bubble.kind == "template":
        sent["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}
