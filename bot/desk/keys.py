"""What the application and a request carry for the desk, typed and named in one place."""

from __future__ import annotations

from aiohttp import web
from jinja2 import Environment

from bot.channels.web.assets import Assets
from bot.desk.passwords import Passwords
from bot.desk.watch import Watch
from bot.gateway.handing_over import HandingOver
from bot.gateway.limits import Limiter
from bot.i18n import Catalogs
from bot.store.logins import Session

PASSWORDS = web.AppKey("passwords", Passwords)
DESK_ASSETS = web.AppKey("desk_assets", Assets)
DESK_CATALOGS = web.AppKey("desk_catalogs", Catalogs)
TEMPLATES = web.AppKey("desk_templates", Environment)
NOTED = web.AppKey("noted", Limiter)
"""How often the same refused login is written into the audit log."""
HANDING_OVER = web.AppKey("handing_over", HandingOver)
WATCH = web.AppKey("desk_watch", Watch)
POLICY = web.RequestKey("desk_policy", str)
"""The content security policy of an answer that wants another one than the desk's pages."""
SESSION = web.RequestKey("session", Session)
"""Set by `guard.allowed` on each request that it lets through."""
