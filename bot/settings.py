"""Settings: the only reader of the environment.

`Settings.from_env(os.environ)` is called once, in a command's entry point; everything
else is given a `Settings`. Tests build one directly. What an operator has to decide
(who is responsible for the data, how long it is kept) has no default: unset is said as
"not decided yet", never guessed.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.conversations.hours import Hours
from bot.errors import ConfigError

PREFIX = "IMPREUNA_"
PROJECT = Path(__file__).resolve().parent.parent
KEY_BYTES = 32

T = TypeVar("T")


class Secret:
    """A value that never prints; `reveal()` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the value itself, for the one place that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True)
class Operator:
    """What only the organisation that runs the service can decide; None = not decided."""

    controller: str | None = None
    retention_days: int | None = None
    opening_hours: str | None = None
    on_call_number: str | None = None


@dataclass(frozen=True)
class WhatsApp:
    """One number of the WhatsApp Business Cloud API (docs/whatsapp.md)."""

    phone_number_id: str
    access_token: Secret
    app_secret: Secret
    verify_token: Secret
    business_account_id: str | None = None
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v25.0"
    media_hosts: tuple[str, ...] = ("lookaside.fbsbx.com",)

    @property
    def api_url(self) -> str:
        """Give the address below which the API's objects stand."""
        return f"{self.graph_url.rstrip('/')}/{self.graph_version}"


@dataclass(frozen=True)
class MailServer:
    """Where mail about urgent handoffs goes; the address may hold a name and a password."""

    url: Secret
    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class OutgoingWebhook:
    """Another system of the organisation that hears of every handoff (docs/desk.md)."""

    url: str
    secret: Secret

    def key(self) -> bytes:
        """Give the key that messages are signed with."""
        return _signing_key(self.secret.reveal())


