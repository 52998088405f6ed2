"""What holds for every request: errors in one shape, limits, headers, origins."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.errors import BotError, InboundRejected, TooMany
from bot.gateway.keys import ADDRESS_LIMITER, METRICS, PERSON_LIMITER, SETTINGS
from bot.gateway.logs import describe
from bot.gateway.visitor import COOKIE, address_of
from bot.settings import Settings, is_loopback
from bot.store.conversations import hash_token

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_UNLIMITED = "unlimited"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def error_response(status: int, code: str, message: str) -> web.Response:
    """Make the one shape of an error."""
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every failure into the one shape; what is unexpected is logged without its words."""
    try:
        response = await handler(request)
    except InboundRejected as error:
        response = error_response(error.http_status, error.reason, str(error))
        _add_retry_after(response, error)
    except BotError as error:
        log.error("%s %s failed: %s", request.method, _route(request), describe(error))
        response = error_response(error.status, error.code, "Not possible for now. Try again.")
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code = _CODES.get(error.status, f"http_{error.status}")
        response = error_response(error.status, code, error.reason)
    except Exception as error:
        log.error("%s %s failed: %s", request.method, _route(request), describe(error))
        response = error_response(500, "internal", "Something of ours went wrong.")
    request.app[METRICS].responses.labels(str(response.status)).inc()
    return response


@web.middleware
async def limits(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Slow down who writes more often than a person can."""
    if request.method not in _SAFE_METHODS and not _is_unlimited(request):
        now = time.monotonic()
        _check_address(request, now)
        _check_person(request, now)
    return await handler(request)


def unlimited(handler: Handler) -> Handler:
    """Mark a handler that no person calls: a provider writes for everybody from few addresses."""
    setattr(handler, _UNLIMITED, True)
    return handler


def _is_unlimited(request: web.Request) -> bool:
    return getattr(request.match_info.handler, _UNLIMITED, False) is True


def _check_address(request: web.Request, now: float) -> None:
    address = address_of(request)
    # From loopback comes a proxy whose header is not trusted: everybody at once.
    if not is_loopback(address):
        _raise_if(request.app[ADDRESS_LIMITER].take(address, now))


def _check_person(request: web.Request, now: float) -> None:
    key = request.headers.get("Authorization") or request.cookies.get(COOKIE)
    if key:
        _raise_if(request.app[PERSON_LIMITER].take(hash_token(key).hex(), now))


def _raise_if(seconds: float) -> None:
    if seconds:
        raise TooMany("Too many messages for now. Wait a little.", retry_after=int(seconds))


def _add_retry_after(response: web.Response, error: InboundRejected) -> None:
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)


@web.middleware
async def origins(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the pages of embedding partners call the chat, with the key and never a cookie."""
    if request.method == "OPTIONS" and _embedding(request):
        return web.Response(status=204, headers=_preflight())
    return await handler(request)


def _embedding(request: web.Request) -> str | None:
    """Give the origin of a partner's page that calls the chat, if one does."""
    origin = request.headers.get("Origin")
    allowed = origin in request.app[SETTINGS].embed_origins and request.path.startswith("/chat/")
    return origin if allowed else None


def _preflight() -> dict[str, str]:
    return {
        "Access-Control-Allow-Methods": "GET, POST, DELETE",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
        "Access-Control-Max-Age": "3600",
    }


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add what tells the browser to trust nothing but this page (signal `on_response_prepare`)."""
    settings = request.app[SETTINGS]
    response.headers.setdefault("Content-Security-Policy", content_policy(settings))
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if settings.secure_cookies():
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    origin = _embedding(request)
    if origin:
        response.headers.update({"Access-Control-Allow-Origin": origin, "Vary": "Origin"})


def content_policy(settings: Settings) -> str:
    """Make the content security policy: our own files only, no inline script."""
    exit_parts = urlsplit(settings.exit_url)
    # A form that leads away (quick exit) is checked against its redirect's target as well.
    exit_origin = f"{exit_parts.scheme}://{exit_parts.netloc}"
    framers = " ".join(["'self'", *settings.embed_origins])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
        f"form-action 'self' {exit_origin}; frame-src 'self'; frame-ancestors {framers}"
    )


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown path"
