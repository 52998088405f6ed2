"""Which calendar a year is of, and what the months of the Hijri calendars are called.

Years from 1300 to 1450 are of a Hijri calendar. Which one is told, in this order, by

1. a month of one of them beside it ("12 mordad 1389", "5 رمضان 1431");
2. a word for the calendar beside it ("1389 shamsi", "١٤٣١ هـ"); "hijri" alone is the calendar of
   the message's language, and the lunar one where that has none;
3. the message's language: Solar Hijri where Iran and Afghanistan count so, Hijri where it is the
   other calendar of the country (ar, ur, bn, so).

Where nothing tells, 1389 stays a number and a date such as 1389/5/12 tells nothing at all: its 5
and 12 are no ages. The Kurdish calendar (2700 and more) is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.i18n.calendars import Calendar, days_of
from bot.safety import Lookup

FIRST_YEAR, LAST_YEAR = 1300, 1450
# Marks that only mean something together with others; none of them is an entity.
OLD_DATE = "date?"
CALENDAR = "calendar?"
OWN = "own"
MONTH_KINDS = {"solar_month?": Calendar.SOLAR, "hijri_month?": Calendar.HIJRI}
_CALENDARS = {
    **dict.fromkeys(("fa", "prs", "ps", "ckb", "lrc", "mzn", "glk"), Calendar.SOLAR),
    **dict.fromkeys(("ar", "ur", "bn", "so", "sd", "pa", "ks", "dv", "ha"), Calendar.HIJRI),
}
# Iran, Afghanistan in Dari, in Pashto, Kurdistan in Iran; then as they are written in Latin.
_SOLAR_MONTHS = (
    "فروردین|حمل|وری|خاکەلێوە|farvardin|farwardin|hamal|wray|wrai",
    "اردیبهشت|ثور|غویی|گوڵان|بانەمەڕ|ordibehesht|ardibehesht|sawr|saur|sowr|thawr|ghwayay|ghwayi",
    "خرداد|جوزا|غبرګولی|جۆزەردان|khordad|jawza|jowza|jauza|ghbargolay|ghbargolai",
    "تیر|سرطان|چنګاښ|پووشپەڕ|tir|saratan|sartan|changash|chungash",
    "مرداد|امرداد|اسد|زمری|گەلاوێژ|mordad|amordad|asad|zmaray|zmarai",
    "شهریور|سنبله|وږی|خەرمانان|shahrivar|shahriwar|sonbola|sonbula|sunbula|wagay|wazhay",
    "مهر|میزان|تله|ڕەزبەر|mehr|mizan|tala",
    "آبان|عقرب|لړم|گەڵاڕێزان|خەزەڵوەر|aban|aqrab|laram",
    "آذر|قوس|لیندۍ|سەرماوەز|azar|qaws|qows|qaus|lindai|linday",
    "دی|جدی|مرغومی|بەفرانبار|dey|dei|jadi|jady|marghumay|marghomay",
    "بهمن|دلو|سلواغه|ڕێبەندان|bahman|dalw|dalwa|salwagha",
    "اسفند|حوت|کب|ڕەشەمە|esfand|hut|hoot|kab",
)
_HIJRI_MONTHS = (
    "محرم|محرم الحرام|muharram|moharram|muharrem|maxarram|মহররম|মুহাররম",
    "صفر|safar|safer|সফর",
    "ربيع الأول|ربيع اول|rabi al awwal|rabi ul awwal|rabi al awal|rabiul awal|রবিউল আউয়াল",
    "ربيع الثاني|ربيع الآخر|rabi al thani|rabi ul thani|rabi us sani|rabi al akhir|রবিউস সানি",
    "جمادى الأولى|جمادى الأول|jumada al ula|jumada al awwal|jamadi ul awwal|জমাদিউল আউয়াল",
    "جمادى الثانية|جمادى الثاني|جمادى الآخرة|jumada al thani|jumada al akhira|jamadi us sani|"
    "জমাদিউস সানি",
    "رجب|rajab|recep|রজব",
    "شعبان|shaban|shaaban|shacbaan|শাবান",
    "رمضان|رمضان المبارك|ramadan|ramadhan|ramazan|ramzan|ramadaan|রমজান|রমযান",
    "شوال|shawwal|shawal|শাওয়াল",
    "ذو القعدة|ذي القعدة|ذوالقعده|ذيقعده|dhu al qadah|dhul qadah|zul qadah|zulqadah|জিলকদ",
    "ذو الحجة|ذي الحجة|ذوالحجه|ذيحجه|dhu al hijjah|dhul hijjah|zul hijjah|zulhijjah|জিলহজ",
)
_CALENDAR_WORDS = {
    Calendar.SOLAR.value: "شمسی|هجری شمسی|ه.ش|ه ش|خورشیدی|هجری خورشیدی|لمریز|هجري لمریز|هەتاوی|"
    "کۆچی هەتاوی|shamsi|hijri shamsi|solar hijri|khorshidi|jalali",
    Calendar.HIJRI.value: "قمری|هجری قمری|ه.ق|ه ق|سپوږمیز|کۆچی مانگی|"
    "qamari|hijri qamari|lunar hijri",
    OWN: "هجري|هجرية|للهجرة|ه|کۆچی|হিজরি|hijri|hijriyah|hijriah|hijriya|hicri",
}


def is_old_year(number: int) -> bool:
    """Whether a number may be a year of a Hijri calendar that people speak of here."""
    return FIRST_YEAR <= number <= LAST_YEAR


def calendar_of(languages: Sequence[str]) -> Calendar | None:
    """The calendar of the language that a message is most likely in; None if nothing tells."""
    return _CALENDARS.get(languages[0]) if languages else None


def named_calendar(word: str, own: Calendar | None) -> Calendar:
    """What a calendar's word means: `solar`, `hijri`, or `own`, the calendar of the language."""
    return (own or Calendar.HIJRI) if word == OWN else Calendar(word)


def converted(
    calendar: Calendar, year: int, month: int | None = None, day: int | None = None
) -> str | None:
    """A date of a Hijri calendar, never more exact than it was told.

    A day is an ISO day; a month or a year, which lies across two Gregorian ones, is an ISO
    interval of its first and its last day: `2010-03-21/2011-03-20`. None if there is no such date.
    """
    days = days_of(calendar, year, month, day) if is_old_year(year) else None
    if days is None:
        return None
    first, last = (each.isoformat() for each in days)
    return first if day else f"{first}/{last}"


def calendar_names(language: str) -> Iterator[Lookup]:
    """Months and words of the calendars, for texts of any language: they are written in all.

    Many are everyday words ("cancer", "arrow", "love"), so they count beside a year only.
    """
    for kind, months in zip(MONTH_KINDS, (_SOLAR_MONTHS, _HIJRI_MONTHS), strict=True):
        for number, names in enumerate(months, 1):
            for name in names.split("|"):
                yield Lookup(language, kind, str(number), name)
    for value, names in _CALENDAR_WORDS.items():
        for name in names.split("|"):
            yield Lookup(language, CALENDAR, value, name)
