"""Loaded inside the Rasa server: gives the bot's sentences their words."""
