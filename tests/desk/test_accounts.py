"""Accounts: invited, set up once, recovered by an administrator only, and never guessed."""

from __future__ import annotations

import asyncio
import io
import re
from html import unescape
from typing import Any

import pyotp
import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient
from argon2 import PasswordHasher, extract_parameters

from bot.desk import throttle, totp
from bot.desk.identity import read_email, read_name
from bot.desk.passwords import MAX_LENGTH, Passwords, weakness
from bot.store.logins import Limit
from tests.desk.browser import HTML, PASSWORD, Browsers, Member, secret_of
from tests.desk.conftest import CHEAP

OTHER = "nine old bridges over the river"


async def test_an_invitation_works_once_and_leads_into_the_desk(browsers: Browsers) -> None:
    account, path = await browsers.invite("counsellor")
    member = Member(await browsers.client(), account, "")
    await browsers.set_up(member, path)
    assert (member.status, member.location) == (303, "/desk")
    assert (await member.get("/desk/account")).count(account.email) >= 1
    late = await browsers.new()
    await late.get(path)
    assert late.status == 404
    assert "no longer works" in late.text
    await late.submit(path, password=OTHER, again=OTHER, code="000000", secret="x")
    assert late.status in {403, 404}


async def test_looking_at_an_invitation_does_not_use_it_up(browsers: Browsers) -> None:
    account, path = await browsers.invite("counsellor")
    curious = await browsers.new()
    await curious.get(path)
    seen = secret_of(curious.page)
    member = Member(await browsers.client(), account, "")
    await browsers.set_up(member, path)
    assert member.status == 303
    # What was seen before gives nothing away: each look draws another secret.
    assert member.secret != seen


async def test_two_who_use_the_same_link_at_once_get_one_account(browsers: Browsers) -> None:
    account, path = await browsers.invite("counsellor")
    rivals = [Member(await browsers.client(), account, "") for _ in range(4)]
    await asyncio.gather(*(browsers.set_up(rival, path) for rival in rivals))
    assert sorted(rival.status for rival in rivals) == [303, 404, 404, 404]


async def test_an_invitation_ends_after_two_days(browsers: Browsers, rows: Any) -> None:
    account, path = await browsers.invite("counsellor")
    left = rows("SELECT invite_until - now() AS left FROM staff WHERE id = %s", account.id)
    assert 47 * 3600 < left[0]["left"].total_seconds() <= 48 * 3600
    rows("UPDATE staff SET invite_until = now() - interval '1 second' WHERE id = %s", account.id)
    late = await browsers.new()
    await late.get(path)
    assert late.status == 404


async def test_a_sealed_secret_of_another_invitation_is_refused(browsers: Browsers) -> None:
    _, own_path = await browsers.invite("counsellor")
    account, path = await browsers.invite("administrator")
    member = Member(await browsers.client(), account, "")
    await member.get(own_path)
    foreign = {"secret": member.hidden()["secret"], "code": ""}
    member.secret = secret_of(member.page)
    foreign["code"] = member.code()
    await member.get(path)
    await member.submit(path, password=PASSWORD, again=PASSWORD, **foreign)
    assert member.status == 400
    assert "new picture" in member.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password": "short one", "again": "short one"}, "too short"),
        ({"again": OTHER}, "differ"),
        ({"code": "12345a"}, "does not fit"),
        ({"code": ""}, "does not fit"),
        ({"password": "x" * 400, "again": "x" * 400}, "too long"),
        ({"password": "aaaaaabbbbbb", "again": "aaaaaabbbbbb"}, "repeats"),
        ({"password": "Ana-Pop-2026!", "again": "Ana-Pop-2026!"}, "name or address"),
    ],
)
async def test_setting_up_says_what_is_wrong_and_keeps_the_secret(
    browsers: Browsers, fields: dict[str, str], said: str
) -> None:
    account, path = await browsers.invite("counsellor", name="Ana Pop")
    member = Member(await browsers.client(), account, "")
    await browsers.set_up(member, path, **fields)
    assert member.status == 400
    assert said in member.text
    assert secret_of(member.page) == member.secret
    # Nothing was stored: the same page goes on.
    given = {"password": PASSWORD, "again": PASSWORD, "code": member.code()}
    await member.submit(path, **given)
    assert member.status == 303


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("seven quiet herons", None),
        ("Mariana123456", "own_words"),
        ("mărîana-popescu-99", "own_words"),
        ("IMPREUNA-2026!", "own_words"),
        ("Mariana keeps seven herons", None),
        ("elevenchars", "too_short"),
        ("ababababababab", "too_plain"),
        ("k" * (MAX_LENGTH + 1), "too_long"),
        ("\x00" * 12, "too_plain"),
        ("пароль из семи слов", None),
    ],
)
def test_passwords_are_long_and_not_made_of_the_accounts_own_words(
    password: str, wrong: str | None
) -> None:
    own = ["Mariana Popescu", "mariana.popescu@ajutor.example.org"]
    assert weakness(password, own) == wrong


