"""Pictures, voice notes and files: opened for those who may, never as something that runs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.browser import Browsers
from tests.desk.cases import Cases


@pytest.fixture
def cases(browsers: Browsers) -> Cases:
    return Cases.at(browsers.server)


@pytest.mark.parametrize(
    ("kind", "mime_type", "sent_as", "how"),
    [
        ("image", "image/jpeg", "image/jpeg", "inline"),
        ("voice", "audio/ogg; codecs=opus", "audio/ogg", "inline"),
        ("video", "video/mp4", "video/mp4", "inline"),
        ("document", "application/pdf", "application/octet-stream", "attachment"),
        ("image", "image/svg+xml", "application/octet-stream", "attachment"),
        ("document", "text/html", "application/octet-stream", "attachment"),
        ("document", "IMAGE/SVG+XML; x=image/png", "application/octet-stream", "attachment"),
    ],
)
async def test_only_harmless_types_are_shown_in_place(
    browsers: Browsers, cases: Cases, kind: str, mime_type: str, sent_as: str, how: str
) -> None:
    case = await cases.new(phone="40700000020")
    number = await case.sends(kind, mime_type, b"<script>alert(1)</script>")
    ana = await browsers.member("counsellor")
    answer = await ana.client.get(f"/desk/media/{number}")
    assert answer.status == 200
    assert await answer.read() == b"<script>alert(1)</script>"
    headers = answer.headers
    assert headers["Content-Type"] == sent_as
    assert headers["Content-Disposition"].startswith(how)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


async def test_the_page_names_no_file_that_it_would_not_show(
    browsers: Browsers, cases: Cases
) -> None:
    case = await cases.new(phone="40700000021")
    picture = await case.sends("image", "image/png", b"x")
    vector = await case.sends("image", "image/svg+xml", b"x")
    ana = await browsers.member("counsellor")
    page = await ana.get(case.path)
    assert f'<img loading="lazy" src="/desk/media/{picture}"' in page
    assert f'src="/desk/media/{vector}"' not in page
    assert f'href="/desk/media/{vector}" download' in page


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("decizie.pdf", "decizie.pdf"),
        ('a"; filename="evil.html', "a_ filename_evil.html"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("line\r\nSet-Cookie: x=1", "line_Set-Cookie_ x_1"),
        ("قرار.pdf", "%D9%82%D8%B1%D8%A7%D8%B1.pdf"),
    ],
)
async def test_a_files_name_is_made_harmless(
    browsers: Browsers, cases: Cases, given: str, kept: str
) -> None:
    case = await cases.new(phone="40700000022")
    number = await case.sends("document", "application/pdf", b"x", given)
    ana = await browsers.member("counsellor")
    answer = await ana.client.get(f"/desk/media/{number}")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''" + kept.replace(" ", "%20")
    )
    assert "Set-Cookie" not in answer.headers


async def test_each_opening_is_in_the_log(browsers: Browsers, cases: Cases, rows: Any) -> None:
    case = await cases.new(phone="40700000023")
    number = await case.sends("voice", "audio/ogg", b"0123456789")
    ana = await browsers.member("counsellor")
    await ana.client.get(f"/desk/media/{number}")
    answer = await ana.client.get(f"/desk/media/{number}", headers={"Range": "bytes=4-6"})
    assert (answer.status, await answer.read()) == (206, b"456")
    assert answer.headers["Content-Range"] == "bytes 4-6/10"
    beyond = await ana.client.get(f"/desk/media/{number}", headers={"Range": "bytes=40-"})
    assert beyond.status == 416
    [entry] = rows(
        "SELECT * FROM audit WHERE action = 'media.opened' AND conversation = %s",
        case.conversation,
    )
    assert (entry["staff_id"], entry["conversation"]) == (ana.account.id, case.conversation)
    assert entry["detail"] == {"media": number}


async def test_only_staff_who_see_conversations_open_it(browsers: Browsers, cases: Cases) -> None:
    case = await cases.new(phone="40700000024")
    number = await case.sends("image", "image/png", b"x")
    for role in ("translator", "administrator"):
        other = await browsers.member(role)
        assert (await other.client.get(f"/desk/media/{number}")).status == 403
    nobody = await browsers.new()
    assert (await nobody.client.get(f"/desk/media/{number}")).status == 401


async def test_what_was_not_handed_over_or_is_not_here_is_not_found(
    browsers: Browsers, cases: Cases, rows: Any
) -> None:
    case = await cases.new(phone="40700000025")
    number = await case.sends("image", "image/png", b"x")
    ana = await browsers.member("counsellor")
    rows("UPDATE media SET state = 'lost' WHERE id = %s", number)
    assert (await ana.client.get(f"/desk/media/{number}")).status == 404
    rows("UPDATE media SET state = 'kept' WHERE id = %s", number)
    assert (await ana.client.get(f"/desk/media/{number}")).status == 200
    rows("DELETE FROM handoff")
    assert (await ana.client.get(f"/desk/media/{number}")).status == 404
    assert (await ana.client.get("/desk/media/999999999999999")).status == 404
