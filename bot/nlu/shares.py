"""`python -m bot.nlu.shares`: how easily each guard may fire, by cross-validation on the examples.

A guard's share in `config.yml` is the share of other examples that may reach its threshold in
training. The rule: the largest share at which, over all languages, no more of the near misses are
taken for the guarded intent than the goal allows. What is counted comes from models that saw
neither the example nor its neighbours, with the safety words on top, as in use. Exit 1 if
`config.yml` says otherwise. The held-out messages have no part in it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from bot.nlu.apart import (
    CONFIG,
    Examples,
    Flags,
    Judgement,
    classifier_settings,
    judgements,
    read_examples,
)
from bot.nlu.effect import Effect, take

STEP, LARGEST = 0.0025, 0.05


def main() -> int:
    """Print what each share leads to and which one the rule takes.

    Returns:
        0 when `config.yml` has the shares that the rule takes, else 1.
    """
    settings, examples, wrong = classifier_settings(), read_examples(), 0
    gone: Flags = np.zeros(len(examples.intents), dtype=np.bool_)
    for judgement in judgements(settings, examples):
        current = settings["guards"][judgement.intent]
        effects = list(weigh(judgement, examples, gone))
        taken = take(effects)
        gone = gone | taken.fires
        wrong += abs(taken.value - current) > STEP / 2
        print(judgement.intent, *effects, sep="\n")
        print(f"the rule takes {taken.value:.4f}, {CONFIG} has {current:.4f}")
    return 1 if wrong else 0


def weigh(judgement: Judgement, examples: Examples, gone: Flags) -> Iterator[Effect]:
    """What each share leads to for one guard, from the smallest to the largest.

    Args:
        judgement: What is said of the examples about the guarded intent.
        examples: The training examples.
        gone: Which examples an earlier guard takes: the first one wins over the next.
    """
    everything: Flags = np.ones(len(gone), dtype=np.bool_)
    for share in np.arange(STEP, LARGEST + STEP / 2, STEP):
        fires = judgement.fires(judgement.above(float(share)), gone)
        yield Effect.of(float(share), fires, judgement.guarded, examples, everything)


if __name__ == "__main__":
    sys.exit(main())
