"""A browser without JavaScript at the desk, and the staff who sit at it."""

from __future__ import annotations

import re
import time
import uuid
from html import unescape
from typing import Any

import pyotp
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.desk import invitation
from bot.gateway.keys import DATABASE
from bot.store import staff
from bot.store.staff import Account

PASSWORD = "seven quiet herons by the lake"
HTML = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "en"}


class Browser:
    """One browser: the last answer, its forms, its cookies."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.answer: ClientResponse | None = None
        self.status = 0
        self.page = ""

    async def get(self, path: str, **headers: str) -> str:
        answer = await self.client.get(path, headers=HTML | headers, allow_redirects=False)
        return await self._take(answer)

    async def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> str:
        """Send a form as it is, without the page's hidden fields."""
        answer = await self.client.post(
            path, data=fields, headers=HTML | (headers or {}), allow_redirects=False
        )
        return await self._take(answer)

    async def submit(self, path: str, **fields: str) -> str:
        """Send a form with the hidden fields of the page that is open."""
        return await self.post(path, **{**self.hidden(), **fields})

    def hidden(self) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="(\w+)"[^>]*value="([^"]*)"', self.page)
        return {name: unescape(value) for name, value in found if name != "next"}

    @property
    def location(self) -> str:
        assert self.answer is not None
        return self.answer.headers.get("Location", "")

    @property
    def text(self) -> str:
        """What stands on the page, without its markup."""
        body = re.sub(r"<(head|script|style).*?</\1>", "", self.page, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def cookie(self, name: str) -> str | None:
        address = self.client.make_url("/desk/x")
        jar = self.client.session.cookie_jar.filter_cookies(address)
        return jar[name].value if name in jar else None

    async def _take(self, answer: ClientResponse) -> str:
        self.answer, self.status, self.page = answer, answer.status, await answer.text()
        return self.page


class Member(Browser):
    """Somebody with an account, at a browser of their own."""

    def __init__(self, client: TestClient, account: Account, secret: str) -> None:
        super().__init__(client)
        self.account = account
        self.secret = secret

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(time.time()) + 30 * steps)

    async def log_in(self, steps: int = 1, **fields: str) -> str:
        """Log in with the code of the half minute after the one that set the account up."""
        await self.get("/desk/login")
        given = {"email": self.account.email, "password": PASSWORD, "code": self.code(steps)}
        return await self.submit("/desk/login", **{**given, **fields})


class Browsers:
    """Makes browsers and accounts at one desk."""

    def __init__(self, server: TestServer) -> None:
        self.server = server
        self.clients: list[TestClient] = []
        self.made = 0

    async def client(self) -> TestClient:
        client = TestClient(self.server)
        self.clients.append(client)
        return client

    async def new(self) -> Browser:
        return Browser(await self.client())

    async def invite(
        self, role: str, name: str = "", email: str = "", language: str = "en"
    ) -> tuple[Account, str]:
        """Make an account as the command does; give it with the invitation's path."""
        self.made += 1
        name = name or f"Ana {self.made} Pop"
        email = email or f"person-{uuid.uuid4().hex[:8]}@example.org"
        async with self.server.app[DATABASE].transaction() as connection:
            account = await staff.add(connection, email, name, name.split()[0], role, language)
            assert account
            key = await invitation.invite(connection, account)
        return account, f"/desk/invitation/{key}"

    async def member(self, role: str, **who: str) -> Member:
        """Give somebody who has set the account up over HTTP and is logged in."""
        account, path = await self.invite(role, **who)
        member = Member(await self.client(), account, "")
        await self.set_up(member, path)
        assert (member.status, member.location) == (303, "/desk"), member.text
        return member

    async def set_up(self, member: Member, path: str, **fields: str) -> None:
        await member.get(path)
        member.secret = secret_of(member.page)
        given = {"password": PASSWORD, "again": PASSWORD, "code": member.code()}
        await member.submit(path, **{**given, **fields})

    async def again(self, member: Member) -> Member:
        """Give the same person at another browser, not logged in."""
        return Member(await self.client(), member.account, member.secret)

    async def close(self) -> None:
        for client in self.clients:
            await client.session.close()


def secret_of(page: str) -> str:
    """Read the secret off the invitation's page."""
    found: Any = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert found, "the page shows no key"
    return found[1].replace(" ", "")
