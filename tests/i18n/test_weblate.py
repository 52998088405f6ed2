"""Weblate finds our files where `locales/weblate.json` says."""

from __future__ import annotations

import json
from pathlib import Path

from bot.i18n import languages
from bot.i18n.sources import Sources

ROOT = Sources().root
COMPONENTS = json.loads((ROOT / "locales" / "weblate.json").read_text("utf-8"))


def test_every_catalog_and_its_template_belong_to_one_component() -> None:
    found = [path for part in COMPONENTS for path in ROOT.glob(part["filemask"])]
    assert sorted(found) == sorted((ROOT / "locales").rglob("*.po"))
    assert {ROOT / part["new_base"] for part in COMPONENTS} == set((ROOT / "locales").glob("*.pot"))


def test_the_chat_is_there_in_every_language_on_offer() -> None:
    chat = next(part for part in COMPONENTS if part["slug"] == "chat")
    tags = {Path(path).parts[-3] for path in ROOT.glob(chat["filemask"])}
    assert tags == set(languages())
