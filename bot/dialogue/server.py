"""The Rasa server: the model behind our channel, on this machine's own address only.

Everything that Rasa's own `run` would offer besides (its HTTP API, the other channels, telemetry)
is left out: it would only take memory and open doors.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.dialogue import redaction
from bot.errors import BotError, ConfigError
from bot.model import model_path
from bot.settings import PROJECT, Settings

if TYPE_CHECKING:
    from sanic import Sanic

HOST = "127.0.0.1"
logger = logging.getLogger(__name__)
QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
}


def main() -> int:
    """Serve until stopped; the exit code is 2 if a setting is wrong or something is missing."""
    try:
        settings = Settings.from_env(os.environ)
        environment = server_environment(settings)
        model = model_file(settings)
    except BotError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    os.environ.update(environment)
    redaction.configure(settings.log_level)
    app = build_app(model, PROJECT)
    redaction.adopt_loggers()
    app.run(host=HOST, port=settings.rasa_port, access_log=False, motd=False, debug=False)
    return 0


def server_environment(settings: Settings) -> dict[str, str]:
    """What `endpoints.yml` and the libraries read from the environment.

    Raises:
        ConfigError: If there is no database.
    """
    return {
        **QUIET,
        "DATABASE_URL": settings.require_database(),
        "IMPREUNA_ACTIONS_URL": settings.actions_url,
    }


def model_file(settings: Settings) -> Path:
    """The model that is set, or the one made from the sources as they are, or the newest.

    Raises:
        ConfigError: If there is none.
    """
    if settings.model is not None:
        if not settings.model.is_file():
            raise ConfigError("IMPREUNA_MODEL names no file")
        return settings.model
    models = sorted((PROJECT / "models").glob("impreuna-*.tar.gz"), key=lambda f: f.stat().st_mtime)
    if not models:
        raise ConfigError("there is no model yet: run `make train`")
    fitting = model_path(PROJECT)
    if fitting in models:
        return fitting
    logger.warning("the model is older than domain.yml, config.yml or data: run `make train`")
    return models[-1]


def build_app(model: Path, root: Path) -> Sanic:
    """Make the HTTP application; the model is loaded when it starts.

    Args:
        model: The model's archive.
        root: The folder of `endpoints.yml` and `credentials.yml`.
    """
    from bot.dialogue import light_start

    light_start.prepare(model)

    from rasa.core.channels.channel import register
    from sanic import Sanic

    from bot.dialogue.channel import ImpreunaChannel

    app = Sanic("impreuna", configure_logging=False)
    credentials = _read(root / "credentials.yml")
    channel = ImpreunaChannel.from_credentials(credentials["bot.dialogue.channel.ImpreunaChannel"])
    register([channel], app, route="/webhooks/")
    app.register_listener(_loader(model, root / "endpoints.yml"), "before_server_start")
    app.register_listener(_close, "after_server_stop")
    return app


def load_agent(model: Path, endpoints_file: Path) -> Any:
    """Load the model with our stores and NLG; any fault is an error, never a lesser agent."""
    from rasa.core.agent import Agent
    from rasa.core.lock_store import LockStore
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.utils.common import class_from_module_path

    from bot.dialogue import patches

    patches.apply()
    endpoints = AvailableEndpoints.read_endpoints(str(endpoints_file))
    store = endpoints.tracker_store
    return Agent.load(
        model_path=str(model),
        generator=endpoints.nlg,
        tracker_store=class_from_module_path(store.type)(host=store.url, **store.kwargs),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=endpoints.action,
    )


def _loader(model: Path, endpoints_file: Path) -> Any:
    async def load(app: Sanic, _: Any) -> None:
        app.ctx.agent = load_agent(model, endpoints_file)
        redaction.adopt_loggers()
        await app.ctx.agent.tracker_store.database.open()
        # The model stays: looking through it for garbage would hold up a turn now and then.
        gc.collect()
        gc.freeze()
        _give_back_memory()

    return load


def _give_back_memory() -> None:
    """Give what only loading needed back to the machine; the C library would keep it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


async def _close(app: Sanic, _: Any) -> None:
    agent = getattr(app.ctx, "agent", None)
    if agent is not None:
        await agent.tracker_store.database.close()
        session = getattr(agent.action_endpoint, "_impreuna_session", None)
        if session is not None:
            await session.close()


def _read(file: Path) -> Mapping[str, Any]:
    from ruamel.yaml import YAML

    content: Mapping[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return content


if __name__ == "__main__":
    sys.exit(main())
