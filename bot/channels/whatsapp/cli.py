"""`impreuna whatsapp templates`: what to submit to Meta.

The words and the languages are given by the caller: this package knows no catalogs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence

from bot.channels.whatsapp.templates import Say, Templates

_HOW = """\
Submit each of these, with a token that may manage templates:
  POST {graph url}/{version}/{WHATSAPP_BUSINESS_ACCOUNT_ID}/message_templates
or enter them in the WhatsApp Manager. Then wait until Meta has approved them."""


def main(arguments: Sequence[str], say: Say, languages: Iterable[str]) -> int:
    """Run one of the channel's commands.

    Args:
        arguments: What stands behind `impreuna whatsapp`.
        say: Says a response in a language (`Voice.say` does).
        languages: The languages on offer.

    Returns:
        The exit status.

    Raises:
        ConfigError: If a translation is longer than Meta allows.
    """
    parser = argparse.ArgumentParser(prog="impreuna whatsapp", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    templates = commands.add_parser("templates", help="print what to submit to Meta, as JSON")
    templates.add_argument("--language", help="only this one")
    options = parser.parse_args(arguments)
    return print_templates(say, [options.language] if options.language else languages)


def print_templates(say: Say, languages: Iterable[str]) -> int:
    """Print the requests that submit the templates, one JSON list."""
    requests = list(Templates().to_submit(languages, say))
    print(json.dumps(requests, ensure_ascii=False, indent=2))
    print(_HOW, file=sys.stderr)
    return 0
