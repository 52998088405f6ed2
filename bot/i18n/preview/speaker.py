"""Says a message with sample values, in a language, and shows it as every channel would."""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bot.conversations.message import Choice
from bot.conversations.turn import Said, merge
from bot.errors import BotError
from bot.i18n.language import language
from bot.i18n.preview.channels import Bubble, Channel
from bot.i18n.preview.samples import Samples
from bot.i18n.responses import PLACEHOLDER, Rendered, Responses
from bot.i18n.sources import Sentence

_COUNTS = range(201)
"""Every form that a language has for counting is met by then."""


@dataclass(frozen=True)
class Showing:
    """One message on one channel, and what the channel cannot show as it should."""

    channel: Channel
    bubbles: tuple[Bubble, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """A message with one set of values; `count` is the number that decides its form, if any.

    `failure` says why it cannot be said at all.
    """

    showings: tuple[Showing, ...] = ()
    count: int | None = None
    failure: str = ""

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with it, each with its channel."""
        told = [f"{s.channel.title}: {fault}" for s in self.showings for fault in s.faults]
        return (*([self.failure] if self.failure else []), *told)


class Speaker:
    """Says messages by name.

    Args:
        responses: The domain's, with the catalogs.
        samples: What fills the placeholders.
        channels: Those that a message is shown on.
        languages: All that are on offer, for the messages that list them.
    """

    def __init__(
        self,
        responses: Responses,
        samples: Samples,
        channels: Sequence[Channel],
        languages: Sequence[str],
    ) -> None:
        self._responses = responses
        self._samples = samples
        self._channels = channels
        self._languages = languages

    def versions(
        self, name: str, told: Sequence[Sentence], tag: str, counts: Sequence[int], turns: int = 0
    ) -> Iterator[Version]:
        """Say a message in all its forms.

        Args:
            name: The message's name.
            told: Its sentences.
            tag: The language.
            counts: Numbers that meet every form of counting.
            turns: How many sets of values to go through; 0 means all there are.
        """
        names = _placeholders(told)
        counter = next((each.counter for each in told if each.counter), None)
        turns = turns or self._samples.turns(names)
        for turn, count in product(range(turns), counts if counter else [None]):
            values = self._samples.values(names, turn)
            if counter:
                values[counter] = {"number": count}
            yield self._version(name, tag, values, count)

    def _version(
        self, name: str, tag: str, values: Mapping[str, Any], count: int | None
    ) -> Version:
        choices = self._samples.choices(name, self._languages)
        try:
            body = _body(self._responses.render(name, tag, values, choices), tag)
            return Version(tuple(self._showings(body)), count)
        except (BotError, ValueError) as error:
            return Version(count=count, failure=f"it cannot be said: {error}")

    def _showings(self, body: Mapping[str, Any]) -> Iterator[Showing]:
        for channel in self._channels:
            bubbles = tuple(channel.show(body, self._responses))
            yield Showing(channel, bubbles, tuple(channel.faults(body, self._responses)))


def counts_of(plural_expr: str) -> list[int]:
    """Give a number for each form of counting that a language has."""
    form_of = gettext.c2py(plural_expr)
    # Numbers from 1 come first: a sentence seldom counts nothing.
    first = {form_of(count): count for count in (0, *reversed(_COUNTS[1:]))}
    return sorted(first.values())


def _placeholders(told: Sequence[Sentence]) -> set[str]:
    return {
        name
        for sentence in told
        for text in (sentence.english, sentence.other or "")
        for name in PLACEHOLDER.findall(text)
    }


def _body(rendered: Rendered, tag: str) -> Mapping[str, Any]:
    said = Said(
        text=rendered.text,
        name=rendered.name,
        choices=tuple(Choice(c.title, c.payload, c.description) for c in rendered.choices),
        numbered=rendered.numbered,
        links=tuple({"title": link.title, "url": link.url} for link in rendered.links),
    )
    merged = merge([said], tag, language(tag).direction)
    if merged is None:
        raise ValueError("a message that says nothing")
    return merged.body()
