"""WhatsApp under load: how soon a webhook is acknowledged, and whether every answer arrives.

First one person of each language asks slowly, waiting for every answer. Then many people ask
the same at once. Each of them must hear exactly what the slow person heard: a bubble less is
lost, one more is doubled, another order is disorder.

`python -m bench.webhooks` measures this alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench import graph, product
from bench.graph import Graph

PEOPLE = 300
RATE = 50
TEXTS = {
    "en": (
        "hello",
        "what is your address",
        "how long does it take",
        "which papers do I need",
        "where do I apply",
        "is there an interview",
        "do I need a job",
        "what does it cost",
        "are you a robot",
        "I am a refugee, can I bring my wife and my two children from Turkey?",
    ),
    "ro": (
        "bună ziua",
        "care este adresa voastră?",
        "cât durează?",
        "ce acte îmi trebuie?",
        "unde depun cererea?",
        "trebuie să merg la un interviu?",
        "am nevoie de un loc de muncă?",
        "cât costă?",
        "ești robot?",
        "sunt refugiat, pot să-mi aduc soția și cei doi copii din Turcia?",
    ),
    "ar": (
        "مرحبا",
        "ما هو عنوانكم؟",
        "كم من الوقت يستغرق ذلك؟",
        "ما هي الأوراق التي أحتاجها؟",
        "أين أقدم الطلب؟",
        "هل هناك مقابلة؟",
        "هل أحتاج إلى عمل؟",
        "كم يكلف ذلك؟",
        "هل أنت روبوت؟",
        "أنا لاجئ، هل يمكنني إحضار زوجتي وطفلي من تركيا؟",
    ),
}
SECRET = "bench-secret"
NUMBER = "106540352242922"
GOAL_P99, GOAL_MAX = 0.050, 0.250
PATIENCE = 300.0
_QUIET = 2.0


@dataclass
class Found:
    """What was measured; times in seconds, the rest counts bubbles or people."""

    times: list[float] = field(default_factory=list)
    refused: int = 0
    waited: float = 0.0
    bubbles: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0

    @property
    def missed(self) -> list[str]:
        """Name the goals that were not met."""
        goals = {
            "webhook p99": quantile(self.times, 99) < GOAL_P99,
            "webhook max": max(self.times) < GOAL_MAX,
            "webhook refused": not self.refused,
            "answers lost": not self.lost,
            "answers doubled": not self.doubled,
            "answers in order": not self.disordered,
        }
        return [name for name, met in goals.items() if not met]

    def rows(self) -> list[str]:
        """Give the rows of the table: name, then milliseconds, then the goal."""
        took = f"webhook 200 at {RATE}/s"
        return [
            f"{took + ', p50':34}{quantile(self.times, 50) * 1e3:9.1f}",
            f"{took + ', p99':34}{quantile(self.times, 99) * 1e3:9.1f}{'':21}{'50 ms':>8}",
            f"{took + ', max':34}{max(self.times) * 1e3:9.1f}{'':21}{'250 ms':>8}",
            f"{'answered after the last, s':34}{self.waited:9.1f}{'':21}{'300':>8}"
            f"   {len(self.times)} messages of {PEOPLE} people, {self.bubbles} bubbles",
            f"{'lost, doubled, out of order':34}"
            f"{f'{self.lost}, {self.doubled}, {self.disordered}':>9}{'':21}{'0, 0, 0':>8}",
        ]


class Person:
    """Somebody on WhatsApp, who writes through the webhook."""

    def __init__(self, session: aiohttp.ClientSession, address: str, number: int, language: str):
        self._session = session
        self._url = f"{address}/webhooks/whatsapp"
        self.phone = f"4070{number:07}"
        self.language = language
        self._said = 0

    async def say(self) -> float:
        """Send the next text; seconds until the 200.

        Raises:
            RuntimeError: If anything else came back.
        """
        body = self._webhook(TEXTS[self.language][self._said])
        self._said += 1
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        started = time.perf_counter()
        async with self._session.post(self._url, data=body, headers=headers) as resp:
            await resp.read()
            if resp.status != 200:
                raise RuntimeError(f"not acknowledged: {resp.status}")
        return time.perf_counter() - started

    def _webhook(self, text: str) -> bytes:
        message = {
            "from": self.phone,
            "from_user_id": f"RO.{self.phone}",
            "id": f"wamid.bench.{self.phone}.{self._said}",
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": text},
        }
        contact = {
            "profile": {"name": "Somebody"},
            "wa_id": self.phone,
            "user_id": f"RO.{self.phone}",
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "40312345678", "phone_number_id": NUMBER},
            "contacts": [contact],
            "messages": [message],
        }
        change = {"value": value, "field": "messages"}
        entry = {"id": "419561257915477", "changes": [change]}
        # Escaped, as Meta escapes what it signs.
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def environment(at: Graph) -> dict[str, str]:
    """Settings that make the product speak with the stand-in."""
    return {
        "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
        "WHATSAPP_ACCESS_TOKEN": "bench-token",
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": "bench-verify",
        "WHATSAPP_GRAPH_URL": at.url,
    }


async def measure(address: str, at: Graph) -> Found:
    """Measure on a running product that was started with `environment(at)`."""
    found = Found()
    async with aiohttp.ClientSession() as session:
        expected = await learn(session, address, at)
        languages = list(TEXTS)
        people = [
            Person(session, address, 1000 + number, languages[number % len(languages)])
            for number in range(PEOPLE)
        ]
        await load(people, found)
        started = time.perf_counter()
        await settle(people, at, expected)
        found.waited = max(0.0, time.perf_counter() - started)
    for person in people:
        judge(at.heard[person.phone], expected[person.language], found)
    found.doubled += len(at.keys) - len(set(at.keys))
    return found


async def learn(session: aiohttp.ClientSession, address: str, at: Graph) -> dict[str, list[str]]:
    """Let one person of each language ask slowly; gives what each heard."""
    teachers = [Person(session, address, number, language) for number, language in enumerate(TEXTS)]
    await asyncio.gather(*(ask_slowly(teacher, at) for teacher in teachers))
    return {teacher.language: list(at.heard[teacher.phone]) for teacher in teachers}


async def ask_slowly(teacher: Person, at: Graph) -> None:
    """Say everything, one after the other, each after the whole answer."""
    for _ in TEXTS[teacher.language]:
        before = len(at.heard[teacher.phone])
        await teacher.say()
        await at.wait_for(teacher.phone, before + 1, 30.0)
        await until_quiet(teacher.phone, at)


async def until_quiet(phone: str, at: Graph) -> None:
    """Wait until nothing more comes to a person."""
    while True:
        heard = len(at.heard[phone])
        await asyncio.sleep(_QUIET)
        if len(at.heard[phone]) == heard:
            return


async def load(people: list[Person], found: Found) -> None:
    """Let all people say everything, `RATE` messages a second, each in turn."""
    clock = asyncio.get_running_loop().time
    started = clock()
    tasks = []
    for number in range(PEOPLE * len(TEXTS["en"])):
        await asyncio.sleep(max(0.0, started + number / RATE - clock()))
        tasks.append(asyncio.create_task(people[number % PEOPLE].say()))
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, float):
            found.times.append(outcome)
        else:
            found.refused += 1
    if not found.times:
        raise RuntimeError("no webhook was acknowledged")


async def settle(people: list[Person], at: Graph, expected: dict[str, list[str]]) -> None:
    """Wait until everybody heard as much as was expected, at most `PATIENCE`."""
    ends = time.perf_counter() + PATIENCE
    for person in people:
        left = ends - time.perf_counter()
        try:
            await at.wait_for(person.phone, len(expected[person.language]), max(0.0, left))
        except (TimeoutError, asyncio.TimeoutError):
            return


def judge(heard: list[str], expected: list[str], found: Found) -> None:
    """Compare what a person heard with what there was to hear."""
    lost, more = Counter(expected) - Counter(heard), Counter(heard) - Counter(expected)
    found.bubbles += len(heard)
    found.lost += lost.total()
    found.doubled += more.total()
    found.disordered += not lost and not more and heard != expected


def quantile(values: list[float], percent: int) -> float:
    """The value below which that share of the values lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def enterable(base: Path) -> Path:
    """Let PostgreSQL's own user into a folder."""
    base.chmod(0o755)
    return base


async def main() -> int:
    """Measure on a product of our own and print the rows; 0 if every goal is met."""
    with tempfile.TemporaryDirectory(prefix="impreuna-bench-") as folder:
        base = enterable(Path(folder))
        async with graph.listening() as at:
            settings = environment(at)
            async with product.running(base / "state", settings) as (address, _pid):
                found = await measure(address, at)
    print("\n".join(found.rows()))
    print("all goals met" if not found.missed else f"missed: {', '.join(found.missed)}")
    return 1 if found.missed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
