"""How long a message waits for Rasa before it is given to a person."""

from __future__ import annotations

RETRY_DELAYS = (0.3, 1.0, 3.0, 8.0, 16.0, 16.0)
"""Seconds before the second, third, ... try; then the message is given to a person.

Together they are longer than Rasa needs to start, with all languages, on a slow machine.
"""
PATIENCE = 60.0
"""Seconds after which a person who waits is not made to wait for another try."""
START_PATIENCE = 150.0
"""Seconds that Rasa may need to start, beside everything else on a slow machine.

While it has not been up since this process began, no person is told that it is down.
"""
_START_DELAY = 3.0


def delay_before_next_try(
    attempts: int, seconds_waiting: float, seconds_starting: float | None = None
) -> float | None:
    """Give the seconds to wait before the next try; None when it is time for a person.

    A message that waited long before its first try (everything was being restarted) gets a
    second one all the same, and as many as Rasa needs to start.

    Args:
        attempts: How often it was tried before.
        seconds_waiting: How long the person has waited.
        seconds_starting: How long Rasa has been out of reach since this process began; None
            once it was reached.
    """
    if seconds_starting is not None and seconds_starting < START_PATIENCE:
        return min(_START_DELAY, RETRY_DELAYS[min(attempts, len(RETRY_DELAYS) - 1)])
    if attempts >= len(RETRY_DELAYS) or (attempts > 0 and seconds_waiting > PATIENCE):
        return None
    return RETRY_DELAYS[attempts]
