"""`python -m bot.nlu.tune`: teach the reader, and choose what it and a guard must reach together.

The reader learns from the examples about which the guards are in doubt, by models that saw neither
an example nor its neighbours; it goes on from what it learnt before, or, where there is nothing,
learns first from all of the guarded intents, all near misses and as many others. A quarter of the
examples, neighbours together, is kept back for ever and never shown to it: the adapter has their
digests. On those the rule chooses each guard's need: the smallest with which guard, reader and
safety words take at most 2 % of the near misses for danger, 3 % for a person. All of it is stored
in `bot/encoder/adapter.npz`; training the model needs none of it. The held-out messages have no
part in it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.encoder.adapter import FILE, Adapter
from bot.encoder.encoder import Encoder
from bot.encoder.packed import Packed, packed_file
from bot.encoder.tuner import Tuner
from bot.nlu.apart import (
    Examples,
    Flags,
    Judgement,
    classifier_settings,
    judgements,
    read_examples,
)
from bot.nlu.effect import Effect, take
from bot.nlu.evaluate import FALSE_ALARM_GOAL
from bot.nlu.linear import SEED, Floats
from bot.nlu.ranking import INTENT_OF_KIND
from bot.nlu.reader import DOUBT, Reader, in_doubt, weigh
from bot.vocabulary import digests_of

# The highest learning rates: for the first time, and to go on.
FIRST_RATE, RATE = 1e-3, 5e-4
STEP = 0.05
# How far the share of near misses that are taken for an intent stays below the goal. The safety
# text frightens where nobody is in danger, so danger keeps two standard errors: 3 % of a thousand,
# which is about what the examinations have. A person called in vain costs a look.
MARGINS = {INTENT_OF_KIND["danger"]: 0.01}


def main(argv: Sequence[str] | None = None) -> int:
    """Teach the reader, print what each need leads to, store what the rule takes.

    Returns:
        0; with `--only-measure`, 1 when the stored needs are not those that the rule takes.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-measure", action="store_true", help="learn and store nothing")
    parser.add_argument(
        "--mean", type=Path, nargs="+", metavar="ADAPTER", default=(),
        help="learn nothing: take the mean of these, of rounds one after the other",
    )  # fmt: skip
    parser.add_argument("--adapter", type=Path, default=FILE, help="where it is stored")
    options = parser.parse_args(argv)
    if options.only_measure and not options.adapter.exists():
        parser.error(f"nothing was learnt yet: there is no {options.adapter}")
    settings, examples, packed = classifier_settings(), read_examples(), Packed(packed_file())
    said = list(judgements(settings, examples))
    above = {one.intent: one.above(settings["guards"][one.intent]) for one in said}
    adapter = Adapter.load(options.adapter) if options.adapter.exists() else None
    if options.mean:
        adapter = Adapter.mean([Adapter.load(path) for path in options.mean])
    kept = keep_back(examples, adapter)
    doubtful: Flags = np.any([in_doubt(far) for far in above.values()], axis=0)
    if adapter is None or not (options.only_measure or options.mean):
        adapter = teach(packed, examples, list(above), doubtful & ~kept, ~kept, adapter)
    odds = Reader(Encoder(packed, adapter)).read(examples.texts, doubtful & kept)
    needs = choose(said, above, odds, examples, kept)
    stored, adapter = adapter.needs, replace(adapter, needs=needs)
    if options.only_measure:
        return 0 if stored == needs else 1
    adapter.save(options.adapter)
    return 0


def keep_back(examples: Examples, adapter: Adapter | None) -> Flags:
    """Which examples the reader is never shown: those it was not shown so far, or a quarter."""
    if adapter is None:
        first: Flags = examples.parts == 0
        return first
    kept: Flags = np.isin(digests_of(examples.texts), adapter.kept)
    return kept


def teach(
    packed: Packed,
    examples: Examples,
    guarded: Sequence[str],
    doubtful: Flags,
    shown: Flags,
    adapter: Adapter | None,
) -> Adapter:
    """Show the reader examples; two processors take about 30 ms for each.

    Args:
        packed: The encoder.
        examples: The training examples.
        guarded: The guarded intents.
        doubtful: Those about which the guards are in doubt.
        shown: All that it may be shown.
        adapter: What it learnt before.
    """
    kept = np.unique(digests_of([examples.texts[place] for place in np.flatnonzero(~shown)]))
    rounds = [(doubtful, RATE)]
    if adapter is None:
        adapter = Adapter.unlearnt(packed, sorted(set(map(str, examples.intents))))
        rounds = [(_mixed(examples, shown, guarded), FIRST_RATE), *rounds]
    for flags, rate in rounds:
        places = np.flatnonzero(flags)
        texts = [examples.texts[place] for place in places]
        tuner = Tuner(packed, adapter)
        print(f"learning from {len(texts)} examples", flush=True)
        for loss in tuner.tune(texts, list(map(str, examples.intents[places])), rate):
            print(f"loss {loss:.3f}", flush=True)
        adapter = tuner.adapter(kept)
    return adapter


def choose(
    said: Sequence[Judgement],
    above: Mapping[str, Floats],
    odds: Mapping[str, Floats],
    examples: Examples,
    kept: Flags,
) -> dict[str, float]:
    """Print what each need leads to on the examples kept back; give those that the rule takes.

    Args:
        said: What is said of the examples about each guarded intent, in the guards' order.
        above: For each of these how far the examples are above the guard's threshold.
        odds: What the reader says of each intent.
        examples: The training examples.
        kept: Those that are kept back.
    """
    needs: dict[str, float] = {}
    gone: Flags = np.zeros(len(examples.intents), dtype=np.bool_)
    for judgement in said:
        far, read = above[judgement.intent], odds[judgement.intent]
        alone = judgement.fires(far, gone)
        print(judgement.intent, "alone")
        print(Effect.of(0.0, alone, judgement.guarded, examples, kept))
        effects = []
        for need in _needs():
            fires = judgement.fires(weigh(far, read, need), gone)
            effects.append(Effect.of(need, fires, judgement.guarded, examples, kept))
        taken = take(effects, FALSE_ALARM_GOAL - MARGINS.get(judgement.intent, 0.0))
        print("with the reader", *effects, f"the rule takes {taken.value:.2f}", sep="\n")
        needs[judgement.intent] = taken.value
        gone = gone | taken.fires
    return needs


def _needs() -> Iterator[float]:
    """The needs to choose from, from the strictest to the easiest."""
    most = round(DOUBT / STEP)
    for step in range(most, -most - 1, -1):
        yield round(step * STEP, 2)


def _mixed(examples: Examples, shown: Flags, guarded: Sequence[str]) -> Flags:
    """Of what may be shown all that is guarded, all near misses, and as many others."""
    wanted: Flags = (np.isin(examples.intents, guarded) | examples.near) & shown
    others = np.random.default_rng(SEED).permutation(np.flatnonzero(~wanted & shown))
    wanted[others[: int(wanted.sum())]] = True
    return wanted


if __name__ == "__main__":
    sys.exit(main())
