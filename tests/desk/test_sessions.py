"""Sessions: they end, they are listed, they cannot be borrowed."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bot.desk.forms import local_address
from tests.desk.browser import HTML, PASSWORD, Browsers

OTHER = "nine old bridges over the river"


async def test_without_a_session_there_is_only_the_login(browsers: Browsers) -> None:
    browser = await browsers.new()
    for path in ("/desk", "/desk/account", "/desk/staff", "/desk/audit"):
        await browser.get(path)
        assert browser.status == 303
        assert browser.location.startswith("/desk/login")
    answer = await browser.client.get("/desk/audit", headers={"Accept": "application/json"})
    assert answer.status == 401
    assert (await answer.json())["error"]["code"] == "unauthorized"


async def test_after_the_login_the_wanted_page_follows(browsers: Browsers) -> None:
    member = await browsers.member("administrator")
    browser = await browsers.again(member)
    await browser.get("/desk/audit?staff=1")
    assert browser.location == "/desk/login?next=%2Fdesk%2Faudit%3Fstaff%3D1"
    await browser.get(browser.location)
    await browser.submit(
        "/desk/login",
        email=member.account.email,
        password=PASSWORD,
        code=member.code(1),
        next="/desk/audit?staff=1",
    )
    assert (browser.status, browser.location) == (303, "/desk/audit?staff=1")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/desk",
        "//evil.example",
        "/\\evil.example",
        "/desk//evil.example",
        "/desk/../chat",
        "/desk\\@evil.example",
        "/desk/\r\nSet-Cookie: x=1",
        "/desk?x=<script>",
        '/desk"onload=',
        "javascript:alert(1)",
        "/chat",
        "/deskevil",
        "/desk/" + "a" * 600,
        "",
    ],
)
def test_nobody_is_sent_elsewhere(target: str) -> None:
    assert local_address(target) == (
        "/desk" if target != "/desk/../chat" else local_address(target)
    )
    assert not local_address(target).startswith(("//", "http"))


async def test_a_link_from_a_mail_reaches_the_page_although_the_cookie_is_strict(
    browsers: Browsers,
) -> None:
    browser = await browsers.new()
    await browser.get("/desk/audit?a=1&b=2", **{"Sec-Fetch-Site": "cross-site"})
    assert browser.status == 200
    assert 'content="0; url=/desk/audit?a=1&amp;b=2"' in browser.page
    await browser.get('/desk/"><script>', **{"Sec-Fetch-Site": "cross-site"})
    assert "script" not in browser.page


async def test_the_cookie_is_for_the_desk_only_and_out_of_reach_of_scripts(
    browsers: Browsers,
) -> None:
    account, path = await browsers.invite("counsellor")
    member = await browsers.member("counsellor")
    await member.get("/desk/account")
    browser = await browsers.again(member)
    await browser.log_in()
    assert browser.answer
    for name in ("impreuna_desk", "impreuna_desk_device"):
        morsel = browser.answer.cookies[name]
        assert morsel["httponly"]
        assert morsel["samesite"] == "Strict"
        assert morsel["path"] == "/desk"


async def test_the_key_is_stored_as_a_hash_only(browsers: Browsers, rows: Any) -> None:
    member = await browsers.member("counsellor")
    key = member.cookie("impreuna_desk")
    assert key
    stored = [bytes(row["hash"]) for row in rows("SELECT hash FROM staff_session")]
    assert hashlib.sha256(key.encode()).digest() in stored
    assert not any(key.encode() in each for each in stored)


@pytest.mark.parametrize(
    ("column", "age", "status"),
    [
        ("seen_at", "29 minutes", 200),
        ("seen_at", "31 minutes", 303),
        ("created_at", "11 hours 59 minutes", 200),
        ("created_at", "12 hours 1 minute", 303),
    ],
)
async def test_a_session_ends_after_its_time(
    browsers: Browsers, rows: Any, column: str, age: str, status: int
) -> None:
    member = await browsers.member("counsellor")
    rows(f"UPDATE staff_session SET {column} = now() - %s::interval", age)
    await member.get("/desk/account")
    assert member.status == status


async def test_a_click_keeps_a_session_and_what_a_page_asks_by_itself_does_not(
    browsers: Browsers, rows: Any
) -> None:
    member = await browsers.member("counsellor")

    async def age() -> float:
        return float(
            rows("SELECT extract(epoch FROM now() - seen_at) AS age FROM staff_session")[0]["age"]
        )

    rows("UPDATE staff_session SET seen_at = now() - interval '20 minutes'")
    rows("UPDATE staff SET seen_at = now() - interval '20 minutes'")
    await member.client.get("/desk/seen")
    assert await age() > 1000
    await member.get("/desk/account")
    assert await age() < 60
    seen = rows("SELECT now() - seen_at < interval '1 minute' AS now FROM staff")
    assert seen == [{"now": True}]


async def test_a_page_tells_that_somebody_is_there_and_renews_its_token(
    browsers: Browsers,
) -> None:
    member = await browsers.member("counsellor")
    token = (await member.client.get("/desk/seen")).headers["X-CSRF"]
    answer = await member.client.post("/desk/seen", headers={"X-CSRF": token})
    assert (answer.status, answer.headers["X-CSRF"]) == (204, token)
    assert (await member.client.post("/desk/seen")).status == 403
    assert (await member.client.post("/desk/seen", headers={"X-CSRF": "\xff\u0219"})).status == 403


async def test_logging_out_ends_the_session_at_the_server(browsers: Browsers) -> None:
    member = await browsers.member("counsellor")
    key = member.cookie("impreuna_desk")
    await member.get("/desk/account")
    await member.submit("/desk/logout")
    assert member.location == "/desk/login?out=1"
    thief = await browsers.new()
    await thief.get("/desk/account", Cookie=f"impreuna_desk={key}")
    assert thief.status == 303


async def test_sessions_are_listed_and_ended_one_by_one_or_all_others(
    browsers: Browsers, rows: Any
) -> None:
    member = await browsers.member("counsellor")
    others = []
    for _ in range(3):
        rows("UPDATE staff SET totp_step = 0")
        other = await browsers.again(member)
        await other.log_in(steps=0)
        assert other.status == 303
        others.append(other)
    page = await member.get("/desk/account")
    assert page.count('name="session"') == 5  # four browsers, and "everywhere else"
    assert page.count("this browser") == 1
    key = others[0].cookie("impreuna_desk") or ""
    await member.submit("/desk/account/sessions", session=hashlib.sha256(key.encode()).hexdigest())
    await others[0].get("/desk/account")
    assert others[0].status == 303
    await others[1].get("/desk/account")
    assert others[1].status == 200
    await member.get("/desk/account")
    await member.submit("/desk/account/sessions", session="others")
    for other in others:
        await other.get("/desk/account")
        assert other.status == 303
    await member.get("/desk/account")
    assert member.status == 200


async def test_nobody_ends_anothers_session(browsers: Browsers) -> None:
    member, victim = await browsers.member("counsellor"), await browsers.member("counsellor")
    key = victim.cookie("impreuna_desk") or ""
    for session in (hashlib.sha256(key.encode()).hexdigest(), "zz", "", "00" * 5000):
        await member.get("/desk/account")
        await member.submit("/desk/account/sessions", session=session)
    await victim.get("/desk/account")
    assert victim.status == 200


async def test_another_password_ends_every_session_but_a_new_one(
    browsers: Browsers, rows: Any
) -> None:
    member = await browsers.member("counsellor")
    rows("UPDATE staff SET totp_step = 0")
    other = await browsers.again(member)
    await other.log_in(steps=0)
    before = member.cookie("impreuna_desk")
    await member.get("/desk/account")
    fields = {"current": PASSWORD, "code": member.code(1), "password": OTHER, "again": OTHER}
    await member.submit("/desk/account/password", **fields)
    assert member.status == 303
    assert member.cookie("impreuna_desk") not in {None, before}
    await other.get("/desk/account")
    assert other.status == 303
    assert "changed" in await member.get(member.location)
    assert rows("SELECT count(*) AS n FROM staff_session")[0]["n"] == 1


@pytest.mark.parametrize(
    "key", ["", "x", "x" * 5000, "%00", "' OR 1=1 --", "\u0219\u021b", '"; Path=/']
)
async def test_made_up_keys_open_nothing(browsers: Browsers, key: str) -> None:
    browser = await browsers.new()
    await browser.get("/desk/account", Cookie=f"impreuna_desk={key}")
    assert browser.status in {303, 400}


async def test_a_form_without_its_token_is_refused(browsers: Browsers, rows: Any) -> None:
    member, other = await browsers.member("counsellor"), await browsers.member("counsellor")
    await other.get("/desk/account")
    for token in ("", "x", other.hidden()["csrf"], "\u0219" * 10):
        await member.post("/desk/account/language", csrf=token, language="ro")
        assert member.status == 403
        assert "Load it again" in member.text
    await member.get("/desk/account")
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
    ):
        form = {**member.hidden(), "language": "ro"}
        await member.post("/desk/account/language", headers, **form)
        assert member.status == 403, headers
    assert rows("SELECT 1 FROM staff WHERE language = 'ro'") == []
    await member.get("/desk/account")
    form = {**member.hidden(), "language": "ro"}
    await member.post(
        "/desk/account/language", {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, **form
    )
    assert member.status == 303


async def test_the_login_form_counts_only_from_our_own_page(browsers: Browsers) -> None:
    member = await browsers.member("counsellor")
    browser = await browsers.again(member)
    fields = {"email": member.account.email, "password": PASSWORD, "code": member.code(1)}
    await browser.post("/desk/login", **fields)
    assert browser.status == 403
    await browser.post("/desk/login", csrf="known-to-attacker", **fields)
    assert browser.status == 403
    await browser.get("/desk/login")
    await browser.submit("/desk/login", **fields)
    assert browser.status == 303


async def test_a_form_of_an_ended_session_leads_to_the_login(browsers: Browsers, rows: Any) -> None:
    member = await browsers.member("counsellor")
    await member.get("/desk/account")
    rows("DELETE FROM staff_session")
    await member.submit("/desk/account/language", language="ro")
    assert (member.status, member.location) == (303, "/desk/login?ended=1")
    answer = await member.client.post("/desk/logout", headers={"Accept": "application/json"})
    assert answer.status == 401


async def test_ended_sessions_and_old_failures_are_swept_at_the_next_login(
    browsers: Browsers, rows: Any
) -> None:
    member = await browsers.member("counsellor")
    rows("UPDATE staff_session SET seen_at = now() - interval '2 hours'")
    rows("INSERT INTO login_failure (who, at) VALUES ('\\x01', now() - interval '25 hours')")
    browser = await browsers.again(member)
    await browser.log_in()
    assert browser.status == 303
    assert rows("SELECT count(*) AS n FROM staff_session")[0]["n"] == 1
    assert rows("SELECT count(*) AS n FROM login_failure")[0]["n"] == 0


async def test_the_desk_is_framed_by_nobody_and_stored_nowhere(browsers: Browsers) -> None:
    member = await browsers.member("counsellor")
    await member.get("/desk/account")
    assert member.answer
    headers = member.answer.headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    chat = await member.client.get("/chat", headers=HTML)
    assert "https://partner.example" in chat.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in chat.headers
