"""WhatsApp's Cloud API: what Meta says to us, what we say to Meta (docs/whatsapp.md)."""

CHANNEL = "whatsapp"
