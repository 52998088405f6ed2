"""The one tree of errors.

* BotError
  * ConfigError            a setting is wrong or missing
  * InboundRejected        what came in cannot be taken
    * NotAuthorised        no key, or a key that opens nothing
    * IdConflict           the same id with another content
    * TooMany              too many requests for now
  * RasaUnavailable        Rasa gave no answer that counts
  * SendFailed             a channel did not take a message; the class says what to do
    * SendUnsure           it may have been taken: no answer came
    * SendTransient        their side is in trouble for a moment
    * UploadFailed         a file of ours was not taken, or not fetched
    * ChatThrottled        too many messages to one person
    * ChannelThrottled     too many messages in all
    * ChannelBlocked       the account or its token: nothing can be sent
    * ChannelDistrusted    people complained; sending on would make it worse
    * WindowClosed         free text is not taken any more, a template is
    * RecipientUnreachable this person cannot be written to, or not with this
    * SendRefused          our request is wrong
  * MediaFailed            a picture or a voice note could not be fetched
    * MediaUnavailable     not now, or not from this address any more
    * MediaRefused         not at all: another host, too large, not what was announced
  * AlertFailed            staff or another system could not be told of a handoff
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


class SendFailed(BotError):
    """A channel did not take a message.

    Attributes:
        holds: What must wait: this `message`, the whole `chat` with the person, or the
            whole `channel`.
        alarm: Whether somebody has to look.

    Args:
        message: One sentence without anything personal.
        provider_code: The channel's own code, or the HTTP status where it gave none.
        retry_after: Seconds that the channel asks us to wait, if it does.
    """

    code = "send_failed"
    holds: ClassVar[str] = "message"
    alarm: ClassVar[bool] = False

    def __init__(
        self,
        message: str = "",
        *,
        provider_code: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message or f"the channel refused with code {provider_code}")
        self.provider_code = provider_code
        self.retry_after = retry_after


class SendUnsure(SendFailed):
    """The request was written and no answer came: it may have been taken."""

    code = "send_unsure"
    retryable = True


class SendTransient(SendFailed):
    """Their side is in trouble, or could not be reached; the same request may pass soon."""

    code = "send_transient"
    retryable = True
    holds = "chat"


class UploadFailed(SendTransient):
    """A file of ours was not taken, or could not be fetched by them."""

    code = "upload_failed"


class ChatThrottled(SendFailed):
    """Too many messages to one person; only that chat waits."""

    code = "chat_throttled"
    retryable = True
    holds = "chat"


class ChannelThrottled(SendFailed):
    """Too many messages of the whole number; everybody waits."""

    code = "channel_throttled"
    retryable = True
    holds = "channel"


class ChannelBlocked(SendFailed):
    """The account, its token or its permissions: nothing can be sent until somebody acts."""

    code = "channel_blocked"
    retryable = True
    holds = "channel"
    alarm = True


class ChannelDistrusted(ChannelBlocked):
    """The channel holds us back because people complained; a long silence is the remedy."""

    code = "channel_distrusted"


class WindowClosed(SendFailed):
    """The person has written too long ago for free text; a template opens the way."""

    code = "window_closed"
    retryable = True
    holds = "chat"


class RecipientUnreachable(SendFailed):
    """This person cannot be written to, or not with this message."""

    code = "recipient_unreachable"


class SendRefused(SendFailed):
    """Our request is wrong; it would be refused again."""

    code = "send_refused"
    alarm = True


class MediaFailed(BotError):
    """A picture, a voice note or a file could not be fetched."""

    code = "media_failed"


class MediaUnavailable(MediaFailed):
    """Not now, or not from this address any more: ask for its address again."""

    code = "media_unavailable"
    retryable = True


class MediaRefused(MediaFailed):
    """Not at all: it is on a host we do not trust, too large, gone, or not what was announced."""

    code = "media_refused"


class AlertFailed(BotError):
    """A mail or a webhook about a handoff was not taken; it is tried again later."""

    code = "alert_failed"
    retryable = True


class StoreError(BotError):
    """The database gave no answer."""

    code = "store_unavailable"
    retryable = True
    status = 503


class SupervisorError(BotError):
    """A process of ours could not be started or did not become ready."""

    code = "supervisor"
