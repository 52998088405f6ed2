"""Who may import whom (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Package to what it may import of ours, besides itself.
ALLOWED = {
    "actions.law": set(),
    "actions": {"actions.law"},
    "bot.conversations": {"bot.errors"},
    "bot.safety": set(),
    "bot.i18n": {"bot.errors", "bot.conversations"},
    # A message is previewed as the channels themselves render it.
    "bot.i18n.preview.channels": {"bot.i18n", "bot.channels"},
    "bot.store": {"bot.errors", "bot.conversations", "bot.settings"},
    "bot.channels": {"bot.errors", "bot.conversations", "bot.settings"},
    "bot.vocabulary": set(),
    "bot.encoder": {"bot.errors", "bot.vocabulary"},
    "bot.nlu": {
        "bot.encoder",
        "bot.vocabulary",
        "bot.safety",
        "bot.i18n",
        "bot.model",
        "bot.errors",
    },
    "bot.nlg": {"bot.i18n", "bot.errors"},
    "bot.dialogue": {
        "bot.i18n",
        "bot.nlg",
        "bot.safety",
        "bot.errors",
        "bot.settings",
        "bot.model",
    },
    "bot.gateway": {
        "bot.errors",
        "bot.settings",
        "bot.conversations",
        "bot.channels",
        "bot.store",
        "bot.i18n",
        "bot.safety",
    },
    # It plays Meta and knows nothing of the product; `bot.supervisor` starts one beside it.
    "bot.desk": {
        "actions.law",
        "bot.errors",
        "bot.settings",
        "bot.conversations",
        "bot.channels",
        "bot.store",
        "bot.i18n",
        "bot.gateway",
    },
    "bot.phone": {"bot.errors", "bot.settings", "bot.supervisor", "bot.gateway.logs"},
}
# The joiners: they start the parts.
JOINERS = ("bot.cli", "bot.desk.cli", "bot.supervisor")


def modules() -> Iterator[tuple[str, Path]]:
    for folder in ("actions", "bot"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), file


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def package_of(name: str) -> str | None:
    fitting = [package for package in ALLOWED if within(name, package)]
    return max(fitting, key=len, default=None)


@pytest.mark.parametrize(("name", "file"), list(modules()), ids=lambda value: str(value)[-60:])
def test_a_module_imports_only_what_its_package_may(name: str, file: Path) -> None:
    package = package_of(name)
    if package is None or any(within(name, joiner) for joiner in JOINERS):
        return
    allowed = ALLOWED[package] | {package}
    wrong = [
        imported
        for imported in imports_of(file)
        if (within(imported, "bot") or within(imported, "actions"))
        and not any(within(imported, one) for one in allowed)
    ]
    assert not wrong, f"{name} may not import {wrong}"


def test_nothing_but_its_command_imports_the_phone() -> None:
    for name, file in modules():
        if not within(name, "bot.phone") and name != "bot.cli":
            assert not [i for i in imports_of(file) if within(i, "bot.phone")], name


def test_the_actions_never_import_the_bot() -> None:
    for name, file in modules():
        if within(name, "actions"):
            assert not [i for i in imports_of(file) if within(i, "bot")], name


def test_actions_have_no_package_named_like_another_one() -> None:
    """The SDK's import walk breaks on such a name."""
    import importlib.util

    for folder in (ROOT / "actions").iterdir():
        if folder.is_dir() and (folder / "__init__.py").exists():
            assert importlib.util.find_spec(folder.name) is None, folder.name


def test_actions_utter_names_and_never_text() -> None:
    for _name, file in modules():
        if not within(_name, "actions"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "utter_message":
                assert not node.args, f"{file}: utter_message takes names only"
                assert "text" not in {keyword.arg for keyword in node.keywords}, file


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        "bot.settings",
        "bot.cli",
        "bot.supervisor",
        "bot.dialogue.server",
        "bot.gateway.server",
        "bot.gateway.worker",
        "actions.operator",  # the actions' own reader: they never import bot
        "bot.nlu.understanding",  # quiets TensorFlow before it is imported
    }
    for name, file in modules():
        text = file.read_text(encoding="utf-8")
        if ("os.environ" in text or "getenv(" in text) and not any(
            within(name, reader) for reader in readers
        ):
            raise AssertionError(f"{name} reads the environment")
