"""Where a country lies for the law: the home country, Romania, the EU and Schengen, elsewhere.

Source: row A13, A14 of the decision table; EU and Schengen membership as of 2025.
"""

from __future__ import annotations

EU_AND_SCHENGEN = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT SK SI ES SE "
    "IS LI NO CH".split()
)


def place_of(country: str, origin: str | None) -> str:
    """The value of `person.place` for an ISO country code.

    Without a known home country, a country outside the EU is told as `third_country`: the two
    never lead to different rows (invariant 4).
    """
    if country == "RO":
        return "romania"
    if country in EU_AND_SCHENGEN:
        return "eu"
    return "country_of_origin" if country == origin else "third_country"
