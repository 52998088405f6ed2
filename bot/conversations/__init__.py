"""What a conversation and its messages are, and which way a message goes: pure."""
