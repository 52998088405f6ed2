from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ConfigError, StoreError
from bot.settings import Secret, Settings
from bot.store.vault import Vault, kept_key, open_vault

KEY = bytes(range(32))


def test_what_is_sealed_opens_with_the_same_key_only() -> None:
    sealed = Vault(KEY).seal(b"+40 700 000 000")
    assert Vault(KEY).open(sealed) == b"+40 700 000 000"
    assert b"700" not in sealed
    assert Vault(KEY).seal(b"x") != Vault(KEY).seal(b"x")
    with pytest.raises(StoreError):
        Vault(bytes(32)).open(sealed)


@pytest.mark.parametrize("place", [0, 12, -1])
def test_what_was_changed_does_not_open(place: int) -> None:
    sealed = bytearray(Vault(KEY).seal(b"content"))
    sealed[place] ^= 1
    with pytest.raises(StoreError):
        Vault(KEY).open(bytes(sealed))


def test_a_hash_cannot_be_tried_out_without_the_key() -> None:
    assert Vault(KEY).hash("40700") == Vault(KEY).hash("40700")
    assert Vault(KEY).hash("40700") != Vault(bytes(32)).hash("40700")


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(kept_key, [tmp_path / "state"] * 40))
    assert len(keys) == 1
    assert [file.name for file in (tmp_path / "state").iterdir()] == ["encryption.key"]
    assert (tmp_path / "state" / "encryption.key").stat().st_mode & 0o077 == 0


def test_a_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "encryption.key").write_text("nothing")
    with pytest.raises(ConfigError, match="encryption.key"):
        kept_key(tmp_path)


def test_the_operators_key_comes_before_the_kept_one(tmp_path: Path) -> None:
    key = Secret(base64.urlsafe_b64encode(KEY).decode())
    vault = open_vault(replace(Settings(), state_dir=tmp_path, encryption_key=key))
    assert vault.open(Vault(KEY).seal(b"x")) == b"x"
    assert list(tmp_path.iterdir()) == []
