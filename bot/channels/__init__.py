"""The channels: one folder each, blind to the store and to one another."""
