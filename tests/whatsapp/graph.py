"""A stand-in for the Graph API that keeps what it is asked: enough for the way in."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class File:
    """What a person sent, at the provider's."""

    content: bytes
    mime_type: str = "image/jpeg"
    announced: bytes | None = None
    host: str | None = None
    redirect: str | None = None
    tokens: int = 0


@dataclass
class FakeGraph:
    """Accepts every message; gives files at addresses that are good once."""

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fetched: list[tuple[str, str | None]] = field(default_factory=list)
    media_statuses: list[int] = field(default_factory=list)
    file_statuses: list[int] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def sent(self) -> list[dict[str, Any]]:
        """The messages to people, without the signs of reading and typing."""
        return [post for post in self.posts if post.get("status") != "read"]

    async def message(self, request: web.Request) -> web.Response:
        self.posts.append(await request.json())
        return web.json_response({"messages": [{"id": f"wamid.{uuid.uuid4().hex}"}]})

    async def media(self, request: web.Request) -> web.Response:
        name = request.match_info["media"]
        self.asked.append(name)
        status = self.media_statuses.pop(0) if self.media_statuses else 200
        file = self.files.get(name)
        if status != 200 or file is None:
            error = {"code": 131000 if status != 200 else 100, "error_subcode": 33}
            return web.json_response({"error": error}, status=status if status != 200 else 400)
        digest = file.announced or hashlib.sha256(file.content).digest()
        file.tokens += 1
        return web.json_response(
            {
                "url": f"http://{file.host or self.host}/files/{name}?token={file.tokens}",
                "mime_type": file.mime_type,
                "sha256": base64.b64encode(digest).decode(),
                "file_size": len(file.content),
                "id": name,
            }
        )

    async def file(self, request: web.Request) -> web.Response:
        name = request.match_info["media"]
        file = self.files[name]
        self.fetched.append((request.query["token"], request.headers.get("Authorization")))
        status = self.file_statuses.pop(0) if self.file_statuses else 200
        if file.redirect:
            raise web.HTTPFound(file.redirect)
        current = request.query["token"] == str(file.tokens)
        if status != 200 or not current:
            return web.Response(status=status if status != 200 else 404)
        return web.Response(body=file.content)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/{version}/{number}/messages", self.message)
        app.router.add_get("/files/{media}", self.file)
        app.router.add_get("/{version}/{media}", self.media)
        return app