async def test_passwords_are_argon2id_and_typed_on_any_keyboard() -> None:
    real = Passwords()
    stored = await real.hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in stored
    assert await real.verify(stored, PASSWORD)
    assert not await real.verify(stored, PASSWORD + " ")
    assert not await real.verify(None, PASSWORD)
    assert not await real.verify("no hash at all", PASSWORD)
    cheap = Passwords(CHEAP)
    composed, decomposed = "parol\u0103 lung\u0103 bun\u0103", "parola\u0306 lunga\u0306 buna\u0306"
    assert await cheap.verify(await cheap.hash(composed), decomposed)
    # A lone half of a character can be typed by a program only; it is no crash.
    assert not await cheap.verify(await cheap.hash(composed), "\ud800" * 12)


async def test_a_login_without_account_takes_as_much_work_as_one_with() -> None:
    verified = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            verified.append(extract_parameters(str(hash)))
            return super().verify(hash, password)

    counted = Passwords(Counting(time_cost=1, memory_cost=1024, parallelism=1))
    await counted.verify(await counted.hash(PASSWORD), "not the password")
    await counted.verify(None, "not the password")
    with_account, without = verified
    assert with_account == without


def test_a_code_fits_half_a_minute_around_and_only_as_digits() -> None:
    secret, now = totp.new_secret(), 1_000_000_005.0
    step = int(now) // 30
    at = pyotp.TOTP(secret).at
    assert totp.step_of(secret, at(step * 30), now) == step
    spaced = at((step - 1) * 30)
    assert totp.step_of(secret, f" {spaced[:3]} {spaced[3:]} ", now) == step - 1
    assert totp.step_of(secret, at((step + 1) * 30), now) == step + 1
    assert totp.step_of(secret, at((step - 2) * 30), now) is None
    assert totp.step_of(secret, at((step + 2) * 30), now) is None
    arabic = at(step * 30).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for hostile in ("", "0", "0" * 1000, arabic, "１２３４５６", "\x00" * 6, "12345\n6", "-12345"):
        assert totp.step_of(secret, hostile, now) is None, hostile


async def test_the_qr_code_and_the_text_hold_the_same_key(browsers: Browsers) -> None:
    account, path = await browsers.invite("counsellor")
    page = await (await browsers.new()).get(path)
    secret = secret_of(page)
    assert len(secret) == 32
    svg = re.search(r'<svg.*?class="qr".*?</svg>', page, re.DOTALL)
    assert svg
    assert svg[0] == str(totp.qr_code(secret, account.email))
    assert "<svg" in svg[0] and "script" not in svg[0]
    assert secret in totp.address(secret, account.email)


async def test_the_same_code_never_works_twice(browsers: Browsers) -> None:
    member = await browsers.member("counsellor")
    second, third = await browsers.again(member), await browsers.again(member)
    # The code that set the account up is used up as well.
    await second.log_in(steps=0)
    assert second.status == 401
    await second.log_in(steps=1)
    assert second.status == 303
    await third.log_in(code=second.code(1))
    assert third.status == 401


async def test_the_same_code_at_the_same_moment_works_once(browsers: Browsers) -> None:
    member = await browsers.member("counsellor")
    rivals = [await browsers.again(member) for _ in range(4)]
    await asyncio.gather(*(rival.log_in(steps=1) for rival in rivals))
    assert sorted(rival.status for rival in rivals) == [303, 401, 401, 401]