@dataclass(frozen=True)
class Settings:
    """Everything that can be set; times in seconds."""

    host: str = "127.0.0.1"
    port: int = 8080
    state_dir: Path = PROJECT / ".impreuna"
    database_url: Secret | None = None
    rasa_port: int = 5005
    rasa_url: str = "http://127.0.0.1:5005"
    actions_port: int = 5055
    actions_url: str = "http://127.0.0.1:5055/webhook"
    model: Path | None = None
    public_url: str | None = None
    exit_url: str = "https://www.wikipedia.org/"
    embed_origins: tuple[str, ...] = ()
    trusted_proxies: int = 0
    metrics_public: bool = False
    metrics_dir: Path | None = None
    worker_concurrency: int = 8
    rasa_timeout: float = 20.0
    log_level: str = "INFO"
    operator: Operator = field(default_factory=Operator)
    encryption_key: Secret | None = None
    whatsapp: WhatsApp | None = None
    mail: MailServer | None = None
    webhook: OutgoingWebhook | None = None
    phone_port: int = 8081

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read every setting.

        Raises:
            ConfigError: With one line for each setting that is wrong, all at once.
        """
        reader = _Reader(environ)
        rasa_port = reader.get("RASA_PORT", _port, cls.rasa_port)
        actions_port = reader.get("ACTIONS_PORT", _port, cls.actions_port)
        settings = cls(
            host=reader.get("HOST", str, cls.host),
            port=reader.get("PORT", _port, cls.port, prefix=""),
            state_dir=reader.get("STATE_DIR", _absolute, cls.state_dir),
            database_url=reader.get("DATABASE_URL", _database, None, prefix=""),
            rasa_port=rasa_port,
            rasa_url=reader.get("RASA_URL", _url, f"http://127.0.0.1:{rasa_port}"),
            actions_port=actions_port,
            actions_url=reader.get("ACTIONS_URL", _url, f"http://127.0.0.1:{actions_port}/webhook"),
            model=reader.get("MODEL", _absolute, None),
            public_url=reader.get("PUBLIC_URL", _url, None),
            exit_url=reader.get("EXIT_URL", _url, cls.exit_url),
            embed_origins=reader.get("EMBED_ORIGINS", _origins, cls.embed_origins),
            trusted_proxies=reader.get("TRUSTED_PROXIES", _whole, cls.trusted_proxies),
            metrics_dir=reader.get("PROMETHEUS_MULTIPROC_DIR", _absolute, None, prefix=""),
            metrics_public=reader.get("METRICS_PUBLIC", _yes_no, cls.metrics_public),
            worker_concurrency=reader.get("WORKER_CONCURRENCY", _whole, cls.worker_concurrency),
            rasa_timeout=reader.get("RASA_TIMEOUT", _seconds, cls.rasa_timeout),
            log_level=reader.get("LOG_LEVEL", _level, cls.log_level),
            operator=Operator(
                controller=reader.get("DATA_CONTROLLER", str, None),
                retention_days=reader.get("RETENTION_DAYS", _positive, None),
                opening_hours=reader.get("OPENING_HOURS", _opening_hours, None),
                on_call_number=reader.get("ON_CALL_NUMBER", _phone, None),
            ),
            encryption_key=reader.get("ENCRYPTION_KEY", _encryption_key, None),
            whatsapp=_read_whatsapp(reader),
            mail=_read_mail(reader),
            webhook=_read_webhook(reader),
            phone_port=reader.get("PHONE_PORT", _port, cls.phone_port, prefix=""),
        )
        reader.raise_if_wrong()
        return settings

    def with_database(self, url: str) -> Settings:
        """Give the same settings for another database."""
        return replace(self, database_url=Secret(url))

    def require_database(self) -> str:
        """Give the database's address.

        Raises:
            ConfigError: If none is set.
        """
        if self.database_url is None:
            raise ConfigError("DATABASE_URL is not set; `impreuna up` runs a database of its own.")
        return self.database_url.reveal()

    def secure_cookies(self) -> bool:
        """Tell whether people reach the service over https."""
        return bool(self.public_url and self.public_url.startswith("https://"))


def _read_whatsapp(reader: _Reader) -> WhatsApp | None:
    """Read the number's settings: the four that it needs, or none of them."""
    needed = {
        "phone_number_id": reader.get("WHATSAPP_PHONE_NUMBER_ID", _digits, None, prefix=""),
        "access_token": reader.get("WHATSAPP_ACCESS_TOKEN", Secret, None, prefix=""),
        "app_secret": reader.get("WHATSAPP_APP_SECRET", Secret, None, prefix=""),
        "verify_token": reader.get("WHATSAPP_VERIFY_TOKEN", Secret, None, prefix=""),
    }
    more = {
        "business_account_id": reader.get("WHATSAPP_BUSINESS_ACCOUNT_ID", _digits, None, prefix=""),
        "graph_url": reader.get("WHATSAPP_GRAPH_URL", _url, WhatsApp.graph_url, prefix=""),
        "graph_version": reader.get(
            "WHATSAPP_GRAPH_VERSION", _version, WhatsApp.graph_version, prefix=""
        ),
        "media_hosts": reader.get("WHATSAPP_MEDIA_HOSTS", _hosts, WhatsApp.media_hosts, prefix=""),
    }
    if not any(needed.values()):
        return None
    for name, value in needed.items():
        if value is None:
            reader.complain(f"WHATSAPP_{name.upper()}", "is missing beside the other three")
    return WhatsApp(**needed, **more)


def _read_mail(reader: _Reader) -> MailServer | None:
    values = {
        "SMTP_URL": reader.get("SMTP_URL", _mail_server, None),
        "ALERT_FROM": reader.get("ALERT_FROM", _mail_address, None),
        "ALERT_TO": reader.get("ALERT_TO", _mail_addresses, None),
    }
    return MailServer(*values.values()) if _all_or_none(reader, values) else None


def _read_webhook(reader: _Reader) -> OutgoingWebhook | None:
    values = {
        "WEBHOOK_URL": reader.get("WEBHOOK_URL", _webhook_url, None),
        "WEBHOOK_SECRET": reader.get("WEBHOOK_SECRET", _signing_secret, None),
    }
    return OutgoingWebhook(*values.values()) if _all_or_none(reader, values) else None


def _all_or_none(reader: _Reader, values: Mapping[str, Any]) -> bool:
    """Tell whether all of some settings are there; complain if only some are."""
    missing = [name for name, value in values.items() if value is None]
    if len(missing) < len(values):
        for name in missing:
            reader.complain(PREFIX + name, "is missing beside the others that belong to it")
    return not missing


