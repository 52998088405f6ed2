"""What each row of the decision table is about, in a few words, for a line of the queue."""

from __future__ import annotations

from bot.i18n import Translator


def row_texts(words: Translator) -> dict[str, str]:
    """Name every row of tables A, B and C."""
    return {**_table_a(words), **_table_b(words), **_table_c(words)}


def _table_a(words: Translator) -> dict[str, str]:
    return {
        "A1": words.pgettext("desk", "in danger now"),
        "A2": words.pgettext("desk", "the family's application was refused"),
        "A2b": words.pgettext("desk", "visa refused after the approval"),
        "A3": words.pgettext("desk", "application pending for less than 9 months"),
        "A4": words.pgettext("desk", "application pending for 9 months or more"),
        "A5": words.pgettext("desk", "application approved"),
        "A7": words.pgettext("desk", "still an asylum seeker"),
        "A7a": words.pgettext("desk", "asylum seeker under 18 and alone, or 18 since"),
        "A8": words.pgettext("desk", "temporary protection"),
        "A9": words.pgettext("desk", "tolerated"),
        "A10": words.pgettext("desk", "asylum refused, no status"),
        "A11": words.pgettext("desk", "Romanian citizen"),
        "A12": words.pgettext("desk", "another status, or not known"),
        "A13": words.pgettext("desk", "the relative is in Romania"),
        "A14": words.pgettext("desk", "the relative is in another EU or Schengen state"),
        "A15": words.pgettext("desk", "nobody knows where the relative is"),
    }


def _table_b(words: Translator) -> dict[str, str]:
    return {
        "B1": words.pgettext("desk", "husband or wife, official marriage before the flight"),
        "B2": words.pgettext("desk", "married after the flight, before entering Romania"),
        "B3": words.pgettext("desk", "married after entering Romania"),
        "B4": words.pgettext("desk", "religious, proxy or late registered marriage"),
        "B5": words.pgettext("desk", "more than one husband or wife"),
        "B6": words.pgettext("desk", "marriage under 18, or forced"),
        "B7": words.pgettext("desk", "fiancé(e)"),
        "B8": words.pgettext("desk", "unmarried or same-sex partner"),
        "B9": words.pgettext("desk", "own child under 18, unmarried"),
        "B10": words.pgettext("desk", "stepchild under 18, unmarried"),
        "B11": words.pgettext("desk", "stepchild; the parents' marriage does not fit"),
        "B12": words.pgettext("desk", "child adopted before the asylum application"),
        "B12a": words.pgettext("desk", "child adopted after the asylum application"),
        "B13": words.pgettext("desk", "child raised, not adopted (kafala, foster care)"),
        "B14": words.pgettext("desk", "child born after the asylum application"),
        "B15": words.pgettext("desk", "married child under 18"),
        "B16": words.pgettext("desk", "child of 17"),
        "B17": words.pgettext("desk", "child grown up since the asylum application"),
        "B18": words.pgettext("desk", "child already 18 at the asylum application"),
        "B19": words.pgettext("desk", "grown child who depends for health reasons"),
        "B20": words.pgettext("desk", "mother or father of an adult"),
        "B21": words.pgettext("desk", "brother or sister"),
        "B22": words.pgettext("desk", "other relative"),
        "B24": words.pgettext("desk", "the rule gives no clear answer"),
    }


def _table_c(words: Translator) -> dict[str, str]:
    return {
        "C1": words.pgettext("desk", "child alone: mother or father"),
        "C2": words.pgettext("desk", "child alone: guardian"),
        "C3": words.pgettext("desk", "child alone: brother or sister"),
        "C4": words.pgettext("desk", "child alone: other relative, parents not found"),
        "C5": words.pgettext("desk", "child in Romania who is married or engaged"),
        "C6": words.pgettext("desk", "child alone: nobody knows where the parents are"),
        "C7": words.pgettext("desk", "child alone, aged 17: mother or father"),
        "C8": words.pgettext("desk", "turned 18 during the asylum procedure"),
        "C9": words.pgettext("desk", "turned 18 after status, had applied before"),
        "C10": words.pgettext("desk", "turned 18 after status, had not applied"),
        "C11": words.pgettext("desk", "child with a protected parent in Romania"),
        "C13": words.pgettext("desk", "child who is afraid or does not want it"),
        "C14": words.pgettext("desk", "child in Romania; the rule gives no clear answer"),
    }
