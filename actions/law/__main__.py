"""`python -m actions.law FILE`: facts as JSON in, findings as JSON out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from actions.law import FactsError, precheck


def main(argv: Sequence[str] | None = None) -> int:
    """Read facts from a file (`-` is standard input) and print the finding.

    Returns:
        0, or 2 after one clear line on standard error.
    """
    parser = argparse.ArgumentParser(prog="precheck", description=__doc__)
    parser.add_argument("file", help="a JSON file, or - for standard input")
    file = parser.parse_args(argv).file
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        found = _find(json.loads(text))
    except (FactsError, OSError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    print(json.dumps(found, ensure_ascii=False))
    return 0


def _find(facts: Any) -> Any:
    if isinstance(facts, list):
        return [precheck(one).dump() for one in facts]
    return precheck(facts).dump()


if __name__ == "__main__":
    sys.exit(main())
