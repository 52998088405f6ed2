"""GET /desk/learning: what the bot was unsure of; staff say what it means, and export that."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.desk import audit, frame
from bot.desk.durations import language_text
from bot.desk.forms import local_address, read_form
from bot.desk.guard import allowed
from bot.desk.intent_texts import intent_text, intent_texts, intents
from bot.desk.keys import SESSION
from bot.desk.roles import Act
from bot.desk.training_file import training_file
from bot.gateway.keys import DATABASE
from bot.i18n import Translator
from bot.store import learning
from bot.store.learning import NONE, Uncertain

PATH = "/desk/learning"
_PAGE_OF_MESSAGES = 25
_FIELD = re.compile(r"label-(\d{1,18})")
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_TAKE_AWAY = "-"


def routes() -> list[web.RouteDef]:
    """List the pages of this module."""
    return [
        web.get(PATH, get_learning),
        web.post(PATH, post_labels),
        web.get(PATH + "/{language}.yml", get_examples),
    ]


@allowed(Act.SEE_UNCERTAIN)
async def get_learning(request: web.Request) -> web.Response:
    """Show a page of messages, the newest first."""
    words = frame.translator(request)
    language = request.query.get("language")
    language = language if language is None or _known(language) else None
    labelled = request.query.get("labelled") == "1"
    before = _number(request.query.get("before", ""))
    async with request.app[DATABASE].transaction() as connection:
        found = await learning.uncertain(
            connection, language, labelled, before, _PAGE_OF_MESSAGES + 1
        )
        counts = await learning.counts(connection)
    shown = found[:_PAGE_OF_MESSAGES]
    older = shown[-1].id if len(found) > len(shown) else None
    context = {
        "messages": [_readable(each, words) for each in shown],
        "languages_of_messages": [
            {**each, "text": language_text(words, str(each["language"]) or None)} for each in counts
        ],
        "chosen": language,
        "labelled": labelled,
        "intents": sorted(intent_texts(words).items(), key=lambda each: each[1].casefold()),
        "none_label": NONE,
        "take_away": _TAKE_AWAY,
        "here": PATH + _query(language, labelled, before),
        "older": _query(language, labelled, older) if older else None,
        "query": lambda tag, is_labelled: PATH + _query(tag, is_labelled, None),
    }
    return frame.page(request, "learning.html", context)


@allowed(Act.LABEL_UNCERTAIN)
async def post_labels(request: web.Request) -> web.Response:
    """Keep what was chosen on a page; what was left alone stays as it is."""
    form = await read_form(request)
    labels = _labels(form)
    account = request[SESSION].account
    async with request.app[DATABASE].transaction() as connection:
        changed = await learning.put_labels(connection, labels, account.id)
        if changed:
            await audit.record(connection, "examples.labelled", account, messages=changed)
    back = local_address(form.get("next", ""))
    return frame.back(back if back.startswith(PATH) else PATH, "saved")


@allowed(Act.EXPORT_EXAMPLES)
async def get_examples(request: web.Request) -> web.Response:
    """GET /desk/learning/{language}.yml: what was labelled, as training data."""
    language = request.match_info["language"]
    async with request.app[DATABASE].transaction() as connection:
        if not _TAG.fullmatch(language) or not await learning.knows(connection, language):
            raise web.HTTPNotFound
        examples = await learning.examples(connection, language)
        await audit.record(
            connection,
            "examples.exported",
            request[SESSION].account,
            language=language,
            messages=len(examples),
        )
    known = [(intent, text) for intent, text in examples if intent in intents()]
    return web.Response(
        text=training_file(language, known),
        content_type="application/yaml",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="desk-{language}.yml"'},
    )


def _labels(form: dict[str, str]) -> dict[int, str | None]:
    labels: dict[int, str | None] = {}
    for name, value in form.items():
        field = _FIELD.fullmatch(name)
        if field and (value in intents() or value in {NONE, _TAKE_AWAY}):
            labels[int(field[1])] = None if value == _TAKE_AWAY else value
    return labels


def _readable(message: Uncertain, words: Translator) -> dict[str, Any]:
    sure = message.confidence
    return {
        "id": message.id,
        "at": message.at,
        "text": message.text,
        "tag": message.language or "",
        "language": language_text(words, message.language),
        "thought": intent_text(words, message.intent),
        "percent": None if sure is None else round(100 * sure),
        "label": message.label,
    }


def _query(language: str | None, labelled: bool, before: int | None) -> str:
    kept = {
        **({} if language is None else {"language": language}),
        **({"labelled": "1"} if labelled else {}),
        **({} if before is None else {"before": str(before)}),
    }
    return f"?{urlencode(kept)}" if kept else ""


def _known(language: str) -> bool:
    return language == "" or _TAG.fullmatch(language) is not None


def _number(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 18 else None
