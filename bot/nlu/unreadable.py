"""What no understanding can be made of: signs without a word, and code."""

from __future__ import annotations

import re

# A tag, or the beginning of a JSON object.
CODE = re.compile(r"<\s*/?\s*[a-z]+[^<>]*(=|>)|\{\s*[\"']\w+[\"']?\s*[:}]", re.IGNORECASE)


def is_unreadable(text: str) -> bool:
    """Whether no sentence stands in a text: no letter and no digit, or code instead of words.

    The models have learnt from sentences only; of such a text they would be sure of anything.
    """
    return not any(character.isalnum() for character in text) or bool(CODE.search(text))
