"""Which role may do what: every pair of role and act, and every page behind one of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from aiohttp import web

from bot.desk import roles
from bot.desk.app import add_routes
from bot.desk.guard import everyone, is_guarded
from bot.desk.roles import Act, Role, may
from tests.desk.browser import HTML, Browsers

# Written down apart from the code: who may, by act.
EXPECTED = {
    "keep_own_account": "counsellor coordinator translator administrator",
    "see_conversations": "counsellor coordinator",
    "answer": "counsellor coordinator",
    "assign_others": "coordinator",
    "see_contact": "counsellor coordinator",
    "see_figures": "coordinator administrator",
    "see_uncertain": "counsellor coordinator translator",
    "label_uncertain": "counsellor coordinator translator",
    "export_examples": "coordinator translator",
    "see_translations": "coordinator translator administrator",
    "keep_accounts": "administrator",
    "read_audit": "administrator",
}
OPEN_TO_ALL = {"/desk/login", "/desk/invitation/{key}", "/desk/static/{digest}/{name}"}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("role", list(Role))
def test_every_pair_of_role_and_act(role: Role, act: Act) -> None:
    assert may(role.value, act) == (role.value in EXPECTED[act.value].split())


@pytest.mark.parametrize("role", ["", "admin", "Administrator", "administrator ", "None"])
def test_an_unknown_role_may_nothing(role: str) -> None:
    assert not any(may(role, act) for act in Act)


def test_the_table_holds_every_act() -> None:
    assert set(roles.TABLE) == set(Act)
    assert {act.value for act in Act} == set(EXPECTED)


async def test_every_page_of_the_desk_says_who_may_come_in(browsers: Browsers) -> None:
    found = []
    for route in browsers.server.app.router.routes():
        path = route.resource.canonical if route.resource else ""
        # Other systems come with a key, not with a session: see test_api.py.
        if path.startswith("/desk") and not path.startswith("/desk/api/"):
            found.append(path)
            assert is_guarded(route.handler), path
            act = getattr(route.handler, "desk_act")  # noqa: B009
            assert isinstance(act, Act) or path in OPEN_TO_ALL, path
    assert len(found) > 15


async def _unguarded(request: web.Request) -> web.Response:
    return web.Response()


async def _refused(request: web.Request) -> web.Response:
    return web.Response()


def test_a_page_without_a_guard_does_not_start() -> None:
    with pytest.raises(TypeError, match="not guarded"):
        add_routes(web.Application(), [web.get("/desk/x", _unguarded)])
    add_routes(web.Application(), [web.get("/desk/x", everyone(_refused))])


@pytest.mark.parametrize("role", [role.value for role in Role])
async def test_each_role_gets_its_pages_and_no_other(
    browsers: Browsers, rows: Any, role: str
) -> None:
    member = await browsers.member(role)
    someone, _ = await browsers.invite("counsellor")
    allowed = role == "administrator"
    for path in ("/desk/staff", f"/desk/staff/{someone.id}", "/desk/audit"):
        await member.get(path)
        assert member.status == (200 if allowed else 403), path
    before = rows("SELECT count(*) AS n FROM staff")[0]["n"]
    await member.get("/desk/account")
    assert member.status == 200
    assert ("Audit log" in member.text) == allowed
    for path in (
        "/desk/staff",
        f"/desk/staff/{someone.id}",
        f"/desk/staff/{someone.id}/invite",
        f"/desk/staff/{someone.id}/disable",
    ):
        await member.get("/desk/account")
        await member.submit(path, name="Ion", first_name="Ion", email="i@example.org", role=role)
        assert (member.status == 403) != allowed, path
    if not allowed:
        assert rows("SELECT count(*) AS n FROM staff")[0]["n"] == before
        refused = rows(
            "SELECT detail->>'act' AS act FROM audit WHERE staff_id = %s"
            " AND action = 'access.refused'",
            member.account.id,
        )
        assert {row["act"] for row in refused} == {"keep_accounts", "read_audit"}


async def test_every_form_needs_its_token_whatever_the_role(browsers: Browsers) -> None:
    boss = await browsers.member("administrator")
    tried = 0
    for route in browsers.server.app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if not path.startswith("/desk") or route.method in {"GET", "HEAD"}:
            continue
        if path.startswith("/desk/api/"):
            continue
        address = path.replace("{staff}", str(boss.account.id))
        address = re.sub(r"\{\w+\}", "1", address)
        answer = await boss.client.request(
            route.method, address, headers=HTML, data={"csrf": "forged"}, allow_redirects=False
        )
        assert answer.status == 403, path
        tried += 1
    assert tried >= 9
    await boss.get("/desk/account")
    assert boss.status == 200, "the session was ended by a forged form"


async def test_other_methods_are_not_taken(browsers: Browsers) -> None:
    boss = await browsers.member("administrator")
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = await boss.client.request(method, "/desk/staff", headers=HTML)
        assert answer.status == 405, method
