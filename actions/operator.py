"""What the operator has decided about the data; the only reader of the environment here."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Operator:
    """Who is responsible for the data, and for how many days they are kept; None: not decided."""

    controller: str | None
    retention_days: int | None


def operator() -> Operator:
    """Read the two settings, by the names that the gateway reads them too."""
    days = os.environ.get("IMPREUNA_RETENTION_DAYS", "")
    return Operator(
        controller=os.environ.get("IMPREUNA_DATA_CONTROLLER") or None,
        retention_days=int(days) if days.isdigit() else None,
    )
