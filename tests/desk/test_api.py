"""The interface for mirrors: keys, what they open, and that nothing of a person goes out."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from aiohttp import ClientResponse

from tests.desk.browser import Browsers, Member
from tests.desk.cases import FATHER, Cases, act

API = "/desk/api/handoffs"
KEYS = "/desk/connections"
SENTINEL = "sentinelnadia"
FIELDS = set(
    "reference reason priority language state outcome opened_at updated_at waiting_since"
    " claimed_at answered_at closed_at".split()
)


@pytest.fixture
def cases(browsers: Browsers) -> Cases:
    return Cases.at(browsers.server)


async def make_key(boss: Member, scope: str = "read", name: str = "Zammad") -> str:
    await boss.get(KEYS)
    page = await boss.submit(KEYS, name=name, scope=scope)
    assert boss.status == 200, boss.text
    found = re.search(r'class="key">(impreuna_[\w-]+)<', page)
    assert found
    return unescape(found[1])


async def call(
    browsers: Browsers, path: str, key: str | None, method: str = "GET", **more: Any
) -> tuple[int, Any]:
    client = await browsers.client()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer: ClientResponse = await client.request(method, path, headers=headers, **more)
    return answer.status, json.loads(await answer.text())


async def test_nothing_opens_without_a_key(browsers: Browsers, cases: Cases) -> None:
    case = await cases.new()
    for key in (None, "", "x", "impreuna_" + "x" * 43, "impreuna_" + "x" * 5000, "\u00e9"):
        for path in (API, f"{API}/{case.reference}"):
            status, body = await call(browsers, path, key)
            assert (status, body["error"]["code"]) == (401, "unauthorized")
        status, _ = await call(
            browsers, f"{API}/{case.reference}/resolve", key, "POST", json={"outcome": "helped"}
        )
        assert status == 401
    assert (await case.row())["closed_at"] is None


async def test_a_login_at_the_desk_is_no_key(browsers: Browsers) -> None:
    ana = await browsers.member("counsellor")
    answer = await ana.client.get(API, allow_redirects=False)
    assert answer.status == 401
    await ana.get(API)
    assert ana.location == "/desk/login"


async def test_a_key_is_shown_once_and_kept_as_a_hash(browsers: Browsers, rows: Any) -> None:
    boss = await browsers.member("administrator")
    key = await make_key(boss)
    await boss.get(KEYS)
    assert "Zammad" in boss.text and key not in boss.page
    kept = rows("SELECT api_token::text AS row FROM api_token")[0]["row"]
    assert key not in kept and key.removeprefix("impreuna_") not in kept
    log = rows("SELECT action, detail FROM audit ORDER BY id DESC LIMIT 1")[0]
    assert log["action"] == "token.made" and log["detail"]["scope"] == "read"
    assert key not in str(log)


async def test_a_revoked_key_opens_nothing(browsers: Browsers, rows: Any) -> None:
    boss = await browsers.member("administrator")
    key = await make_key(boss)
    assert (await call(browsers, API, key))[0] == 200
    assert rows("SELECT used_at FROM api_token")[0]["used_at"]
    token = rows("SELECT id FROM api_token")[0]["id"]
    await boss.get(KEYS)
    await boss.submit(f"{KEYS}/{token}/revoke")
    assert (await call(browsers, API, key))[0] == 401
    assert rows("SELECT action FROM audit ORDER BY id DESC LIMIT 1")[0]["action"] == "token.revoked"


async def test_a_key_dies_with_its_makers_account(browsers: Browsers, rows: Any) -> None:
    boss = await browsers.member("administrator")
    key = await make_key(boss)
    rows("UPDATE staff SET disabled_at = now() WHERE id = %s", boss.account.id)
    assert (await call(browsers, API, key))[0] == 401


@pytest.mark.parametrize("role", ["counsellor", "coordinator", "translator"])
async def test_only_administrators_make_keys(browsers: Browsers, rows: Any, role: str) -> None:
    member = await browsers.member(role)
    await member.get(KEYS)
    assert member.status == 403
    await member.get("/desk/account")
    await member.submit(KEYS, name="Zammad", scope="read")
    assert member.status == 403
    assert rows("SELECT count(*) AS n FROM api_token")[0]["n"] == 0


@pytest.mark.parametrize(("name", "scope"), [("", "read"), ("Zammad", "all"), ("\u202e", "read")])
async def test_a_key_needs_a_name_and_a_scope(
    browsers: Browsers, rows: Any, name: str, scope: str
) -> None:
    boss = await browsers.member("administrator")
    await boss.get(KEYS)
    await boss.submit(KEYS, name=name, scope=scope)
    assert boss.status == 400
    assert rows("SELECT count(*) AS n FROM api_token")[0]["n"] == 0


async def test_a_handoff_is_told_in_codes_and_times_only(browsers: Browsers, cases: Cases) -> None:
    case = await cases.new("refusal", "deadline", language="ar", facts=FATHER, phone="40700111222")
    await case.writes(SENTINEL)
    ana = await browsers.member("counsellor", name="Ana Sentinelpop")
    await act(ana, case, "claim")
    await act(ana, case, "note", text=SENTINEL)
    await act(ana, case, "label", label=SENTINEL)
    key = await make_key(await browsers.member("administrator"))
    _, listed = await call(browsers, API, key)
    _, one = await call(browsers, f"{API}/{case.reference}", key)
    assert listed == {"handoffs": [one], "next": None}
    assert set(one) == FIELDS
    assert {name: one[name] for name in ("reference", "reason", "priority", "language")} == {
        "reference": case.reference,
        "reason": "refusal",
        "priority": "deadline",
        "language": "ar",
    }
    assert one["state"] == "with_agent" and one["claimed_at"].endswith("Z")
    for secret in (SENTINEL, "Sentinelpop", "Ana", "40700111222", str(case.conversation), "TR"):
        assert secret not in json.dumps(listed)


async def test_what_changed_since_comes_in_order_and_in_pages(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    for _ in range(103):
        await cases.new()
    # Some changed at the very same moment: none of them may be lost between two pages.
    rows("UPDATE handoff SET updated_at = '2026-01-01T00:00:00Z'")
    key = await make_key(await browsers.member("administrator"))
    _, first = await call(browsers, API, key)
    assert len(first["handoffs"]) == 100
    _, second = await call(browsers, API, key, params=first["next"])
    assert len(second["handoffs"]) == 3 and second["next"] is None
    seen = {each["reference"] for each in first["handoffs"] + second["handoffs"]}
    assert len(seen) == 103
    _, later = await call(browsers, f"{API}?since=2026-01-01T00:00:01Z", key)
    assert later["handoffs"] == []
    for since in ("2026-01-01T01:59:59+02:00", "2026-01-01T01:59:59%2B02:00"):
        _, found = await call(browsers, f"{API}?since={since}", key)
        assert len(found["handoffs"]) == 100


async def test_a_state_is_asked_for(browsers: Browsers, cases: Cases) -> None:
    waits, taken = await cases.new(), await cases.new()
    await act(await browsers.member("counsellor"), taken, "claim")
    key = await make_key(await browsers.member("administrator"))
    for state, case in (("waiting", waits), ("with_agent", taken)):
        _, found = await call(browsers, f"{API}?state={state}", key)
        assert [each["reference"] for each in found["handoffs"]] == [case.reference]


@pytest.mark.parametrize(
    "query",
    [
        "state=open",
        "state=",
        "since=yesterday",
        "since=2026-01-01",
        "since=2026-01-01T00:00:00",
        "since=0001-01-01T00:00:00%2B14:00",
        "since=9999-12-31T23:59:59-14:00",
        "after=-1",
        "after=x",
        "after=99999999999999999999999",
        "since=%00",
    ],
)
async def test_a_wrong_question_is_told_as_such(browsers: Browsers, query: str) -> None:
    key = await make_key(await browsers.member("administrator"))
    status, body = await call(browsers, f"{API}?{query}", key)
    assert status == 400
    assert set(body["error"]) == {"code", "message"}


async def test_a_key_to_read_closes_nothing(browsers: Browsers, cases: Cases) -> None:
    case = await cases.new()
    key = await make_key(await browsers.member("administrator"))
    path = f"{API}/{case.reference}/resolve"
    status, body = await call(browsers, path, key, "POST", json={"outcome": "helped"})
    assert (status, body["error"]["code"]) == (403, "scope")
    assert (await case.row())["state"] == "waiting"


@pytest.mark.parametrize("taken", [False, True])
async def test_a_key_that_may_closes_a_request_and_the_log_knows(
    browsers: Browsers, cases: Cases, rows: Any, taken: bool
) -> None:
    case = await cases.new()
    if taken:
        await act(await browsers.member("counsellor"), case, "claim")
    key = await make_key(await browsers.member("administrator"), "read_resolve")
    path = f"{API}/{case.reference}/resolve"
    status, body = await call(browsers, path, key, "POST", json={"outcome": "referred"})
    assert (status, body["state"], body["outcome"]) == (200, "closed", "referred")
    assert body["closed_at"]
    log = rows("SELECT conversation, detail FROM audit WHERE action = 'api.resolved'")[-1]
    assert log["conversation"] == case.conversation
    assert log["detail"]["outcome"] == "referred" and log["detail"]["token"]
    assert any("utter_handoff_closed" in body["names"] for body in await case.heard())
    status, body = await call(browsers, path, key, "POST", json={"outcome": "helped"})
    assert (status, body["error"]["code"]) == (409, "not_open")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "invalid_json"),
        ("[]", "invalid_json"),
        ('{"outcome": 1}', "invalid_json"),
        ("\u00e9\ud83d".encode("utf-16", "surrogatepass"), "invalid_json"),
        ('{"outcome": "won"}', "unknown_outcome"),
    ],
)
async def test_a_wrong_body_closes_nothing(
    browsers: Browsers, cases: Cases, body: Any, code: str
) -> None:
    case = await cases.new()
    key = await make_key(await browsers.member("administrator"), "read_resolve")
    status, told = await call(browsers, f"{API}/{case.reference}/resolve", key, "POST", data=body)
    assert told["error"]["code"] == code
    assert 400 <= status < 500
    assert (await case.row())["state"] == "waiting"


async def test_what_was_erased_is_gone(browsers: Browsers, cases: Cases, rows: Any) -> None:
    case = await cases.new()
    key = await make_key(await browsers.member("administrator"))
    assert (await call(browsers, f"{API}/{case.reference}", key))[0] == 200
    rows("DELETE FROM conversation WHERE id = %s", case.conversation)
    status, body = await call(browsers, f"{API}/{case.reference}", key)
    assert (status, body["error"]["code"]) == (404, "not_found")


async def test_no_key_is_ever_logged(browsers: Browsers, caplog: Any) -> None:
    key = await make_key(await browsers.member("administrator"))
    with caplog.at_level("DEBUG"):
        await call(browsers, f"{API}?state=x", key)
        await call(browsers, f"{API}/AAAA-BBBB", key)
    assert key not in caplog.text
