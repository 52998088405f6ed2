"""The audit log: it has everything, it holds nothing personal, nobody can change it."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.desk import audit
from bot.desk.app import add_desk, add_routes
from bot.desk.guard import allowed
from bot.desk.passwords import Passwords
from bot.desk.roles import Act
from bot.desk.staff_texts import action_texts
from bot.gateway.app import create_app
from bot.gateway.keys import DATABASE
from bot.i18n import Catalogs, Translator
from bot.settings import Settings
from bot.store import audit as log
from tests.desk.browser import PASSWORD, Browsers
from tests.desk.conftest import CHEAP
from tests.fakes import VOICE, spot


async def test_every_login_failure_and_change_is_in_the_log(browsers: Browsers, rows: Any) -> None:
    boss = await browsers.member("administrator")
    member = await browsers.member("counsellor")
    start = rows("SELECT max(id) AS id FROM audit")[0]["id"]
    stranger = await browsers.again(member)
    await stranger.log_in(password="not it")
    await stranger.log_in()
    await stranger.get("/desk/account")
    await stranger.submit("/desk/account/language", language="ro")
    await stranger.get("/desk/staff")
    await stranger.get("/desk/account")
    await stranger.submit("/desk/account/sessions", session="others")
    await stranger.get("/desk/account")
    await stranger.submit("/desk/logout")
    path = f"/desk/staff/{member.account.id}"
    for act, fields in (
        ("", {"name": "Ana", "first_name": "Ana", "role": "coordinator"}),
        ("/invite", {}),
        ("/disable", {}),
    ):
        await boss.get("/desk/staff")
        await boss.submit(path + act, **fields)
    await boss.get("/desk/staff")
    await boss.submit("/desk/staff", name="Ion", email="ion@example.org", role="translator")
    await boss.get("/desk/audit")
    found = rows("SELECT action, staff_id, detail FROM audit WHERE id > %s ORDER BY id", start)
    who = {member.account.id: "member", boss.account.id: "boss", None: "nobody"}
    assert [(row["action"], who[row["staff_id"]]) for row in found] == [
        ("login.failed", "nobody"),
        ("login.ok", "member"),
        ("account.language", "member"),
        ("access.refused", "member"),
        ("session.ended", "member"),
        ("login.ended", "member"),
        ("staff.changed", "boss"),
        ("staff.invited", "boss"),
        ("staff.disabled", "boss"),
        ("staff.added", "boss"),
        ("audit.read", "boss"),
    ]
    whom = str(member.account.id)
    assert [row["detail"].get("staff") for row in found if "staff." in row["action"]][:3] == [
        whom
    ] * 3
    assert found[0]["detail"]["staff"] == whom


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET action = 'nothing'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "TRUNCATE audit CASCADE",
    ],
)
async def test_the_database_lets_nobody_change_the_log(
    browsers: Browsers, rows: Any, statement: str
) -> None:
    await browsers.member("counsellor")
    before = rows("SELECT count(*) AS n FROM audit")[0]["n"]
    assert before
    with pytest.raises(psycopg.errors.RaiseException, match="grows only"):
        rows(statement)
    assert rows("SELECT count(*) AS n FROM audit")[0]["n"] == before


@pytest.mark.parametrize(
    "value",
    [
        "Ana Pop",
        "ana@example.org",
        "+40 21 312 62 10",
        "0213126210",
        "021-312",
        "her husband is in Turkey",
        "أحتاج",
        "x" * 65,
        "a\x00b",
        1.5,
        ["a"],
        {"a": "b"},
    ],
)
async def test_what_could_lead_to_a_person_is_refused(browsers: Browsers, value: Any) -> None:
    database = browsers.server.app[DATABASE]
    with pytest.raises(ValueError, match="ids, codes and counts"):
        async with database.transaction() as connection:
            await log.write(connection, "thing.done", detail={"what": value})


@pytest.mark.parametrize("action", ["", "Thing done", "x" * 65, "thing.Done", "a\nb", "1"])
async def test_an_action_is_a_code(browsers: Browsers, action: str) -> None:
    with pytest.raises(ValueError, match="a code"):
        async with browsers.server.app[DATABASE].transaction() as connection:
            await log.write(connection, action)


async def test_ids_codes_and_counts_are_taken(browsers: Browsers, rows: Any) -> None:
    given = uuid.uuid4()
    async with browsers.server.app[DATABASE].transaction() as connection:
        await audit.record(
            connection, "thing.done", None, given, reason="safety_plan", n=3, ok=True, none=None
        )
    row = rows("SELECT conversation, detail FROM audit ORDER BY id DESC LIMIT 1")[0]
    assert row["conversation"] == given
    assert row["detail"] == {"reason": "safety_plan", "n": 3, "ok": True, "none": None}


async def test_an_entry_goes_with_the_change_that_it_tells(browsers: Browsers, rows: Any) -> None:
    before = rows("SELECT count(*) AS n FROM audit")[0]["n"]
    with pytest.raises(RuntimeError):
        async with browsers.server.app[DATABASE].transaction() as connection:
            await audit.record(connection, "thing.done", None)
            raise RuntimeError
    assert rows("SELECT count(*) AS n FROM audit")[0]["n"] == before


CONVERSATION = uuid.uuid4()


@allowed(Act.SEE_CONVERSATIONS)
async def _show(request: web.Request) -> web.Response:
    await audit.viewed(request, CONVERSATION)
    return web.Response(text="shown")


async def test_a_look_at_a_conversation_is_noted_once_in_ten_minutes(
    desk_settings: Settings, rows: Any
) -> None:
    app = create_app(desk_settings, VOICE, spot)
    add_desk(app, Passwords(CHEAP))
    add_routes(app, [web.get("/desk/example", _show)])
    async with TestServer(app) as server:
        browsers = Browsers(server)
        one, other = await browsers.member("counsellor"), await browsers.member("coordinator")
        boss = await browsers.member("administrator")
        for each in (one, one, one, other):
            await each.get("/desk/example")
            assert each.page == "shown"
        await boss.get("/desk/example")
        assert boss.status == 403
        found = rows(
            "SELECT staff_id, conversation FROM audit WHERE action = 'conversation.viewed'"
        )
        assert [(row["staff_id"], row["conversation"]) for row in found] == [
            (one.account.id, CONVERSATION),
            (other.account.id, CONVERSATION),
        ]
        page = await boss.get(f"/desk/audit?conversation={CONVERSATION}")
        assert page.count("<tr>") == 3
        await browsers.close()
    rows("DELETE FROM staff")


async def test_the_log_is_read_by_who_what_and_page(browsers: Browsers) -> None:
    boss = await browsers.member("administrator")
    member = await browsers.member("counsellor")
    async with browsers.server.app[DATABASE].transaction() as connection:
        for number in range(205):
            await audit.record(connection, "thing.done", member.account, n=number)
    await boss.get("/desk/audit?action=thing.done")
    assert "n: 204" in boss.text and "n: 105" in boss.text and "n: 104" not in boss.text
    older = boss.page.split('class="button" href="?')[1].split('"')[0].replace("&amp;", "&")
    await boss.get(f"/desk/audit?{older}")
    assert "n: 104" in boss.text and "n: 5" in boss.text and "n: 4," not in boss.text
    await boss.get(f"/desk/audit?staff={boss.account.id}")
    assert "thing.done" not in boss.text.split("To whom or what")[1]
    await boss.get(f"/desk/audit?staff={uuid.uuid4()}")
    assert "Nothing is found" in boss.text


@pytest.mark.parametrize(
    "query",
    [
        "before=-1",
        "before=99999999999999999999999999",
        "before=9223372036854775807",
        "before=%D9%A3",
        "before='--",
        "staff=x",
        "staff=%00",
        "action=%00",
        "action=%ff",
        "action='%20OR%201=1",
        "conversation=%F0%9F%92%A9",
        "action=" + "a" * 3000,
    ],
)
async def test_hostile_filters_do_no_harm(browsers: Browsers, query: str) -> None:
    boss = await browsers.member("administrator")
    page = await boss.get(f"/desk/audit?{query}")
    assert boss.status == 200
    assert "<script>alert" not in page


def test_every_action_that_the_desk_writes_has_a_text() -> None:
    import re
    from pathlib import Path

    import bot.desk

    texts = action_texts(Translator(Catalogs(), "en"))
    found = set()
    for file in Path(bot.desk.__file__).parent.glob("*.py"):
        code = file.read_text(encoding="utf-8")
        found |= set(re.findall(r'audit\.record\(\s*connection,\s*"([a-z_.]+)"', code))
    assert len(found) > 8
    assert found <= set(texts)


async def test_no_password_code_or_address_is_in_the_log(browsers: Browsers, rows: Any) -> None:
    member = await browsers.member("counsellor", email="sentinel@example.org")
    await (await browsers.again(member)).log_in(password="sentinel password")
    await (await browsers.again(member)).log_in(email="sentinel-typo@example.org")
    text = " ".join(row["line"] for row in rows("SELECT audit::text AS line FROM audit"))
    assert "login.failed" in text
    for word in ("sentinel", "example.org", PASSWORD, "127.0.0.1"):
        assert word not in text
