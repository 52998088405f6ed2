"""The web chat: what a request says, how a message looks, the page and its files."""

CHANNEL = "web"
