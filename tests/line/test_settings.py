from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import errors
from bot.errors import BotError, ConfigError
from bot.settings import PROJECT, Secret, Settings


def test_all_wrong_settings_are_named_at_once_without_their_values() -> None:
    environ = {
        "PORT": "eighty",
        "DATABASE_URL": "mysql://user:hunter2@host/db",
        "IMPREUNA_RETENTION_DAYS": "0",
        "IMPREUNA_EMBED_ORIGINS": "https://ok.example https://x.example/path",
        "IMPREUNA_RASA_URL": "localhost:5005",
    }
    with pytest.raises(ConfigError) as raised:
        Settings.from_env(environ)
    for name in environ:
        assert name in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_secrets_never_print() -> None:
    settings = Settings.from_env({"DATABASE_URL": "postgresql://u:hunter2@h/db"})
    assert "hunter2" not in repr(settings) + str(settings)
    assert settings.require_database() == "postgresql://u:hunter2@h/db"
    assert "x" not in f"{Secret('x')}"


def test_what_only_the_operator_decides_has_no_default() -> None:
    operator = Settings.from_env({}).operator
    assert vars(operator) == dict.fromkeys(vars(operator))


def test_the_children_addresses_follow_their_ports() -> None:
    settings = Settings.from_env({"IMPREUNA_RASA_PORT": "6005", "IMPREUNA_ACTIONS_PORT": "6055"})
    assert settings.rasa_url == "http://127.0.0.1:6005"
    assert settings.actions_url == "http://127.0.0.1:6055/webhook"


def test_an_empty_variable_is_an_unset_one() -> None:
    assert Settings.from_env({"PORT": "", "IMPREUNA_MODEL": " "}) == Settings.from_env({})


def test_every_setting_stands_in_the_example_file() -> None:
    source = (PROJECT / "bot" / "settings.py").read_text()
    names = set(re.findall(r'reader\.get\(\s*"([A-Z_]+)"', source))
    assert len(names) > 15
    example = (PROJECT / ".env.example").read_text()
    assert set(re.findall(r"^#?\s?(?:IMPREUNA_)?([A-Z_]+)=", example, re.M)) == names


def test_the_example_file_can_be_read() -> None:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    pairs = [line.lstrip("# ") for line in lines if re.match(r"#?\s?[A-Z_]+=", line)]
    assert Settings.from_env(dict(pair.split("=", 1) for pair in pairs)).port == 8080


def test_every_error_has_a_code_of_its_own() -> None:
    kinds = [v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, BotError)]
    codes = [kind.code for kind in kinds]
    assert len(codes) == len(set(codes)) > 5
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in kinds)


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        str(path.relative_to(PROJECT))
        for folder in ("conversations", "store", "gateway", "channels", "supervisor")
        for path in Path(PROJECT / "bot" / folder).rglob("*.py")
        if re.search(r"getenv|environ\.get|environ\[", path.read_text())
    }
    # rasa-sdk takes its host from the environment only: there it is set, not read.
    assert readers == {"bot/supervisor/actions.py"}
