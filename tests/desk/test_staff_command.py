"""`impreuna staff`: the first account, a lost phone, the end of an account."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from bot.desk.cli import main
from bot.settings import Settings
from tests.desk.browser import Browsers, Member


async def run(settings: Settings, *arguments: str) -> int:
    return await asyncio.to_thread(main, arguments, settings)


async def test_the_command_makes_the_first_account(
    browsers: Browsers, desk_settings: Settings, capsys: pytest.CaptureFixture[str], rows: Any
) -> None:
    email = "maria@example.org"
    assert await run(desk_settings, "add", "Maria Popescu", email, "administrator") == 0
    out = capsys.readouterr().out
    link = re.search(r"http://localhost:8080(/desk/invitation/[\w-]{43})\n", out)
    assert link
    assert "48 hours" in out
    account = rows("SELECT * FROM staff WHERE email = %s", email)[0]
    assert (account["first_name"], account["language"]) == ("Maria", "ro")
    assert link[1].rsplit("/", 1)[1].encode() not in bytes(account["invite_hash"])
    found = [each for each in rows("SELECT * FROM audit") if each["action"] == "staff.added"]
    assert found[-1]["detail"] == {"staff": str(account["id"]), "role": "administrator"}
    assert found[-1]["staff_id"] is None
    browser = await browsers.new()
    await browser.get(link[1])
    assert browser.status == 200


async def test_the_public_address_stands_in_the_link(
    browsers: Browsers, desk_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(**{**vars(desk_settings), "public_url": "https://chat.example.org/"})
    assert await run(settings, "add", "Ion", "ion@example.org", "translator") == 0
    assert "  https://chat.example.org/desk/invitation/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "Ion", "not an address", "counsellor"), 2),
        (("add", "\u202e", "ion@example.org", "counsellor"), 2),
        (("invite", "nobody@example.org"), 1),
        (("invite", "not an address"), 1),
        (("disable", "nobody@example.org"), 1),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(
    browsers: Browsers,
    desk_settings: Settings,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
) -> None:
    assert await run(desk_settings, *arguments) == code
    err = capsys.readouterr().err
    assert err.startswith("impreuna: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [(), ("add",), ("add", "Ion", "i@example.org", "emperor"), ("promote", "x")]
)
def test_misuse_is_refused(desk_settings: Settings, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments, desk_settings)
    assert ended.value.code == 2


async def test_an_address_has_one_account(
    browsers: Browsers, desk_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(desk_settings, "add", "Ion", "ion@example.org", "translator") == 0
    capsys.readouterr()
    assert await run(desk_settings, "add", "Ion", "ION@example.org", "translator") == 1
    assert "staff invite" in capsys.readouterr().err


async def test_a_lone_administrator_gets_in_again(
    browsers: Browsers, desk_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    boss = await browsers.member("administrator")
    assert await run(desk_settings, "invite", boss.account.email) == 0
    link = re.search(r"(/desk/invitation/[\w-]{43})", capsys.readouterr().out)
    assert link
    await boss.get("/desk/account")
    assert boss.status == 303
    again = Member(await browsers.client(), boss.account, "")
    await browsers.set_up(again, link[1])
    assert again.status == 303


async def test_disabling_by_command_ends_the_session(
    browsers: Browsers, desk_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    member = await browsers.member("counsellor")
    assert await run(desk_settings, "disable", member.account.email) == 0
    assert "logged out everywhere" in capsys.readouterr().out
    assert await run(desk_settings, "disable", member.account.email) == 0
    assert "already" in capsys.readouterr().out
    await member.get("/desk/account")
    assert member.status == 303


async def test_the_list_shows_who_there_is_and_no_secret(
    browsers: Browsers, desk_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    member = await browsers.member("counsellor")
    await browsers.invite("translator", email="invited@example.org")
    assert await run(desk_settings, "list") == 0
    out = capsys.readouterr().out
    assert f"{member.account.email}\tcounsellor\tactive\t{member.account.name}" in out
    assert "invited@example.org\ttranslator\tinvited" in out
    assert "argon2" not in out
