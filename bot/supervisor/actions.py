"""The action server: rasa-sdk on the package `actions`, on loopback only."""

from __future__ import annotations

import os
import sys

from bot.gateway.logs import configure
from bot.settings import PROJECT, Settings


def run(settings: Settings) -> None:
    """Serve the custom actions until a signal comes.

    rasa-sdk's own command binds to every interface unless its environment says otherwise.
    """
    os.environ["SANIC_HOST"] = "127.0.0.1"
    os.chdir(PROJECT)
    sys.path.insert(0, str(PROJECT))
    from rasa_sdk import endpoint

    configure(settings.log_level)
    endpoint.run("actions", port=settings.actions_port, cors_origins="")
