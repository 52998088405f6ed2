"""Two npm libraries as a process: they read, judge and send what we read, render and send.

They are installed once, into a folder that git ignores; `peers.mjs` speaks for them.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

SOURCE = Path(__file__).parent
FOLDER = Path(__file__).parents[3] / "build" / "npm" / "peers"
INSTALL = ("npm", "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund")
PEERS = ("kapso", "whatsapp-api-js")


@dataclass(frozen=True)
class Verdict:
    """What one library says of one message; `posted` is what it would have sent itself."""

    peer: str
    knows: bool
    reason: str | None
    posted: Mapping[str, Any] | None


class Oracles:
    """Asks the libraries, one question after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def read(self, body: str) -> dict[str, Any]:
        """What the libraries find in a webhook's body."""
        return self._ask("read", body=body)

    def verify(self, secret: str, body: bytes, signature: str) -> dict[str, bool]:
        raw = base64.b64encode(body).decode()
        return self._ask("verify", secret=secret, body=raw, signature=signature)

    def judge(self, payloads: Sequence[Mapping[str, Any]]) -> list[list[Verdict]]:
        """Each library's verdict on each message."""
        return [
            [Verdict(peer=peer, **of_one[peer]) for peer in PEERS]
            for of_one in self._ask("judge", payloads=payloads)
        ]

    def send(
        self, peer: str, base: str, payload: Mapping[str, Any], **given: Any
    ) -> dict[str, Any]:
        """Post a message with a library's client; gives `answer` or `error`."""
        return self._ask("send", peer=peer, base=base, payload=payload, **given)

    def typing(self, base: str, **given: str) -> dict[str, Any]:
        return self._ask("typing", base=base, **given)

    def _ask(self, act: str, **question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"act": act, **question}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "said" in answer, answer
        return answer["said"]


@contextmanager
def listening() -> Iterator[Oracles]:
    """The process, with the libraries installed; without Node the test is skipped."""
    node = shutil.which("node")
    if node is None:
        _do_without("Node is absent")
    _install()
    process = subprocess.Popen(
        [node, "peers.mjs"],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield Oracles(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)


def _install() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Test processes that run beside each other install once.
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("package.json", "peers.mjs"):
            _copy(SOURCE / name, FOLDER / name)
        if not _is_installed():
            _run_npm()


def _copy(source: Path, target: Path) -> None:
    # Only what changed: a process beside this one may be reading it.
    content = source.read_bytes()
    if not target.exists() or target.read_bytes() != content:
        target.write_bytes(content)


def _is_installed() -> bool:
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return all(_version(name) == version for name, version in wanted.items())


def _version(name: str) -> str | None:
    file = FOLDER / "node_modules" / name / "package.json"
    if not file.exists():
        return None
    return str(json.loads(file.read_text(encoding="utf-8"))["version"])


def _run_npm() -> None:
    try:
        subprocess.run(INSTALL, cwd=FOLDER, check=True, capture_output=True, timeout=120)
    except (OSError, subprocess.SubprocessError) as err:
        _do_without(f"the peers could not be installed with npm: {err}")


def _do_without(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
