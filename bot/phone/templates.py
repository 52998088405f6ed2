"""Approved templates: what Meta knows of them, and a message of one checked and shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.phone.refusal import Refusal

Node = Mapping[str, Any]
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_BAD_VALUE = re.compile(r"[\n\t]| {5}")


@dataclass(frozen=True)
class Template:
    """One template in one language, in the shape in which Meta is asked to approve it."""

    name: str
    language: str
    components: Sequence[Node]

    @property
    def body(self) -> str:
        """The body's text with its places."""
        return self._text("BODY")

    @property
    def footer(self) -> str | None:
        """The footer's text, if there is one."""
        return self._text("FOOTER") or None

    @property
    def header(self) -> str | None:
        """The header's text, if there is one."""
        return self._text("HEADER") or None

    @property
    def buttons(self) -> list[Node]:
        """The buttons in their order."""
        return [button for node in self._of("BUTTONS") for button in node.get("buttons", [])]

    def places(self) -> list[str]:
        """Give the names of the body's places, each once."""
        return list(dict.fromkeys(_PLACE.findall(self.body)))

    def fill(self, values: Mapping[str, str]) -> str:
        """Put values into the body's places."""
        return _PLACE.sub(lambda found: values[found[1]], self.body)

    def _text(self, kind: str) -> str:
        return next((str(node.get("text", "")) for node in self._of(kind)), "")

    def _of(self, kind: str) -> Iterator[Node]:
        return (node for node in self.components if str(node.get("type", "")).upper() == kind)


@dataclass(frozen=True)
class Filled:
    """A template as a person sees it.

    Attributes:
        taps: For each button its text, kind, and what comes back when it is tapped.
    """

    name: str
    text: str
    header: str | None
    footer: str | None
    taps: list[dict[str, Any]]


class Book:
    """All templates that are approved."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Template] = {}

    def add(self, node: Node) -> Template:
        """Take a template as it is submitted to Meta; it counts as approved at once.

        Raises:
            Refusal: If its name, language or components are missing.
        """
        name, language, components = (node.get(key) for key in ("name", "language", "components"))
        if not (name and language and isinstance(components, list)):
            raise Refusal(100, "A template needs a name, a language and components")
        template = Template(str(name), str(language), components)
        self._known[template.name, template.language] = template
        return template

    def all(self) -> list[Template]:
        """Give every template."""
        return list(self._known.values())

    def fill(self, node: Node) -> Filled:
        """Check a message's template against what was approved.

        Raises:
            Refusal: 132001 unknown, 132000 wrong count, 132012 wrong names, 132018 bad values.
        """
        language = str(node["language"]["code"])
        template = self._known.get((str(node["name"]), language))
        if template is None:
            raise Refusal(132001, f"template name does not exist in {language}", status=404)
        values = _values(template, _parameters(node, "body"))
        return Filled(
            template.name,
            template.fill(values),
            template.header,
            template.footer,
            _taps(template, node),
        )


def _values(template: Template, parameters: Sequence[Node]) -> dict[str, str]:
    places = template.places()
    if len(parameters) != len(places):
        raise Refusal(
            132000,
            f"body: number of localizable_params ({len(parameters)}) does not match"
            f" the expected number of params ({len(places)})",
        )
    # Named places carry their name along; numbered ones come in their order.
    names = [str(parameter.get("parameter_name", "")) for parameter in parameters]
    if any(names) and sorted(names) != sorted(places):
        raise Refusal(132012, "The names of the parameters are not those of the template")
    texts = [str(parameter.get("text", "")) for parameter in parameters]
    if not all(texts) or any(map(_BAD_VALUE.search, texts)):
        raise Refusal(132018, "Param text cannot be empty or have new-line/tab/5 spaces")
    return dict(zip(names if any(names) else places, texts, strict=True))


def _parameters(node: Node, kind: str) -> Sequence[Node]:
    return next(
        (
            component.get("parameters", [])
            for component in node.get("components", [])
            if str(component.get("type", "")).lower() == kind
        ),
        [],
    )


def _taps(template: Template, node: Node) -> list[dict[str, Any]]:
    payloads = {
        int(component.get("index", 0)): parameter.get("payload")
        for component in node.get("components", [])
        if str(component.get("type", "")).lower() == "button"
        for parameter in component.get("parameters", [])
    }
    if any(index >= len(template.buttons) for index in payloads):
        raise Refusal(132000, "buttons: there is no button with this index")
    return [
        {
            "title": str(button.get("text", "")),
            "kind": "url" if str(button.get("type", "")).upper() == "URL" else "tap",
            "url": button.get("url"),
            # Without a payload of its own the button's text comes back.
            "payload": payloads.get(index) or str(button.get("text", "")),
        }
        for index, button in enumerate(template.buttons)
    ]
