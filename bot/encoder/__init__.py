"""A sentence encoder, refined by an adapter of our own: it reads a message as a whole."""
