"""People with a phone in the hand, and what stands on its screen."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

WINDOW_SECONDS = 24 * 3600
TYPING_SECONDS = 25.0
# Numbers that Ofcom keeps free for drama; nobody has them.
_FIRST = (
    {"name": "Samir", "phone": "447700900001"},
    {"name": "Ioana", "phone": "447700900002"},
    {"name": "Amina", "phone": "447700900003", "username": "amina.k", "hidden": True},
)


@dataclass
class Bubble:
    """One message on the screen, of either side.

    Attributes:
        sender: "business" or "person".
        status: accepted, sent, delivered, read, failed; of a person's own: sent, read.
        buttons: `{"title", "kind": reply|url|tap|location|list, ...}` below the text.
        sections: The rows of a list, by section.
        data: What came along and comes back with each status.
        error: Why it failed: `{"code", "title"}`.
    """

    id: str
    person: str
    sender: str
    kind: str
    at: float
    text: str = ""
    header: str | None = None
    footer: str | None = None
    status: str = "accepted"
    buttons: list[dict[str, Any]] = field(default_factory=list)
    sections: list[dict[str, Any]] = field(default_factory=list)
    media: dict[str, Any] | None = None
    place: dict[str, Any] | None = None
    quote: str | None = None
    reaction: str | None = None
    template: str | None = None
    data: str | None = None
    error: dict[str, Any] | None = None


@dataclass
class Person:
    """Somebody who writes to the business.

    Attributes:
        phone: Digits with the country's code, as in `wa_id`.
        user_id: The business-scoped user id.
        hidden: Whether the business sees the user id only.
        off: The phone is off: nothing is delivered.
        reads: Whether it tells that a message was read.
        heard_at: When the person last wrote, which opened the 24 hours; 0: never.
    """

    id: str
    name: str
    phone: str | None
    user_id: str | None
    username: str | None = None
    hidden: bool = False
    off: bool = False
    reads: bool = True
    heard_at: float = 0.0
    typing_until: float = 0.0
    bubbles: list[Bubble] = field(default_factory=list)

    @property
    def shown_phone(self) -> str | None:
        """The number, if the business may see it."""
        return None if self.hidden else self.phone

    def window_open(self, now: float) -> bool:
        """Tell whether the person wrote within 24 hours."""
        return bool(self.heard_at) and now - self.heard_at < WINDOW_SECONDS

    def find(self, message: str | None) -> Bubble | None:
        """Give a bubble by its id."""
        return next((bubble for bubble in self.bubbles if bubble.id == message), None)

    def view(self, now: float) -> dict[str, Any]:
        """Give what the page shows of the person, without the bubbles."""
        shown = {name: value for name, value in vars(self).items() if name != "bubbles"}
        return {
            **shown,
            "window_open": self.window_open(now),
            "typing": max(0.0, self.typing_until - now),
        }


class People:
    """Everybody who has a phone here."""

    def __init__(self) -> None:
        self._all: dict[str, Person] = {}
        self._count = 0
        for given in _FIRST:
            self.add(**given)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._all.values())

    def add(
        self,
        name: str,
        phone: str | None = None,
        username: str | None = None,
        hidden: bool = False,
        user_id: str | None = None,
    ) -> Person:
        """Add somebody; without a number the user id is all there is."""
        self._count += 1
        person = Person(
            id=f"p{self._count}",
            name=name,
            phone=phone,
            user_id=user_id or new_user_id(),
            username=username,
            hidden=hidden or not phone,
        )
        self._all[person.id] = person
        return person

    def get(self, identity: str) -> Person | None:
        """Give a person by the id that the page uses."""
        return self._all.get(identity)

    def by_phone(self, phone: str) -> Person | None:
        """Give the person with a number."""
        digits = "".join(filter(str.isdigit, phone))
        return next((person for person in self if digits and person.phone == digits), None)

    def by_user_id(self, user_id: str) -> Person | None:
        """Give the person with a business-scoped user id."""
        return next((person for person in self if person.user_id == user_id), None)

    def having(self, message: str) -> tuple[Person, Bubble] | None:
        """Give a bubble and whose phone shows it."""
        for person in self:
            bubble = person.find(message)
            if bubble:
                return person, bubble
        return None


def view(bubble: Bubble) -> dict[str, Any]:
    """Give what the page shows of a bubble."""
    return asdict(bubble)


def new_user_id(country: str = "RO") -> str:
    """Make a business-scoped user id."""
    return f"{country}." + "".join(secrets.choice(string.digits) for _ in range(20))


def new_message_id() -> str:
    """Make a message's id, as opaque as Meta's."""
    return f"wamid.{secrets.token_urlsafe(30)}"
