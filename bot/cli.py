"""`impreuna`: one command for everything; each part is imported only when it is asked for."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import BotError
from bot.settings import Settings

Run = Callable[[argparse.Namespace], int]

_PASSED_ON = {
    "precheck": "facts as JSON (a file, or - for standard input) to a finding",
    "parse": "understanding only: intent, confidence, language, entities",
    "locales": "status, check, preview, render, update, add, offer: for translators",
    "staff": "add, invite, disable, list: the accounts of the desk",
    "whatsapp": "templates: what to submit to Meta",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0; 1 if it failed; 2 if it was misused or a setting is wrong.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in _PASSED_ON:
        return _pass_on(arguments[0], arguments[1:])
    options = _parser().parse_args(arguments)
    run: Run = options.run
    try:
        return run(options)
    except BotError as error:
        return _fail(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="impreuna", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("up", _up, "start everything and keep it running"),
        ("gateway", _gateway, "start the gateway alone: web chat, health, jobs"),
        ("worker", _worker, "run jobs alone"),
        ("rasa", _rasa, "start the Rasa server alone"),
        ("actions", _actions, "start the action server alone"),
        ("migrate", _migrate, "bring the database up to date"),
    ):
        commands.add_parser(name, help=text).set_defaults(run=run)
    phone = commands.add_parser("phone", help="a stand-in for WhatsApp, with a phone to look at")
    phone.add_argument("--with-product", action="store_true", help="start everything beside it")
    phone.set_defaults(run=_phone)
    for name, text in _PASSED_ON.items():
        commands.add_parser(name, help=text, add_help=False)
    law = commands.add_parser("law", help="the rules as a table that a lawyer can review")
    law.add_argument("what", choices=["table"])
    law.add_argument("--style", choices=["markdown", "html"], default="markdown")
    law.set_defaults(run=_law)
    erase = commands.add_parser("erase", help="delete everything of one conversation")
    erase.add_argument("conversation", help="its id, or the reference of one of its handoffs")
    erase.set_defaults(run=_erase)
    for name, run, text in (
        ("backup", _backup, "write the whole database into a file"),
        ("restore", _restore, "put a backup in the place of everything"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("file", type=Path)
        command.set_defaults(run=run)
    return parser


def _pass_on(command: str, arguments: list[str]) -> int:
    passed: dict[str, Callable[[list[str]], int]] = {
        "precheck": _precheck,
        "parse": _parse,
        "locales": _locales,
        "staff": _staff,
        "whatsapp": _whatsapp,
    }
    try:
        return passed[command](arguments)
    except BotError as error:
        return _fail(error)


def _fail(error: BotError) -> int:
    print(f"impreuna: {error}", file=sys.stderr)
    return 2 if error.code == "config" else 1


def _precheck(arguments: list[str]) -> int:
    from actions.law.__main__ import main as precheck

    return int(precheck(arguments) or 0)


def _parse(arguments: list[str]) -> int:
    from bot.nlu.cli import main as parse

    return int(parse(arguments) or 0)


def _locales(arguments: list[str]) -> int:
    from bot.i18n.cli import main as locales

    return int(locales(arguments) or 0)


def _staff(arguments: list[str]) -> int:
    from bot.desk.cli import main as staff

    return staff(arguments, _settings())


def _whatsapp(arguments: list[str]) -> int:
    from bot.channels.whatsapp.cli import main as whatsapp
    from bot.gateway.server import make_voice

    voice = make_voice()
    languages = [language["code"] for language in voice.languages()]
    return whatsapp(arguments, voice.say, languages)


def _settings() -> Settings:
    return Settings.from_env(os.environ)


def _up(options: argparse.Namespace) -> int:
    from bot.supervisor.up import run

    run(_settings(), os.environ)
    return 0


def _gateway(options: argparse.Namespace) -> int:
    from bot.desk.app import add_desk
    from bot.gateway.server import run_gateway

    run_gateway(_settings(), add_desk)
    return 0


def _worker(options: argparse.Namespace) -> int:
    from bot.gateway.server import run_worker_alone

    run_worker_alone(_settings())
    return 0


def _rasa(options: argparse.Namespace) -> int:
    from bot.dialogue.server import main as rasa

    return int(rasa() or 0)


def _actions(options: argparse.Namespace) -> int:
    from bot.supervisor.actions import run

    run(_settings())
    return 0


def _phone(options: argparse.Namespace) -> int:
    from bot.phone.server import run

    run(_settings(), os.environ, with_product=options.with_product)
    return 0


def _migrate(options: argparse.Namespace) -> int:
    from bot.store.migrations import migrate
    from bot.supervisor.embedded import reach_database

    async def go() -> list[str]:
        async with reach_database(_settings()) as url:
            return await migrate(url)

    print("applied:", ", ".join(asyncio.run(go())) or "nothing, it was up to date")
    return 0


def _erase(options: argparse.Namespace) -> int:
    from bot.supervisor.operator import erase

    counts = asyncio.run(erase(_settings(), options.conversation))
    if counts is None:
        print("impreuna: no conversation with this id or reference", file=sys.stderr)
        return 1
    print("deleted:", ", ".join(f"{rows} {table}" for table, rows in counts.items()))
    return 0


def _law(options: argparse.Namespace) -> int:
    from actions.law.table import law_table

    print(law_table(options.style))
    return 0


def _backup(options: argparse.Namespace) -> int:
    from bot.supervisor.backup import backup
    from bot.supervisor.embedded import reach_database

    async def go() -> None:
        async with reach_database(_settings()) as url:
            backup(url, options.file)

    asyncio.run(go())
    print(f"written: {options.file}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from bot.supervisor.backup import restore
    from bot.supervisor.embedded import reach_database

    async def go() -> int:
        async with reach_database(_settings()) as url:
            return await restore(url, options.file)

    print(f"restored; {asyncio.run(go())} conversations erased again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
