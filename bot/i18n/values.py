"""Values inside sentences: a date, a list, another sentence, told in the reader's language.

An action never formats anything: it names a value and its kind.

* `{"date": "2026-05-03"}`, `{"month": "2023-05"}`, `{"number": 3}`; a date or a month may say in
  which calendar the person told it: `{"date": ..., "calendar": "hijri"}`
* `{"country": "TR"}`, `{"language": "ar"}` (named in the reader's language), `{"own_name": "ar"}`
  (named in itself), `{"digits": "+40 21 312 62 10"}`
* `{"list": [...], "style": "or"}`, `{"lines": [...]}`: of values of any kind
* `{"response": "utter_word_wife", "values": {...}}`: another sentence
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.i18n.isolation import isolate
from bot.i18n.language import Language, language

Respond = Callable[[str, Mapping[str, Any]], str]


class Teller:
    """Tells typed values in one language.

    Args:
        language: The language to tell them in.
        respond: Gives the text of a response by name, for values that are sentences themselves.
    """

    def __init__(self, language: Language, respond: Respond) -> None:
        self._language = language
        self._respond = respond

    def tell(self, value: Any) -> str:
        """Tell a value, fenced off from the text around it where it needs to be.

        Raises:
            ValueError: If its kind is unknown, or the value does not fit its kind.
        """
        if isinstance(value, Mapping):
            return self._tell_typed(value)
        if isinstance(value, (list, tuple)):
            return self._tell_list({"list": value})
        if isinstance(value, bool) or value is None:
            raise ValueError("a value in a sentence is a text, a number or a typed value")
        if isinstance(value, (int, float)):
            return self._language.number(value)
        return isolate(str(value), self._language.direction)

    def _tell_typed(self, value: Mapping[str, Any]) -> str:
        if "list" in value:
            return self._tell_list(value)
        if "lines" in value:
            return "\n".join(self.tell(item) for item in value["lines"])
        if "response" in value:
            return self._respond(value["response"], value.get("values") or {})
        return isolate(self._tell_single(value), self._language.direction)

    def _tell_single(self, value: Mapping[str, Any]) -> str:
        calendar = value.get("calendar")
        tellers: dict[str, Callable[[Any], str]] = {
            "date": lambda iso: self._language.date(iso, calendar),
            "month": lambda iso: self._language.month(iso, calendar),
            "number": self._language.number,
            "language": self._language.language_name,
            "own_name": lambda tag: language(tag).name,
            "country": self._language.country_name,
            "digits": str,
        }
        for kind, tell in tellers.items():
            if kind in value:
                return tell(value[kind])
        raise ValueError(f"no such kind of value: {', '.join(map(str, value))}")

    def _tell_list(self, value: Mapping[str, Any]) -> str:
        items = [self.tell(item) for item in value["list"]]
        return self._language.list(items, value.get("style", "standard")) if items else ""
