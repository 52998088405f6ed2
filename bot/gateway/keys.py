"""What the application carries, typed and named in one place."""

from __future__ import annotations

from aiohttp import web

from bot.channels.web.assets import Assets
from bot.channels.web.page import Page
from bot.gateway.answers import Answers
from bot.gateway.hub import Hub
from bot.gateway.limits import Limiter
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Rasa
from bot.gateway.voice import Voice
from bot.settings import Settings
from bot.store.database import Database
from bot.store.vault import Vault

SETTINGS = web.AppKey("settings", Settings)
DATABASE = web.AppKey("database", Database)
VAULT = web.AppKey("vault", Vault)
RASA = web.AppKey("rasa", Rasa)
VOICE = web.AppKey("voice", Voice)
ANSWERS = web.AppKey("answers", Answers)
HUB = web.AppKey("hub", Hub)
METRICS = web.AppKey("metrics", Metrics)
ASSETS = web.AppKey("assets", Assets)
PAGE = web.AppKey("page", Page)
PERSON_LIMITER = web.AppKey("person_limiter", Limiter)
ADDRESS_LIMITER = web.AppKey("address_limiter", Limiter)
