"""`python -m bench`: prints one table; says what misses its goal and exits 1 if anything does."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import uuid
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from bench import bare, desk, graph, product, webhooks
from bench.memory import resident
from bench.webhooks import Found, quantile

ROUNDS = 12
TURNS = 8
RATE = 20
SECONDS = 30
TEXTS = (
    "what is your address",
    "how long does it take",
    "which papers do I need",
    "where do I apply",
    "is there an interview",
    "do I need a job",
    "what does it cost",
    "are you a robot",
)
BARE_TEXTS = ("what is your address", "where are you", "how can i call you", "hello")


async def main() -> int:
    """Measure everything and print it; 0 if every goal is met."""
    with tempfile.TemporaryDirectory(prefix="impreuna-bench-") as folder:
        base = prepare(Path(folder))
        async with AsyncExitStack() as stack:
            at = await stack.enter_async_context(graph.listening())
            settings = webhooks.environment(at)
            running = product.running(base / "state", settings)
            address, pid = await stack.enter_async_context(running)
            await asyncio.sleep(20)  # at rest
            memory = resident(pid)
            sockets = str(base / "state" / "run")
            async with bare.running(base / "bare", sockets, "postgres") as other:
                turns = await measure_turns(address, other)
            acceptance = await measure_acceptance(address)
            await asyncio.sleep(30)  # what was accepted is answered
            whatsapp = await webhooks.measure(address, at)
            queue = await desk.measure(address, base / "state")
    return report(turns, acceptance, whatsapp, queue, memory)


def prepare(base: Path) -> Path:
    """A folder that PostgreSQL's own user can enter, with one for the bare Rasa."""
    base.chmod(0o755)
    (base / "bare").mkdir()
    return base


async def measure_turns(address: str, other: str) -> dict[str, list[float]]:
    """The bare Rasa, a turn by choice, a turn by text: in turn, round by round."""
    times: dict[str, list[float]] = {"bare": [], "choice": [], "text": []}
    async with aiohttp.ClientSession() as session:
        for number in range(ROUNDS + 1):
            round_times = {
                "bare": await bare_round(session, other),
                "choice": await choice_round(session, address),
                "text": await text_round(session, address),
            }
            if number:  # the first warms up
                for name, found in round_times.items():
                    times[name] += found
    return times


async def bare_round(session: aiohttp.ClientSession, address: str) -> list[float]:
    """One new sender, `TURNS` messages."""
    sender = uuid.uuid4().hex
    return [
        await bare.turn(session, address, sender, BARE_TEXTS[i % len(BARE_TEXTS)])
        for i in range(TURNS)
    ]


async def choice_round(session: aiohttp.ClientSession, address: str) -> list[float]:
    """One new person who answers the interview by its first choice, again and again.

    Where the only choice is "I do not know", the person types the answer; that is not counted.
    """
    chat = product.Chat(session, address)
    await chat.open()
    await chat.turn({"text": "Can I bring my wife and my child?"})
    times: list[float] = []
    while len(times) < TURNS:
        for typed in ("40", "May 2023"):
            if len(chat.choices) == 1:
                await chat.turn({"text": typed})
        times.append(await chat.turn({"choice": chat.choices[0]["id"]}))
    await chat.close()
    return times


async def text_round(session: aiohttp.ClientSession, address: str) -> list[float]:
    """One new person who types questions."""
    chat = product.Chat(session, address)
    await chat.open()
    times = [await chat.turn({"text": text}) for text in TEXTS[:TURNS]]
    await chat.close()
    return times


async def measure_acceptance(address: str) -> list[float]:
    """`RATE` messages a second from as many people, while the bot answers them."""
    async with aiohttp.ClientSession() as session:
        chats = [product.Chat(session, address) for _ in range(RATE * 3)]
        for chat in chats:
            await chat.open()
            await chat.close()
        tasks: list[asyncio.Task[float]] = []
        started = asyncio.get_running_loop().time()
        for number in range(RATE * SECONDS):
            due = started + number / RATE
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            chat = chats[number % len(chats)]
            content = {"text": TEXTS[number % len(TEXTS)]}
            tasks.append(asyncio.create_task(chat.accept(content)))
        return list(await asyncio.gather(*tasks))


def report(
    turns: dict[str, list[float]],
    acceptance: list[float],
    whatsapp: Found,
    queue: desk.Found,
    memory: dict[str, int],
) -> int:
    """Print the table and what misses its goal."""
    base = statistics.median(turns["bare"])
    print(f"{'':34}{'p50 ms':>9}{'p95 ms':>9}{'times bare':>12}{'goal':>8}")
    for name, label, goal in (
        ("bare", "bare Rasa, static reply", None),
        ("choice", "a turn by choice", 2.5),
        ("text", "a turn by text", 3.0),
    ):
        p50, p95 = quantile(turns[name], 50), quantile(turns[name], 95)
        print(f"{label:34}{p50 * 1e3:9.1f}{p95 * 1e3:9.1f}{p50 / base:12.2f}{goal or '':>8}")
    p99 = quantile(acceptance, 99)
    print(f"{f'acceptance at {RATE}/s, p99':34}{p99 * 1e3:9.1f}{'':9}{'':12}{'50 ms':>8}")
    print("\n".join([*whatsapp.rows(), *queue.rows()]))
    total = sum(memory.values())
    parts = ", ".join(f"{name} {size}" for name, size in sorted(memory.items()))
    print(f"{'memory at rest, MB (PSS)':34}{total:9}{'':9}{'':12}{'1600':>8}   {parts}")
    missed = [
        name
        for name, met in (
            ("choice", quantile(turns["choice"], 50) <= 2.5 * base),
            ("text", quantile(turns["text"], 50) <= 3.0 * base),
            ("acceptance", p99 < 0.050),
            ("memory", total < 1600),
        )
        if not met
    ]
    missed += whatsapp.missed + queue.missed
    print("all goals met" if not missed else f"missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
