"""Sending mail by SMTP, in a thread: the standard library's client knows no other way."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from bot.errors import AlertFailed
from bot.settings import MailServer, is_here

_SECONDS = 20.0
_PORTS = {"smtp": 587, "smtps": 465}


async def send(server: MailServer, subject: str, text: str, message_id: str) -> None:
    """Send one mail to all who are alerted.

    Args:
        server: Where, from whom and to whom.
        subject: One line.
        text: Plain text.
        message_id: The same for a repetition, so that a reader shows it once.

    Raises:
        AlertFailed: If the server did not take it.
    """
    message = EmailMessage()
    message["From"], message["To"] = server.sender, ", ".join(server.recipients)
    message["Subject"], message["Message-ID"] = subject, message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        await asyncio.to_thread(_deliver, server, message)
    except (OSError, smtplib.SMTPException) as error:
        # Without the cause: a server's answer may repeat addresses.
        raise AlertFailed(f"the mail server did not take it ({type(error).__name__})") from None


def _deliver(server: MailServer, message: EmailMessage) -> None:
    url = urlsplit(server.url.reveal())
    host, port = url.hostname or "", url.port or _PORTS[url.scheme]
    context = ssl.create_default_context()
    client = (
        smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=_SECONDS)
    )
    with client:
        # A name and password never travel in the open; a relay on this machine needs no cover.
        if url.scheme == "smtp" and not is_here(host):
            client.starttls(context=context)
        if url.username:
            client.login(unquote(url.username), unquote(url.password or ""))
        client.send_message(message)
