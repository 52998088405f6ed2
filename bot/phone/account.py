"""The business's side of the stand-in: one number with its keys."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.settings import Settings, WhatsApp

WEBHOOK_PATH = "/webhooks/whatsapp"


@dataclass(frozen=True)
class Account:
    """One number of a business, and where its webhooks go."""

    access_token: str
    app_secret: str
    verify_token: str
    webhook_url: str
    phone_number_id: str = "100000000000001"
    business_account_id: str = "200000000000002"
    display_number: str = "15550100001"
    name: str = "Împreună"

    def environment(self, address: str) -> dict[str, str]:
        """Give the product's settings for this number; `address` is the stand-in's own."""
        return {
            "WHATSAPP_PHONE_NUMBER_ID": self.phone_number_id,
            "WHATSAPP_BUSINESS_ACCOUNT_ID": self.business_account_id,
            "WHATSAPP_ACCESS_TOKEN": self.access_token,
            "WHATSAPP_APP_SECRET": self.app_secret,
            "WHATSAPP_VERIFY_TOKEN": self.verify_token,
            "WHATSAPP_GRAPH_URL": address,
            "WHATSAPP_MEDIA_HOSTS": address.split("//", 1)[1],
        }


def new_account(webhook_url: str) -> Account:
    """Make a number with keys that nobody else has."""
    return Account(
        access_token=secrets.token_urlsafe(24),
        app_secret=secrets.token_hex(16),
        verify_token=secrets.token_urlsafe(16),
        webhook_url=webhook_url,
    )


def account_of(settings: Settings) -> Account:
    """Give the number that the product is set to, or a new one."""
    url = f"http://127.0.0.1:{settings.port}{WEBHOOK_PATH}"
    given = settings.whatsapp
    return _given(given, url) if given else new_account(url)


def _given(given: WhatsApp, url: str) -> Account:
    return Account(
        access_token=given.access_token.reveal(),
        app_secret=given.app_secret.reveal(),
        verify_token=given.verify_token.reveal(),
        webhook_url=url,
        phone_number_id=given.phone_number_id,
        business_account_id=given.business_account_id or Account.business_account_id,
    )
