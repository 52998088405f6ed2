"""What the stand-in answers: scripted messages in three languages."""

from __future__ import annotations

from typing import Any

LANGUAGES = [
    {"code": "en", "name": "English", "direction": "ltr"},
    {"code": "ro", "name": "Română", "direction": "ltr"},
    {"code": "ar", "name": "العربية", "direction": "rtl"},
]
DIRECTIONS = {item["code"]: item["direction"] for item in LANGUAGES}

GREETING = {
    "en": "Hello. I can tell you what the rules say. What do you want to know?",
    "ro": "Bună. Îți pot spune ce spun regulile. Ce vrei să știi?",
    "ar": "مرحبًا. يمكنني أن أقول لك ما تقوله القواعد. ماذا تريد أن تعرف؟",
}
CHOICES = {
    "en": [("Who can come", "Wife, husband, children, parents"), ("Which papers", None)],
    "ro": [("Cine poate veni", "Soția, soțul, copiii, părinții"), ("Ce acte trebuie", None)],
    "ar": [("من يمكنه أن يأتي", "الزوجة، الزوج، الأولاد، الوالدان"), ("ما هي الأوراق", None)],
}
PHONES = {
    "en": "Call CNRR: +40 21 312 62 10 or 021 201 78 73, or write to office@cnrr.ro.\n"
    "In danger: 112. The law is 122/2006. See https://help.unhcr.org/romania/.",
    "ro": "Sună la CNRR: +40 21 312 62 10 sau 021 201 78 73, ori scrie la office@cnrr.ro.\n"
    "În pericol: 112. Legea este 122/2006. Vezi https://help.unhcr.org/romania/.",
    "ar": "اتصل بـ CNRR: +40 21 312 62 10 أو 021 201 78 73، أو اكتب إلى office@cnrr.ro.\n"
    "في خطر: 112. القانون هو 122/2006. المدة 3-5 أيام. انظر https://help.unhcr.org/romania/.",
}
ANSWER = {
    "en": "Thank you. I noted: {said}",
    "ro": "Mulțumesc. Am notat: {said}",
    "ar": "شكرًا. كتبتُ: {said}",
}


def reply(language: str, said: str) -> list[dict[str, Any]]:
    """Return the bot's messages for what was said; the words that matter are the tests' own."""
    low = said.casefold().strip()
    named = [item["code"] for item in LANGUAGES if item["name"].casefold() == low]
    if named:
        return [greeting(named[0])]
    if low in {"hello", "bună ziua", "مرحبا"}:
        return [greeting(language)]
    if low == "delete my data":
        return [bot(language, "All gone.", names=["utter_erased"])]
    if low == "phone":
        links = [
            {"title": "UNHCR", "url": "https://help.unhcr.org/romania/"},
            {"title": "Bad", "url": "javascript:alert(1)"},
        ]
        return [bot(language, PHONES[language], links=links)]
    if low == "person":
        return [dict(bot(language, GREETING[language]), author="agent", agent="Ana")]
    if low in {"keep", "no keep"}:
        return [bot(language, "ok"), {"kind": "status", "keep_key": low == "keep"}]
    return [bot(language, ANSWER[language].format(said=said))]


def greeting(language: str) -> dict[str, Any]:
    choices = [
        {"id": f"c{number}", "title": title} | ({"description": about} if about else {})
        for number, (title, about) in enumerate(CHOICES[language], start=1)
    ]
    return bot(language, GREETING[language], choices=choices)


def bot(language: str, text: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"choices": [], "links": [], "names": [], "findings": []}
    return (
        {"kind": "message", "author": "bot", "text": text, "language": language}
        | {"direction": DIRECTIONS[language]}
        | empty
        | more
    )
