"""The interview: facts out of a message, the next question, the findings told.

Everything here is pure except the Rasa actions, which live one folder up.
"""
