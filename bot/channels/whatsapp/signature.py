"""Meta's proof that a request is Meta's: the webhook's signature and the handshake's token.

Nothing here says, logs or raises what would have been right: that would be an oracle.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

# Upper-case digits are the same bytes; anything else around them is refused.
_HEADER = re.compile(r"sha256=([0-9a-fA-F]{64})")
_MAX_CHALLENGE = 1024


def read_signature(header: str | None) -> bytes | None:
    """Read the header `X-Hub-Signature-256`; None if it is missing or malformed."""
    match = _HEADER.fullmatch(header or "")
    return bytes.fromhex(match[1]) if match else None


def is_signed(body: bytes, signature: bytes, app_secret: str) -> bool:
    """Tell whether a signature fits the body's raw bytes, in constant time."""
    right = hmac.new(app_secret.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(right, signature)


def sign(body: bytes, app_secret: str) -> str:
    """Make the header's value for a body, as Meta does."""
    digest = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """Give what the handshake wants to hear back; None if it is refused.

    Args:
        query: The request's `hub.mode`, `hub.verify_token` and `hub.challenge`.
        verify_token: Ours; an empty one refuses everybody.
    """
    token = query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    same = hmac.compare_digest(token, verify_token.encode())
    said = query.get("hub.challenge", "")
    wanted = query.get("hub.mode") == "subscribe" and 0 < len(said) <= _MAX_CHALLENGE
    return said if verify_token and same and wanted else None
