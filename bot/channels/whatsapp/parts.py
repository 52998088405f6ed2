"""What one message on WhatsApp can be, whoever it goes to.

A part within the limits is made by `render`; `build` makes the API's JSON of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Address:
    """Whom a message goes to; never printed.

    Attributes:
        phone: The number as it came (Brazil's and others may differ from what is dialled).
        user_id: The business-scoped user id, for people who show no number.
    """

    phone: str | None = field(default=None, repr=False)
    user_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Part:
    """One bubble."""


@dataclass(frozen=True)
class Text(Part):
    """Plain text, at most `limits.TEXT`."""

    text: str


@dataclass(frozen=True)
class Option:
    """A choice as it is shown; `id` comes back when it is taken."""

    id: str
    title: str
    description: str | None = None


@dataclass(frozen=True)
class Buttons(Part):
    """A text with up to three buttons below it."""

    body: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Menu(Part):
    """A text with a button that opens a list of up to ten rows."""

    body: str
    button: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Link(Part):
    """A text with one button that opens an address."""

    body: str
    title: str
    url: str


@dataclass(frozen=True)
class Document(Part):
    """A file that was uploaded before (`Client.upload`)."""

    media_id: str
    filename: str
    caption: str | None = None


@dataclass(frozen=True)
class Template(Part):
    """A sentence that Meta has approved, with one button whose `payload` comes back."""

    name: str
    language: str
    payload: str
