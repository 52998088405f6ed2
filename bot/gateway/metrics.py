"""What is counted, for Prometheus; numbers only, no label ever holds a person's data."""

from __future__ import annotations

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector


class Metrics:
    """The counters of one process, in a registry of their own.

    Args:
        shared: The folder in which the processes of one installation keep their numbers, so
            that each can give those of all; None if this one is alone.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self._shared = shared
        self.registry = CollectorRegistry()
        self.inbound = Counter(
            "impreuna_inbound", "Messages stored.", ["channel"], registry=self.registry
        )
        self.webhooks = Counter(
            "impreuna_webhooks",
            "What became of webhooks and their events.",
            ["channel", "outcome"],
            registry=self.registry,
        )
        self.media = Counter(
            "impreuna_media", "Files that people sent.", ["outcome"], registry=self.registry
        )
        self.turns = Counter(
            "impreuna_turns", "Messages answered.", ["outcome"], registry=self.registry
        )
        self.waiting = Histogram(
            "impreuna_waiting_seconds",
            "Seconds that a message waited before it was handled.",
            registry=self.registry,
        )
        self.rasa_failures = Counter(
            "impreuna_rasa_failures", "Calls that Rasa did not answer.", registry=self.registry
        )
        self.streams = Gauge(
            "impreuna_streams",
            "Open event streams.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.responses = Counter(
            "impreuna_http_responses", "HTTP responses.", ["status"], registry=self.registry
        )

    def turn(self, outcome: str, seconds_waiting: float) -> None:
        """Count one answered message."""
        self.turns.labels(outcome).inc()
        self.waiting.observe(seconds_waiting)

    def text(self) -> bytes:
        """Give all numbers in Prometheus's text format."""
        registry = self.registry
        if self._shared:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(self._shared))  # type: ignore[no-untyped-call]
        return bytes(generate_latest(registry))