async def test_every_failed_login_looks_the_same(browsers: Browsers, rows: Any) -> None:
    member = await browsers.member("counsellor")
    gone = await browsers.member("counsellor")
    rows("UPDATE staff SET disabled_at = now() WHERE id = %s", gone.account.id)
    invited, _ = await browsers.invite("counsellor")
    code = member.code(1)
    attempts = [
        {"email": member.account.email, "password": "not the password", "code": code},
        {"email": member.account.email, "password": PASSWORD, "code": "000000"},
        {"email": "nobody@example.org", "password": PASSWORD, "code": code},
        {"email": gone.account.email, "password": PASSWORD, "code": gone.code(1)},
        {"email": invited.email, "password": PASSWORD, "code": code},
        {"email": "", "password": "", "code": ""},
        {"email": "' OR 1=1 --", "password": PASSWORD, "code": code},
        {"email": f"{member.account.email}\x00", "password": PASSWORD, "code": code},
    ]
    pages = []
    for fields in attempts:
        browser = await browsers.new()
        await browser.get("/desk/login")
        await browser.submit("/desk/login", **fields)
        assert browser.status == 401
        assert browser.cookie("impreuna_desk") is None
        pages.append(re.sub(r'name="csrf" value="[^"]*"', "", browser.page))
    assert len(set(pages)) == 1
    wrong = [
        row["wrong"]
        for row in rows(
            "SELECT detail->>'wrong' AS wrong FROM audit WHERE action = 'login.failed' ORDER BY id"
        )
    ][-len(attempts) :]
    expected = ["password", "code", "account", "account", "account"]
    assert wrong[:5] == expected


async def test_guessing_one_account_is_slowed_down_and_says_nothing_of_it(
    browsers: Browsers, rows: Any
) -> None:
    member = await browsers.member("counsellor")
    limit = throttle.BY_ACCOUNT[0].most
    said = {}
    for email in (member.account.email, "nobody-at-all@example.org"):
        guesser = await browsers.new()
        await guesser.get("/desk/login")
        statuses = []
        for _ in range(limit + 2):
            await guesser.submit("/desk/login", email=email, password="guess", code="1")
            statuses.append(guesser.status)
        assert statuses == [401] * limit + [429] * 2
        assert int(guesser.answer.headers["Retry-After"]) > 60  # type: ignore[union-attr]
        said[email] = guesser.text
    assert len(set(said.values())) == 1
    # The right password does not get past it from an unknown browser…
    stranger = await browsers.again(member)
    await stranger.log_in()
    assert stranger.status == 429
    # …but whoever logged in here before is not locked out by others.
    await member.get("/desk/account")
    await member.submit("/desk/logout")
    await member.log_in()
    assert member.status == 303
    noted = rows("SELECT count(*) AS n FROM audit WHERE action = 'login.throttled'")
    assert noted[0]["n"] == 2


async def test_guesses_made_at_the_same_moment_count_each(browsers: Browsers) -> None:
    guesser = await browsers.new()
    await guesser.get("/desk/login")
    form = {**guesser.hidden(), "email": "p@example.org", "password": "guess", "code": "1"}

    async def guess() -> int:
        answer = await guesser.client.post("/desk/login", data=form, headers=HTML)
        return answer.status

    statuses = await asyncio.gather(*(guess() for _ in range(12)))
    assert sorted(statuses) == [401] * 5 + [429] * 7


async def test_guessing_from_one_address_is_slowed_down(
    browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "address_of", lambda request: "203.0.113.7")
    monkeypatch.setattr(throttle, "BY_ADDRESS", (Limit(6, 900),))
    guesser = await browsers.new()
    await guesser.get("/desk/login")
    statuses = []
    for number in range(8):
        email = f"other{number}@example.org"
        await guesser.submit("/desk/login", email=email, password="guess", code="1")
        statuses.append(guesser.status)
    assert statuses == [401] * 6 + [429] * 2


async def test_a_login_that_succeeds_forgets_the_failures(browsers: Browsers, rows: Any) -> None:
    member = await browsers.member("counsellor")
    browser = await browsers.again(member)
    for _ in range(3):
        await browser.log_in(password="not it")
    assert rows("SELECT count(*) AS n FROM login_failure")[0]["n"] == 3
    await browser.log_in()
    assert browser.status == 303
    assert rows("SELECT count(*) AS n FROM login_failure")[0]["n"] == 0


