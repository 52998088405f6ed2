"""Trains the model if what it is made from has changed, and keeps only the newest.

The model's name carries a digest of its sources, so that an edited sentence or example is
noticed at start without training.
"""

from __future__ import annotations

import gc
import sys
import time
import warnings
from pathlib import Path

from bot.model import model_path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Train into `models/`; returns 0, or Rasa's own code when it fails."""
    model = model_path(ROOT)
    if model.exists():
        print(f"The model is up to date: models/{model.name}")
        return 0
    print("Training the model (four to eleven minutes) …", flush=True)
    started = time.monotonic()
    warnings.filterwarnings("ignore")
    code = train(model)
    if code == 0:
        for old in model.parent.glob("impreuna-*.tar.gz"):
            if old != model:
                old.unlink()
        print(f"Trained in {time.monotonic() - started:.0f} s: models/{model.name}")
    return code


def train(model: Path) -> int:
    """Run Rasa's training quietly; only its own report and its errors are shown."""
    import logging

    import structlog
    from rasa.model_training import train as rasa_train

    # Training keeps what it makes until it ends: looking for what to free only costs time.
    gc.disable()
    level = logging.ERROR
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    result = rasa_train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / "data")],
        output=str(model.parent),
        fixed_model_name=model.name.removesuffix(".tar.gz"),
    )
    return int(result.code)


if __name__ == "__main__":
    sys.exit(main())
