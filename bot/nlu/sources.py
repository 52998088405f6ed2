"""Our own source as a part of what Rasa's training cache compares.

Rasa looks at a component's class only. Most of ours is in the modules beside it, so without this
a changed module would leave an old result in the cache, and the model would not fit the code.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

BOT = Path(__file__).parents[1]
MODULES = ("nlu/*.py", "safety/*.py", "vocabulary.py")


class FromSources:
    """Mixed into a component: trained anew whenever the understanding's source changes."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """What Rasa adds to the component's fingerprint."""
        return digest()


@lru_cache(maxsize=1)
def digest(root: Path = BOT) -> str:
    """A digest of all modules that understanding is made of."""
    total = hashlib.sha256()
    for pattern in MODULES:
        for path in sorted(root.glob(pattern)):
            total.update(path.read_bytes())
    return total.hexdigest()