async def test_a_known_browser_of_one_account_is_unknown_to_another(browsers: Browsers) -> None:
    attacker = await browsers.member("counsellor")
    victim = await browsers.member("counsellor")
    await attacker.get("/desk/account")
    await attacker.submit("/desk/logout")
    await attacker.get("/desk/login")
    for _ in range(5):
        await attacker.submit("/desk/login", email=victim.account.email, password="x", code="1")
    stranger = await browsers.again(victim)
    await stranger.log_in()
    assert stranger.status == 429, "the attempts did not count for the account"


async def test_an_administrator_adds_an_account_and_sees_the_link_once(
    browsers: Browsers,
) -> None:
    boss = await browsers.member("administrator")
    await boss.get("/desk/staff")
    await boss.submit("/desk/staff", name="Ion Țepeș", email="Ion@Example.ORG ", role="counsellor")
    assert boss.status == 200
    link = re.search(r"http://localhost:8080(/desk/invitation/[\w-]{43})", boss.page)
    assert link
    assert link[1] not in await boss.get("/desk/staff")
    assert "ion@example.org" in boss.page
    newcomer = await browsers.new()
    await newcomer.get(link[1])
    assert newcomer.status == 200
    await boss.submit("/desk/staff", name="Ion", email="ion@example.org", role="translator")
    assert boss.status == 400
    assert "has an account already" in boss.text


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "emperor"},
        {"role": ""},
        {"email": "not an address"},
        {"email": "a@b"},
        {"email": f"{'a' * 300}@example.org"},
        {"email": "a@example.org\nBcc: b@example.org"},
        {"name": ""},
        {"name": "x" * 81},
        {"name": "Ana\u202egnp"},
        {"name": "Ana\x00"},
        {"name": "1234"},
    ],
)
async def test_no_account_is_made_of_nonsense(
    browsers: Browsers, rows: Any, fields: dict[str, str]
) -> None:
    boss = await browsers.member("administrator")
    await boss.get("/desk/staff")
    good = {"name": "Ion Pop", "email": "ion@example.org", "role": "counsellor"}
    await boss.submit("/desk/staff", **{**good, **fields})
    assert boss.status == 400
    assert rows("SELECT count(*) AS n FROM staff")[0]["n"] == 1


async def test_names_are_shown_as_text(browsers: Browsers) -> None:
    boss = await browsers.member("administrator")
    await boss.get("/desk/staff")
    name = '<img src=x onerror="alert(1)">'
    await boss.submit("/desk/staff", name=name, email="x@example.org", role="translator")
    assert boss.status == 200
    for path in ("/desk/staff", "/desk/audit"):
        page = await boss.get(path)
        assert "<img" not in page
        assert name in unescape(page)


async def test_a_recovery_ends_password_app_and_sessions(browsers: Browsers, rows: Any) -> None:
    boss = await browsers.member("administrator")
    member = await browsers.member("counsellor")
    await boss.get(f"/desk/staff/{member.account.id}")
    await boss.submit(f"/desk/staff/{member.account.id}/invite")
    link = re.search(r"/desk/invitation/[\w-]{43}", boss.page)
    assert link
    await member.get("/desk/account")
    assert member.status == 303, "the session went on"
    await member.log_in()
    assert member.status == 401, "the old password and app still work"
    old = member.secret
    await browsers.set_up(member, link[0], password=OTHER, again=OTHER)
    assert member.status == 303
    assert member.secret != old
    stored = rows("SELECT totp_secret FROM staff WHERE id = %s", member.account.id)
    assert member.secret.encode() not in bytes(stored[0]["totp_secret"])


async def test_disabling_ends_sessions_and_invitations_at_once(browsers: Browsers) -> None:
    boss = await browsers.member("administrator")
    member = await browsers.member("counsellor")
    invited, path = await browsers.invite("counsellor")
    for account in (member.account, invited):
        await boss.get(f"/desk/staff/{account.id}")
        await boss.submit(f"/desk/staff/{account.id}/disable")
        assert boss.status == 303
        assert "disabled" in (await boss.get(boss.location))
    await member.get("/desk/account")
    assert (member.status, member.location.split("?")[0]) == (303, "/desk/login")
    newcomer = await browsers.new()
    await newcomer.get(path)
    assert newcomer.status == 404


async def test_nobody_changes_the_own_account_from_the_accounts_page(browsers: Browsers) -> None:
    boss = await browsers.member("administrator")
    path = f"/desk/staff/{boss.account.id}"
    for act, fields in (
        ("/disable", {}),
        ("/invite", {}),
        ("", {"name": "Ana", "first_name": "Ana", "role": "counsellor"}),
    ):
        await boss.get(path)
        await boss.submit(path + act, **fields)
        assert boss.status == 403
    await boss.get("/desk/staff")
    assert boss.status == 200


