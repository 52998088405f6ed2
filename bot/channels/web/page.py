"""The chat page, rendered by Jinja2 from `templates/chat.html`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).with_name("templates")


class Page:
    """The templates, compiled once."""

    def __init__(self, folder: Path = TEMPLATES) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
        )

    def render(self, context: Mapping[str, Any]) -> str:
        """Render the page; the context's names stand in the template's head."""
        return self._environment.get_template("chat.html").render(context)
