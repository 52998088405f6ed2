"""What one value of a guard's setting leads to, and the rule by which a value is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from typing_extensions import Self

from bot.nlu.apart import Examples, Flags
from bot.nlu.evaluate import FALSE_ALARM_GOAL


@dataclass(frozen=True)
class Effect:
    """What one value leads to.

    Attributes:
        value: The value.
        all_alarms: How many others are taken for the guarded intent, over all languages.
        near_alarms: How many near misses are, over all languages.
        found: How many of the guarded intent are found, by language.
        alarms: How many others are taken for it, by language.
        near: How many near misses are, by language.
        fires: Which of the examples are taken for it.
    """

    value: float
    all_alarms: float
    near_alarms: float
    found: Mapping[str, float]
    alarms: Mapping[str, float]
    near: Mapping[str, float]
    fires: Flags

    @classmethod
    def of(
        cls, value: float, fires: Flags, guarded: Flags, examples: Examples, counted: Flags
    ) -> Self:
        """Count what is found and what is taken for it.

        Args:
            value: The value.
            fires: Which of the examples are taken for the guarded intent with it.
            guarded: Which of them are of that intent.
            examples: The examples.
            counted: Which of them count.
        """

        def shares(among: Flags) -> dict[str, float]:
            return {
                str(code): float(fires[among & (examples.languages == code)].mean())
                for code in np.unique(examples.languages[among])
            }

        others = ~guarded & counted
        near = others & examples.near
        return cls(
            value=value,
            all_alarms=float(fires[others].mean()),
            near_alarms=float(fires[near].mean()) if near.any() else 0.0,
            found=shares(guarded & counted),
            alarms=shares(others),
            near=shares(near),
            fires=fires,
        )

    def __str__(self) -> str:
        alarms = f"false alarms {self.all_alarms:.2%}, on near misses {self.near_alarms:.2%}"
        cells = [f"{self.value:.4f}  {alarms}"]
        for name, values in (
            ("found", self.found),
            ("false alarms by language", self.alarms),
            ("near misses", self.near),
        ):
            told = " ".join(f"{code} {value:.2%}" for code, value in values.items())
            cells.append(f"{name} {told}")
        return "  ".join(cells)


def take(effects: Sequence[Effect], goal: float = FALSE_ALARM_GOAL) -> Effect:
    """The easiest value with which the false alarms meet the goal; the strictest if none does.

    They are counted on near misses, as the goal says, and over all languages: one language's harder
    ones must not let danger be overlooked in all the others.

    Args:
        effects: From the strictest value to the easiest.
        goal: The largest share of near misses that may be taken for the guarded intent.
    """
    good = [one for one in effects if one.near_alarms <= goal]
    return good[-1] if good else effects[0]