async def test_two_administrators_cannot_disable_each_other(browsers: Browsers) -> None:
    one, other = await browsers.member("administrator"), await browsers.member("administrator")
    await asyncio.gather(one.get("/desk/staff"), other.get("/desk/staff"))
    await asyncio.gather(
        one.submit(f"/desk/staff/{other.account.id}/disable"),
        other.submit(f"/desk/staff/{one.account.id}/disable"),
    )
    # The second one comes too late: it lost its session or its right.
    went_through = [each.location.endswith("done=disabled") for each in (one, other)]
    assert sorted(went_through) == [False, True]


async def test_a_changed_role_counts_from_the_next_click(browsers: Browsers) -> None:
    boss, member = await browsers.member("administrator"), await browsers.member("administrator")
    await boss.get(f"/desk/staff/{member.account.id}")
    fields = {"name": "Ana Pop", "first_name": "Ani", "role": "translator"}
    await boss.submit(f"/desk/staff/{member.account.id}", **fields)
    assert (boss.status, boss.location) == (303, f"/desk/staff/{member.account.id}?done=saved")
    await member.get("/desk/staff")
    assert member.status == 403
    assert "Ani" in await member.get("/desk/account")


async def test_changing_the_password_needs_the_old_one_and_a_code(browsers: Browsers) -> None:
    member = await browsers.member("counsellor")
    new = {"password": OTHER, "again": OTHER}
    for fields in (
        {"current": "not it", "code": member.code(1), **new},
        {"current": PASSWORD, "code": "000000", **new},
        {"current": PASSWORD, "code": member.code(1), "password": "short", "again": "short"},
        {"current": PASSWORD, "code": member.code(1), "password": OTHER, "again": PASSWORD},
    ):
        await member.get("/desk/account")
        await member.submit("/desk/account/password", **fields)
        assert member.status == 400
    await member.submit("/desk/account/password", current=PASSWORD, code=member.code(1), **new)
    assert member.status == 303
    again = await browsers.again(member)
    await again.log_in(steps=1)
    assert again.status == 401


@pytest.mark.parametrize(
    "raw", ["a@b", "@example.org", "a b@example.org", "a@exa mple.org", "<a@example.org>", "a@-"]
)
def test_what_is_no_address_is_refused(raw: str) -> None:
    assert read_email(raw) is None


def test_addresses_and_names_have_one_form() -> None:
    assert read_email("  Ana.Pop@Example.ORG ") == "ana.pop@example.org"
    assert read_name("  Ana   Pop ") == "Ana Pop"
    assert read_name("S\u0326tefan") == "\u0218tefan"
    assert read_name("\ud800Ana") is None


async def test_nothing_personal_of_a_login_is_logged(
    browsers: Browsers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    member = await browsers.member("counsellor", name="Zamolxina Pop", email="zam@example.org")
    await member.log_in(password="sentinel-password-1")
    assert member.status in {303, 401}
    for word in ("Zamolxina", "zam@example.org", "sentinel-password-1", PASSWORD, member.secret):
        for record in caplog.records:
            if record.name.startswith("bot"):
                assert word not in record.getMessage()


async def test_hostile_requests_are_refused_without_a_crash(browsers: Browsers) -> None:
    client: TestClient = await browsers.client()
    answer = await client.post(
        "/desk/login",
        data=b"email=a&password=b",
        headers={**HTML, "Content-Type": "application/x-www-form-urlencoded; charset=nonsense"},
    )
    assert answer.status in {400, 403}
    upload = FormData({"password": io.BytesIO(b"a file")})
    answer = await client.post("/desk/login", data=upload, headers=HTML)
    assert answer.status in {400, 403}
    answer = await client.post("/desk/login", data=b"x=" + b"y" * 70_000, headers=HTML)
    assert answer.status in {403, 413}
    for path in (
        "/desk/invitation/" + "x" * 2000,
        "/desk/invitation/%00",
        "/desk/invitation/%ff%fe",
        "/desk/static/0/../../settings.py",
        "/desk/static/0/..%2f..%2fapp.py",
        "/desk/%00",
    ):
        answer = await client.get(path, headers=HTML)
        assert answer.status == 404, path
