"""The action server: the dialogue's actions on the law engine. Never imports `bot`."""
