"""What is counted of what goes out; no label ever holds a person's data."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter


class OutboundCounts:
    """The counters, in a process's registry (`Metrics.registry`)."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.sent = Counter(
            "impreuna_outbound",
            "Bubbles and templates that a channel accepted.",
            ["channel", "what"],
            registry=registry,
        )
        self.refused = Counter(
            "impreuna_outbound_refused",
            "Bubbles that a channel refused, at once or later.",
            ["channel", "error", "code"],
            registry=registry,
        )
        self.given_up = Counter(
            "impreuna_outbound_given_up",
            "Messages that will never arrive.",
            ["channel"],
            registry=registry,
        )
        self.doubled = Counter(
            "impreuna_outbound_doubled",
            "Bubbles asked for a second time without knowing of the first.",
            ["channel"],
            registry=registry,
        )
        self.pauses = Counter(
            "impreuna_outbound_pauses",
            "How often a whole channel was made silent.",
            ["channel", "error"],
            registry=registry,
        )
