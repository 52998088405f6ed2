"""The aiohttp application: the only joiner of channels, store and languages."""
