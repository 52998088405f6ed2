"""`make phone`: the product beside the stand-in, set to each other, ended together."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Mapping

from bot.errors import SupervisorError
from bot.phone.account import WEBHOOK_PATH, Account, new_account
from bot.phone.network import Network
from bot.settings import PROJECT, Settings
from bot.supervisor.process import Child, Command

log = logging.getLogger(__name__)

_GRACE_SECONDS = 60.0
_LOOK_SECONDS = 1.0


def own_account(settings: Settings) -> Account:
    """Make a number for this run alone: the keys of a real one stay out of it."""
    return new_account(f"http://127.0.0.1:{settings.port}{WEBHOOK_PATH}")


async def approve_templates(network: Network, environ: Mapping[str, str]) -> None:
    """Let the product submit its templates as to Meta; here they are approved at once."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "whatsapp", "templates"),
        cwd=PROJECT,
        env={**_environment(network, environ)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        log.warning("the product's templates are unknown: nothing is approved")
        return
    for submitted in json.loads(output):
        network.book.add(submitted)


def product_command(network: Network, environ: Mapping[str, str]) -> Command:
    """Say how the product is started, with the stand-in in the place of Meta."""
    return Command(
        name="product",
        arguments=[sys.executable, "-m", "bot.cli", "up"],
        environment=_environment(network, environ),
        grace=_GRACE_SECONDS,
    )


def _environment(network: Network, environ: Mapping[str, str]) -> dict[str, str]:
    given = {name: value for name, value in environ.items() if not name.startswith("WHATSAPP_")}
    return {
        **given,
        **network.account.environment(network.address),
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
    }


async def keep_product(
    network: Network, settings: Settings, environ: Mapping[str, str], stopped: asyncio.Event
) -> None:
    """Run the product until a signal comes.

    Raises:
        SupervisorError: If it ended by itself.
    """
    child = await Child.start(product_command(network, environ))
    announcing = asyncio.create_task(_announce(network, settings))
    ending = asyncio.create_task(child.wait())
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({ending, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not stopped.is_set():
            raise SupervisorError("The product ended. Its last lines say why.")
    finally:
        for task in (announcing, stopping):
            task.cancel()
        await child.stop()
        await ending


async def _announce(network: Network, settings: Settings) -> None:
    """Print the addresses once the product knows our number."""
    # Another process gets ready: there is no event to wait for.
    while not await network.webhooks.handshake():  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_SECONDS)
    print(
        f"\nThe phone is connected.\n  phone:    {network.address}"
        f"\n  web chat: http://localhost:{settings.port}/chat"
        "\n  The first answer comes when the language model is loaded. Ctrl-C ends both.\n"
    )
    sys.stdout.flush()
