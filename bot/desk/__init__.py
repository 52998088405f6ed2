"""The desk: the pages of the staff, below `/desk` on the gateway.

Server-rendered, usable without JavaScript, in the desk's own languages. `bot/desk/app.py` adds it
to the gateway's application; the gateway itself knows nothing of it.
"""