class _Reader:
    """Reads values and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._wrong: list[str] = []

    def get(self, name: str, parse: Callable[[str], T], default: Any, prefix: str = PREFIX) -> Any:
        key = prefix + name
        raw = self._environ.get(key, "").strip()
        if not raw:
            return default
        try:
            return parse(raw)
        except ValueError as error:
            # The value itself stays out: it may be a secret in the wrong place.
            self._wrong.append(f"{key}: {error}")
            return default

    def complain(self, key: str, what: str) -> None:
        """Collect what is wrong with a setting, unless something was already."""
        if not any(line.startswith(f"{key}:") for line in self._wrong):
            self._wrong.append(f"{key}: {what}")

    def raise_if_wrong(self) -> None:
        if self._wrong:
            raise ConfigError("Settings are wrong:\n  " + "\n  ".join(self._wrong))


def _whole(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit():
        raise ValueError("must be a whole number, 0 or more")
    return int(raw)


def _positive(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or int(raw) == 0:
        raise ValueError("must be a whole number, 1 or more")
    return int(raw)


def _port(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or not 0 < int(raw) < 65536:
        raise ValueError("must be a port number, 1 to 65535")
    return int(raw)


def _seconds(raw: str) -> float:
    try:
        seconds = float(raw)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 3600:
        raise ValueError("must be a number of seconds above 0")
    return seconds


def _yes_no(raw: str) -> bool:
    known = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
    if raw.lower() not in known:
        raise ValueError("must be yes or no")
    return known[raw.lower()]


def _level(raw: str) -> str:
    if raw.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return raw.upper()


def _absolute(raw: str) -> Path:
    return Path(raw).expanduser().resolve()


def _url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address that starts with http:// or https://")
    return raw


def _database(raw: str) -> Secret:
    if urlsplit(raw).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be an address that starts with postgresql://")
    return Secret(raw)


def _origins(raw: str) -> tuple[str, ...]:
    origins = tuple(part.rstrip("/") for part in raw.replace(",", " ").split())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
            raise ValueError("must be origins such as https://partner.example, one after another")
    return origins


def _phone(raw: str) -> str:
    if sum(character.isdigit() for character in raw) < 3 or not set(raw) <= set("+0123456789 ()-/"):
        raise ValueError("must be a phone number such as +40 21 312 62 10")
    return raw


def _opening_hours(raw: str) -> str:
    Hours.parse(raw)
    return raw


def _mail_server(raw: str) -> Secret:
    parts = urlsplit(raw)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must be an address that starts with smtp:// or smtps://")
    return Secret(raw)


def _mail_address(raw: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", raw):
        raise ValueError("must be a mail address")
    return raw


def _mail_addresses(raw: str) -> tuple[str, ...]:
    return tuple(_mail_address(part) for part in raw.replace(",", " ").split())


def _webhook_url(raw: str) -> str:
    parts = urlsplit(_url(raw))
    if parts.scheme != "https" and not is_here(parts.hostname or ""):
        raise ValueError("must be an address that starts with https://")
    return raw


def _signing_secret(raw: str) -> Secret:
    _signing_key(raw)
    return Secret(raw)


def _signing_key(raw: str) -> bytes:
    """Read a secret of the Standard Webhooks' form: `whsec_` and base64 of 24 to 64 bytes."""
    try:
        key = base64.b64decode(raw.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not raw.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError("must be whsec_ and 24 to 64 random bytes in base64")
    return key


def read_key(raw: str) -> bytes:
    """Read an encryption key: 32 bytes in base64.

    Raises:
        ValueError: If it is none.
    """
    try:
        key = base64.b64decode(raw, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"must be {KEY_BYTES} random bytes in base64")
    return key


def _encryption_key(raw: str) -> Secret:
    read_key(raw)
    return Secret(raw)


def _digits(raw: str) -> str:
    if not raw.isascii() or not raw.isdigit():
        raise ValueError("must be digits only")
    return raw


def _version(raw: str) -> str:
    if not re.fullmatch(r"v\d{1,3}\.\d{1,2}", raw):
        raise ValueError("must be a version such as v25.0")
    return raw


def _hosts(raw: str) -> tuple[str, ...]:
    hosts = tuple(raw.replace(",", " ").split())
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9.-]+(:\d{1,5})?", host):
            raise ValueError("must be host names, one after another")
    return hosts


def is_here(host: str) -> bool:
    """Tell whether a host, by name or address, is this machine itself."""
    return host == "localhost" or is_loopback(host)


def is_loopback(address: str | None) -> bool:
    """Tell whether an address is this machine itself."""
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
