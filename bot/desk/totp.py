"""The second factor: codes of an authenticator app (RFC 6238), each good for one login.

A code's step is the number of half minutes since 1970; the store keeps the last one that was
used (`bot.store.staff.take_step`).
"""

from __future__ import annotations

import hmac

import pyotp
import segno
from markupsafe import Markup

STEP_SECONDS = 30
_DIGITS = 6
_STEPS_OFF = (-1, 0, 1)
"""How far a phone's clock may be off."""
_ISSUER = "Impreuna"  # plain letters: some apps garble others


def new_secret() -> str:
    """Make a secret: 160 random bits in base 32."""
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """Give the address that authenticator apps read (`otpauth://`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def qr_code(secret: str, email: str) -> Markup:
    """Draw the address as a QR code: SVG for a page, black on white in every colour scheme."""
    code = segno.make(address(secret, email), error="m", micro=False)
    svg = code.svg_inline(border=4, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 (drawn here, out of squares)


def grouped(secret: str) -> str:
    """Give the secret as it is typed in by hand: in groups of four."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def step_of(secret: str, code: str, now: float) -> int | None:
    """Find the step that a code belongs to; takes equally long whether or not there is one.

    Args:
        secret: The account's secret.
        code: As it was typed; spaces do not matter.
        now: Seconds since 1970.
    """
    typed = "".join(code.split())
    if len(typed) != _DIGITS or not typed.isascii() or not typed.isdigit():
        typed = ""
    current, found = int(now) // STEP_SECONDS, None
    totp = pyotp.TOTP(secret)
    for step in (current + off for off in _STEPS_OFF):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS), typed):
            found = step
    return found
