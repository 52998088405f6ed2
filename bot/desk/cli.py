"""`impreuna staff add|invite|disable|list`: the accounts from the command line.

The first account can be made only here; here too a lone administrator who lost the phone gets
in again (`invite`). Links are printed once and kept nowhere.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from bot.desk import audit, invitation
from bot.desk.frame import DOMAIN, HOME_LANGUAGE, offered
from bot.desk.identity import first_name_of, read_email, read_name
from bot.desk.roles import Role
from bot.desk.staff_pages import disable
from bot.errors import BotError
from bot.i18n import Catalogs
from bot.i18n.catalogs import DEFAULT_LOCALES
from bot.settings import Settings
from bot.store import logins, staff
from bot.store.database import Connection, Database
from bot.store.migrations import migrate
from bot.store.staff import Account
from bot.supervisor.embedded import reach_database


def main(arguments: Sequence[str], settings: Settings) -> int:
    """Run `impreuna staff ...`.

    Returns:
        0; 1 if it could not be done; 2 if it was misused or a setting is wrong.
    """
    options = _parser().parse_args(arguments)
    try:
        return asyncio.run(_run(options, settings))
    except BotError as error:
        return _fail(str(error), 2 if error.code == "config" else 1)


async def _run(options: argparse.Namespace, settings: Settings) -> int:
    async with reach_database(settings) as url:
        await migrate(url)
        database = Database(url, max_size=1)
        await database.open()
        try:
            async with database.transaction() as connection:
                await staff.lock(connection)
                code: int = await options.run(connection, options, settings)
            return code
        finally:
            await database.close()


async def _add(connection: Connection, options: argparse.Namespace, settings: Settings) -> int:
    email, name = read_email(options.email), read_name(options.name)
    if email is None or name is None:
        return _fail("the name or the e-mail address is not one", 2)
    account = await staff.add(
        connection, email, name, first_name_of(name), options.role, options.language
    )
    if account is None:
        return _fail("this address has an account; `impreuna staff invite` makes a new link", 1)
    await audit.record(connection, "staff.added", None, staff=account.id, role=options.role)
    await _print_link(connection, account, settings)
    return 0


async def _invite(connection: Connection, options: argparse.Namespace, settings: Settings) -> int:
    account = await staff.by_email(connection, read_email(options.email) or "")
    if account is None:
        return _fail("no account has this address", 1)
    await logins.end_all(connection, account.id)
    await audit.record(connection, "staff.invited", None, staff=account.id)
    await _print_link(connection, account, settings)
    return 0


async def _disable(connection: Connection, options: argparse.Namespace, settings: Settings) -> int:
    account = await staff.by_email(connection, read_email(options.email) or "")
    if account is None:
        return _fail("no account has this address", 1)
    disabled = await disable(connection, account, None)
    print("disabled, and logged out everywhere" if disabled else "it was disabled already")
    return 0


async def _list(connection: Connection, options: argparse.Namespace, settings: Settings) -> int:
    for account in await staff.everybody(connection):
        state = "disabled" if account.disabled_at else "active" if account.set_up else "invited"
        print(f"{account.email}\t{account.role}\t{state}\t{account.name}")
    return 0


async def _print_link(connection: Connection, account: Account, settings: Settings) -> None:
    key = await invitation.invite(connection, account)
    print(
        f"Within {invitation.VALID_HOURS} hours {account.name} ({account.role}) can open this"
        f" link, once:\n\n  {invitation.link(settings, key)}\n"
    )


def _fail(message: str, code: int) -> int:
    print(f"impreuna: {message}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="impreuna staff", description=__doc__)
    catalogs = Catalogs(DEFAULT_LOCALES, DOMAIN)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="make an account and print its invitation")
    add.add_argument("name", help="in quotes; people in the chat see its first word")
    add.add_argument("email")
    add.add_argument("role", choices=[role.value for role in Role])
    add.add_argument("--language", choices=offered(catalogs), default=HOME_LANGUAGE)
    add.set_defaults(run=_add)
    for name, run, text in (
        ("invite", _invite, "print a new invitation: password and second factor begin anew"),
        ("disable", _disable, "end an account"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("email")
        command.set_defaults(run=run)
    commands.add_parser("list", help="list the accounts").set_defaults(run=_list)
    return parser
