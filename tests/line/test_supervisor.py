"""Migrations, the embedded database, children that die with their parent, backup and restore."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from aiohttp.test_utils import TestClient

from bot import cli
from bot.errors import SupervisorError
from bot.settings import PROJECT, Settings
from bot.store.migrations import migrate, migrations
from bot.supervisor import postgres
from bot.supervisor.backup import backup, restore
from bot.supervisor.embedded import OwnedByAnother, own_database, owned, reach_database
from bot.supervisor.keeper import Keeper
from bot.supervisor.places import find_places
from bot.supervisor.process import Child, Command
from bot.supervisor.up import commands, free_port, welcome, with_free_ports
from tests.line.person import Person


@pytest.fixture
def state() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="impreuna-up-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def gone(pid: int, seconds: float = 10.0) -> bool:
    ends = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < ends:  # noqa: ASYNC110 (another process)
        await asyncio.sleep(0.05)
    return not alive(pid)


@pytest.mark.parametrize(("port", "said"), [(8080, ": .venv/"), (9000, ": PORT=9000 .venv/")])
def test_the_command_for_the_first_account_knows_the_port(port: int, said: str) -> None:
    text = welcome(Settings(port=port))
    assert said in text
    assert f"http://localhost:{port}/chat" in text


async def test_migrations_run_once_also_when_many_start_together(postgres_url: str) -> None:
    applied = await asyncio.gather(*(migrate(postgres_url) for _ in range(3)))
    assert sorted(applied, key=len) == [[], [], [file.stem for file in migrations()]]
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() != (None,)


async def test_the_embedded_database_keeps_what_it_was_told(state: Path) -> None:
    settings = Settings(state_dir=state)
    async with own_database(settings) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
            listening = connection.execute("SHOW listen_addresses").fetchone()
        assert listening == ("",)
        pid = int((find_places(state).data / "postmaster.pid").read_text().splitlines()[0])
        # A command beside it uses the running one.
        async with reach_database(settings) as same:
            assert same == url
        with pytest.raises(OwnedByAnother):
            async with own_database(settings):
                pass
    assert not alive(pid)
    async with reach_database(settings) as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


async def test_the_database_of_a_killed_run_is_ended_and_its_data_is_there(state: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from bot.settings import Settings\n"
        "from bot.supervisor.embedded import own_database\n"
        "async def main():\n"
        "    async with own_database(Settings(state_dir=pathlib.Path(sys.argv[1]))) as url:\n"
        "        import psycopg\n"
        "        with psycopg.connect(url, autocommit=True) as c:\n"
        "            c.execute('CREATE TABLE kept AS SELECT 7 AS number')\n"
        "        print('ready', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, str(state)), cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    assert await asyncio.wait_for(parent.stdout.readline(), 30) == b"ready\n"
    pid = int((find_places(state).data / "postmaster.pid").read_text().splitlines()[0])
    parent.kill()
    await parent.wait()
    async with own_database(Settings(state_dir=state)) as url:
        assert not alive(pid)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


async def test_a_leftover_that_is_nobodys_child_is_ended(state: Path) -> None:
    places = find_places(state)
    await postgres.prepare(places)
    child = await Child.start(postgres.command(places))
    await postgres.wait_until_ready(places, child)
    await postgres.prepare(places)
    assert await asyncio.wait_for(child.wait(), 10) == 0


async def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from bot.supervisor.process import Child, Command\n"
        "async def main():\n"
        "    path = {'PATH': '/bin:/usr/bin'}\n"
        "    child = await Child.start(Command('sleep', ['sleep', '60'], path))\n"
        "    print(child._process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script), cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    pid = int(await asyncio.wait_for(parent.stdout.readline(), 20))
    assert alive(pid)
    parent.kill()
    await parent.wait()
    assert await gone(pid)


async def test_a_child_that_dies_is_started_again(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.supervisor.keeper.FIRST_PAUSE", 0.05)
    keeper = Keeper(Command("part", ["sh", "-c", "echo here; sleep 60"], {"PATH": "/bin:/usr/bin"}))
    first = await keeper.start()
    pid = first._process.pid
    os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if keeper.child is not first:
            break
        await asyncio.sleep(0.05)
    assert keeper.child is not None
    assert keeper.child._process.pid != pid
    await asyncio.sleep(0.2)
    await keeper.stop()
    assert not keeper.child.running
    assert "part    | here" in capfd.readouterr().err


async def test_a_child_that_does_not_listen_is_killed() -> None:
    stubborn = Command(
        "stubborn",
        ["sh", "-c", "trap '' TERM; while true; do sleep 0.1; done"],
        {"PATH": "/bin:/usr/bin"},
        grace=0.3,
    )
    child = await Child.start(stubborn)
    await asyncio.sleep(0.2)
    await child.stop()
    assert not child.running


async def test_a_child_stands_back_as_far_as_it_is_told() -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    child = await Child.start(Command("back", ["/bin/sleep", "30"], niceness=3))
    try:
        assert os.getpriority(os.PRIO_PROCESS, child._process.pid) == ours + 3
    finally:
        await child.stop()


async def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(SupervisorError, match="ghost"):
        await Child.start(Command("ghost", ["/nonexistent/ghost"]))


def test_only_one_run_owns_a_state_folder(state: Path) -> None:
    with owned(state), pytest.raises(OwnedByAnother), owned(state):
        pass
    with owned(state):
        pass


def test_the_parts_are_told_their_settings_and_kept_quiet() -> None:
    settings = Settings(rasa_port=6005).with_database("postgresql://x@/y?host=/z")
    for command in commands(settings, {"PATH": "/bin", "IMPREUNA_LOG_LEVEL": "ERROR"}):
        environment = command.environment
        assert environment["DATABASE_URL"] == "postgresql://x@/y?host=/z"
        assert environment["RASA_TELEMETRY_ENABLED"] == "false"
        assert environment["IMPREUNA_LOG_LEVEL"] == "ERROR"
        assert environment["IMPREUNA_RASA_PORT"] == "6005"


def test_jobs_have_a_process_of_their_own_unless_somebody_else_runs_them() -> None:
    settings = Settings(worker_concurrency=3).with_database("postgresql://x@/y?host=/z")
    told = {command.name: command.environment for command in commands(settings, {})}
    assert list(told) == ["rasa", "actions", "worker", "gateway"]
    assert told["worker"]["IMPREUNA_WORKER_CONCURRENCY"] == "3"
    assert told["gateway"]["IMPREUNA_WORKER_CONCURRENCY"] == "0"
    nice = {command.name: command.niceness for command in commands(settings, {})}
    assert nice["gateway"] < min(nice["rasa"], nice["actions"], nice["worker"])
    alone = Settings(worker_concurrency=0).with_database("postgresql://x@/y?host=/z")
    assert "worker" not in [command.name for command in commands(alone, {})]


def test_a_taken_port_is_left_to_who_has_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
        settings = Settings(rasa_port=port, rasa_url=f"http://127.0.0.1:{port}")
        moved = with_free_ports(settings, {})
        assert moved.rasa_url == f"http://127.0.0.1:{moved.rasa_port}" != settings.rasa_url
        assert with_free_ports(settings, {"IMPREUNA_RASA_PORT": str(port)}).rasa_port == port


async def test_a_restored_backup_does_not_bring_back_who_was_erased(
    client: TestClient, postgres_url: str, tmp_path: Path
) -> None:
    stays, goes = await Person.arrive(client), await Person.arrive(client)
    await stays.ask("stays here")
    await goes.ask("goes away")
    file = tmp_path / "backup"
    backup(postgres_url, file)
    assert file.stat().st_mode & 0o077 == 0
    await client.delete("/chat/conversation", headers=goes.headers)
    await stays.ask("after the backup")
    await client.close()
    assert await restore(postgres_url, file) == 1
    with psycopg.connect(postgres_url) as connection:
        texts = {text for (text,) in connection.execute("SELECT text FROM inbound").fetchall()}
    assert "stays here" in texts
    assert not texts & {"goes away", "after the backup"}


async def test_the_operator_erases_by_id_or_reference(
    client: TestClient, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    person = await Person.arrive(client)
    await person.ask("erased by hand")
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute(
            "SELECT conversation_id FROM inbound WHERE text = 'erased by hand'"
        ).fetchone()
    assert row
    assert await asyncio.to_thread(cli.main, ["erase", str(row[0])]) == 0
    assert await asyncio.to_thread(cli.main, ["erase", str(row[0])]) == 1
    assert await asyncio.to_thread(cli.main, ["erase", "H-NOBODY"]) == 1


def test_wrong_settings_end_a_command_with_all_of_them_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("IMPREUNA_RETENTION_DAYS", "soon")
    assert cli.main(["up"]) == 2
    error = capsys.readouterr().err
    assert "PORT" in error
    assert "IMPREUNA_RETENTION_DAYS" in error
