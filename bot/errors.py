"""The one tree of errors.

* BotError
  * ConfigError            a setting is wrong or missing
  * InboundRejected        what came in cannot be taken
    * NotAuthorised        no key, or a key that opens nothing
    * IdConflict           the same id with another content
    * TooMany              too many requests for now
  * RasaUnavailable        Rasa gave no answer that counts
  * StoreError             the database gave no answer
  * SupervisorError        a process of ours could not be started

Every class has a unique `code` (a machine reads it), says whether a repetition may
help (`retryable`) and which HTTP status tells it (`status`). Messages never repeat
what a person wrote: they may be logged.
"""

from __future__ import annotations

from typing import ClassVar


class BotError(Exception):
    """Anything of ours that went wrong; the message may be logged."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False
    status: ClassVar[int] = 500


class ConfigError(BotError):
    """Settings are wrong or missing; the message names all of them."""

    code = "config"


class InboundRejected(BotError):
    """What came in cannot be taken; the message tells the sender why.

    Args:
        message: One sentence for the developer at the other end.
        reason: A more precise code than the class's own, for the answer's body.
        status: Another HTTP status than the class's own.
    """

    code = "invalid_request"
    status = 400

    def __init__(
        self, message: str, *, reason: str | None = None, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.reason = reason or self.code
        self.http_status = status or self.status


class NotAuthorised(InboundRejected):
    """No key was shown, or one that opens no conversation."""

    code = "unauthorized"
    status = 401


class IdConflict(InboundRejected):
    """The id was used before with another content."""

    code = "id_conflict"
    status = 409


class TooMany(InboundRejected):
    """More requests than one person or one address can need."""

    code = "too_many_requests"
    retryable = True
    status = 429

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RasaUnavailable(BotError):
    """Rasa gave no answer that counts: down, overloaded, late, or not understood."""

    code = "rasa_unavailable"
    retryable = True
    status = 503


class StoreError(BotError):
    """The database gave no answer."""

    code = "store_unavailable"
    retryable = True
    status = 503


class SupervisorError(BotError):
    """A process of ours could not be started or did not become ready."""

    code = "supervisor"
