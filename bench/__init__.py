"""The benchmark: a turn, the acceptance and the memory, beside a bare Rasa in one run."""
