"""`impreuna phone`: started and ended by itself, and how it joins the product."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.errors import SupervisorError
from bot.phone import joined
from bot.phone.account import account_of, new_account
from bot.phone.network import Network, Pace
from bot.phone.server import serving
from bot.settings import PROJECT, Settings

REAL = {
    "WHATSAPP_PHONE_NUMBER_ID": "12345",
    "WHATSAPP_ACCESS_TOKEN": "real-token",
    "WHATSAPP_APP_SECRET": "real-secret",
    "WHATSAPP_VERIFY_TOKEN": "real-verify",
    "WHATSAPP_GRAPH_VERSION": "v30.0",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def start(*arguments: str, **environment: str) -> Process:
    given = {name: value for name, value in os.environ.items() if name[:8] != "WHATSAPP"}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "phone", *arguments),
        cwd=PROJECT,
        env={**given, "PYTHONPATH": str(PROJECT), **environment},
        stdout=PIPE,
        stderr=PIPE,
    )


async def test_it_tells_the_settings_serves_and_ends_on_ctrl_c() -> None:
    port = free_port()
    process = await start(PHONE_PORT=str(port))
    assert process.stdout is not None
    lines = []
    while not lines or "MEDIA_HOSTS" not in lines[-1]:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line, "it ended"
        lines.append(line.decode().strip())
    told = dict(line[7:].split("=", 1) for line in lines if line.startswith("export "))
    assert Settings.from_env(told).whatsapp is not None
    assert told["WHATSAPP_GRAPH_URL"] == f"http://127.0.0.1:{port}"
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as answer:
        assert answer.status == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await start(PHONE_PORT=str(taken.getsockname()[1]))
        _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert b"PHONE_PORT" in errors


def test_beside_the_product_the_keys_of_a_real_number_are_not_used() -> None:
    settings = Settings.from_env(REAL)
    assert account_of(settings).access_token == "real-token"
    account = joined.own_account(settings)
    network = Network(account, "http://127.0.0.1:8081", Pace())
    environment = joined.product_command(network, {**REAL, "PORT": "8090"}).environment
    assert environment["PORT"] == "8090"
    assert not set(REAL.values()) & set(environment.values())
    assert environment["WHATSAPP_GRAPH_URL"] == "http://127.0.0.1:8081"


async def test_the_products_templates_are_approved() -> None:
    async with serving(new_account("http://127.0.0.1:1/"), 0) as network:
        await joined.approve_templates(network, os.environ)
        languages = {template.language for template in network.book.all()}
    assert {"en", "ar", "ro"} <= languages


async def test_a_product_that_ends_ends_the_phone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it was started with is what it needs to reach us."""
    written = tmp_path / "environment.json"
    program = tmp_path / "program.py"
    program.write_text(
        "import json, os, sys\n"
        "names = [name for name in os.environ if name.startswith('WHATSAPP')]\n"
        f"open({str(written)!r}, 'w').write(json.dumps(names))\n"
    )
    async with serving(new_account("http://127.0.0.1:1/"), 0) as network:
        command = joined.product_command(network, {})
        started = replace(command, arguments=[sys.executable, str(program)])
        monkeypatch.setattr(joined, "product_command", lambda *_: started)
        with pytest.raises(SupervisorError):
            await joined.keep_product(network, Settings(), {}, asyncio.Event())
    assert set(json.loads(written.read_text())) == set(network.account.environment("http://a"))
