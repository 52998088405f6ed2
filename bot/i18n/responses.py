"""The bot's sentences: a response of `domain.yml`, by name, in a language, with its values.

The NLG renders with the model's domain, the gateway with the file. English stands in the domain
only; `msgctxt` is built from the response's name, so an edited sentence loses its translations
instead of keeping outdated ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.errors import BotError
from bot.i18n.catalogs import SOURCE_LANGUAGE, Catalogs
from bot.i18n.isolation import isolate_runs
from bot.i18n.language import language as language_of
from bot.i18n.values import Teller

# A sentence `utter_x` may have a sibling `utter_x_other`, said to whoever is not the sponsor.
ASKER, SPONSOR, OTHER_ASKER = "asker", "sponsor", "_other"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class UnknownResponse(BotError):
    """No response of that name stands in the domain."""

    code = "unknown_response"


class MissingValue(BotError):
    """A sentence names a value that nobody gave; it must not be said with a hole."""

    code = "missing_value"


@dataclass(frozen=True)
class Choice:
    """A choice on offer: what the person reads, and the payload that comes back."""

    title: str
    payload: str
    description: str | None = None


@dataclass(frozen=True)
class Link:
    """A link below a message."""

    title: str
    url: str


@dataclass(frozen=True)
class Rendered:
    """A response as it is said.

    `numbered` is false where a typed number is an answer, not the number of a choice. `metadata` is
    the domain's, as it stands there.
    """

    name: str
    text: str
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    numbered: bool = True
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Responses:
    """Renders the responses of a domain.

    Args:
        domain: The file `domain.yml`, or the domain (or its `responses`) as a mapping.
        catalogs: The translations.
    """

    def __init__(self, domain: Path | Mapping[str, Any], catalogs: Catalogs) -> None:
        content = _read(domain) if isinstance(domain, Path) else domain
        self._responses: Mapping[str, Any] = content.get("responses", content)
        self._catalogs = catalogs

    def __contains__(self, name: str) -> bool:
        return name in self._responses

    def names(self) -> Iterator[str]:
        """The names of all responses."""
        return iter(self._responses)

    def render(
        self,
        name: str,
        language: str | None,
        values: Mapping[str, Any] | None = None,
        choices: Sequence[Mapping[str, Any]] = (),
    ) -> Rendered:
        """Say a response in a language.

        Values are plain (texts, numbers) or typed, see `bot.i18n.values`. What has no finished
        translation is said in English, its values too. The value `asker` chooses between
        `utter_x` and `utter_x_other`. `choices` are added to the domain's own; their titles and
        descriptions are values.

        Raises:
            UnknownResponse: If the domain has no response of this name.
            MissingValue: If a placeholder has no value.
        """
        values = values or {}
        variant = self._variant(name, values)
        source = self._source(variant)
        voice = _Voice(self, self._catalogs, self._catalogs.resolve(language), values)
        metadata = source.get("metadata") or {}
        own = [voice.choice(variant, button) for button in source.get("buttons") or ()]
        return Rendered(
            name=name,
            text=voice.sentence(variant, source),
            choices=(*own, *map(voice.offer, choices)),
            links=tuple(voice.link(variant, link) for link in metadata.get("links") or ()),
            numbered=bool(metadata.get("numbered", True)),
            metadata=metadata,
        )

    def part(self, name: str, language: str | None, values: Mapping[str, Any]) -> str:
        """Say a response's text inside another one; raises as `render` does."""
        variant = self._variant(name, values)
        voice = _Voice(self, self._catalogs, self._catalogs.resolve(language), values)
        return voice.body(variant, self._source(variant))

    def _variant(self, name: str, values: Mapping[str, Any]) -> str:
        asker, other = values.get(ASKER), name + OTHER_ASKER
        return other if asker and asker != SPONSOR and other in self._responses else name

    def _source(self, name: str) -> Mapping[str, Any]:
        try:
            variants = self._responses[name]
        except KeyError:
            raise UnknownResponse(name) from None
        source: Mapping[str, Any] = variants[0]
        return source


class _Voice:
    """One rendering: a language and the values given."""

    def __init__(
        self, responses: Responses, catalogs: Catalogs, language: str, values: Mapping[str, Any]
    ) -> None:
        self._responses = responses
        self._catalogs = catalogs
        self._language = language
        self._values = values

    def sentence(self, name: str, source: Mapping[str, Any]) -> str:
        """The text as it is said: with a capital letter where a value comes first."""
        text = self.body(name, source)
        begins_with_value = (source.get("text") or "").startswith("{")
        return language_of(self._language).capitalised(text) if begins_with_value else text

    def body(self, name: str, source: Mapping[str, Any]) -> str:
        """The text as it stands inside another one: "your wife"."""
        plural = (source.get("metadata") or {}).get("plural")
        if plural:
            return self._plural(name, plural)
        return self._say(name, source.get("text") or "")

    def choice(self, name: str, button: Mapping[str, Any]) -> Choice:
        context = choice_context(name, button["payload"])
        description = button.get("description")
        return Choice(
            title=self._say(context, button["title"]),
            payload=button["payload"],
            description=self._say(f"{context}.description", description) if description else None,
        )

    def offer(self, choice: Mapping[str, Any]) -> Choice:
        description = choice.get("description")
        teller = self._teller(self._language)
        return Choice(
            title=teller.tell(choice["title"]),
            payload=choice["payload"],
            description=teller.tell(description) if description else None,
        )

    def link(self, name: str, link: Mapping[str, Any]) -> Link:
        return Link(self._say(link_context(name, link["url"]), link["title"]), link["url"])

    def _say(self, context: str, english: str) -> str:
        if not english:
            return ""
        found = self._catalogs.find(self._language, context, english)
        return self._fill(found or english, self._language if found else SOURCE_LANGUAGE)

    def _plural(self, name: str, plural: Mapping[str, Any]) -> str:
        count = self._count(plural["value"])
        found = self._catalogs.find_plural(self._language, name, plural["one"], count)
        english = plural["one"] if count == 1 else plural["other"]
        return self._fill(found or english, self._language if found else SOURCE_LANGUAGE)

    def _count(self, value_name: str) -> int:
        value = self._value(value_name)
        return int(value["number"] if isinstance(value, Mapping) else value)

    def _fill(self, text: str, language: str) -> str:
        teller = self._teller(language)
        fenced = isolate_runs(text, language_of(language).direction)
        return PLACEHOLDER.sub(lambda found: teller.tell(self._value(found.group(1))), fenced)

    def _teller(self, language: str) -> Teller:
        respond = partial(self._nested, language)
        return Teller(language_of(language), respond)

    def _nested(self, language: str, name: str, values: Mapping[str, Any]) -> str:
        return self._responses.part(name, language, {**self._values, **values})

    def _value(self, name: str) -> Any:
        value = self._values.get(name)
        if value is None:
            raise MissingValue(name)
        return value


def choice_context(name: str, payload: str) -> str:
    """The msgctxt of a choice's title: stable when other choices move.

    `/inform{"sponsor_status": "refugee"}` of `utter_ask_x` gives
    `utter_ask_x.inform.sponsor_status.refugee`.
    """
    intent, brace, rest = payload.lstrip("/").partition("{")
    parts = [name, intent]
    if brace:
        for key, value in sorted(json.loads(brace + rest).items()):
            parts += [key, value if isinstance(value, str) else json.dumps(value, sort_keys=True)]
    return ".".join(parts)


def link_context(name: str, url: str) -> str:
    """The msgctxt of a link's title."""
    return f"{name}.link.{url.partition('://')[2] or url}"


def _read(file: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return content
