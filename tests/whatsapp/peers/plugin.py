"""The oracles for the test modules that name this plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.whatsapp.peers.oracles import Oracles, listening


@pytest.fixture(scope="session")
def oracles() -> Iterator[Oracles]:
    """Two npm libraries, ready to be asked."""
    with listening() as ready:
        yield ready
