"""A stand-in for WhatsApp on this machine: Meta's Graph API and a page that shows the phone.

For development and tests. It is written from Meta's documented behaviour and knows nothing of
the product: it talks to it over HTTP alone, as Meta does. Nothing of the product imports it.
"""
