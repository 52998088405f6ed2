"""Whatever the bot says can be sent: two foreign libraries and an own count agree, nothing is lost.

The oracles build every message anew with their own builders; what they would post must be
what we post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from bot.channels.whatsapp.build import build
from bot.channels.whatsapp.parts import Address, Part, Template
from bot.channels.whatsapp.render import Words, render, render_document
from bot.conversations.message import Choice, Outbound
from bot.conversations.turn import Said, merge
from bot.i18n import SOURCE_LANGUAGE, Catalogs, Language, Responses
from bot.settings import PROJECT
from tests.whatsapp.peers import wire
from tests.whatsapp.peers.anything import PICTURES, outbounds
from tests.whatsapp.peers.limits import LIMITS, OTHER, Limit
from tests.whatsapp.peers.losses import losses
from tests.whatsapp.peers.oracles import Oracles, Verdict

pytest_plugins = ["tests.whatsapp.peers.plugin"]

SEQ = 41
WORDS = Words("Choose")
ADDRESS = Address(phone="40700000001")
CATALOGS = Catalogs()
LANGUAGES = sorted({SOURCE_LANGUAGE, *CATALOGS.languages()})


@pytest.fixture(scope="module")
def domain() -> Mapping[str, Any]:
    """The bot's own domain."""
    content: Mapping[str, Any] = yaml.safe_load((PROJECT / "domain.yml").read_text("utf-8"))
    return content


def payloads(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return built(render(body, SEQ, WORDS))


def built(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [build(part, ADDRESS, f"a-key-{number}") for number, part in enumerate(parts, start=1)]


# --- the oracles themselves


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_an_oracle_refuses_what_is_over_a_limit_and_its_blind_spots_are_known(
    oracles: Oracles, limit: Limit
) -> None:
    within, over = oracles.judge([limit.within, limit.over])
    assert [verdict.reason for verdict in within] == [None, None]
    assert {verdict.peer for verdict in over if verdict.reason is None} == set(limit.blind)
    assert wire.faults(limit.within) == []
    assert wire.faults(limit.over) != []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=outbounds())
def test_whatever_is_said_can_be_sent_and_nothing_of_it_is_lost(
    oracles: Oracles, body: Mapping[str, Any]
) -> None:
    sent = payloads(body)
    assert sent_faults(sent) == []
    assert refusals(oracles, sent) == []
    assert losses(body, SEQ, sent) == []


SIZES = (1, 1023, 1024, 1025, 1026, 4095, 4096, 4097, 8192, 12289)
WORDS_OF_TEXT = {
    "latin": "word",
    "arabic": "كلمة",
    "emoji": PICTURES[0],
    "family": PICTURES[1],
    "endless": "x" * 5000,
}
OFFERS = {
    "nothing": {},
    "buttons": {"choices": ("yes", "no")},
    "a list": {"choices": tuple(f"row {number}" for number in range(9))},
    "a numbered list": {"choices": tuple("long " * 12 + str(n) for n in range(9))},
    "numbered text": {"choices": tuple(f"row {number}" for number in range(11))},
    "a link": {"links": ("title",)},
}


@pytest.mark.parametrize("word", WORDS_OF_TEXT.values(), ids=WORDS_OF_TEXT)
@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
def test_a_text_around_a_limit_is_sent_whole(
    oracles: Oracles, word: str, offer: Mapping[str, Sequence[str]]
) -> None:
    bodies = [around(size, word, **offer) for size in SIZES]
    sent = [payloads(body) for body in bodies]
    for body, messages in zip(bodies, sent, strict=True):
        assert sent_faults(messages) == []
        assert losses(body, SEQ, messages) == []
    assert refusals(oracles, [one for messages in sent for one in messages]) == []


def around(
    size: int, word: str, choices: Sequence[str] = (), links: Sequence[str] = ()
) -> dict[str, Any]:
    """A message whose text is of a size, in UTF-16 units, or a unit longer."""
    text = (word + " ") * (size // wire.units(word + " "))
    return Outbound(
        text=text + "x" * (size - wire.units(text)),
        choices=tuple(Choice(title, "/x") for title in choices),
        links=tuple({"title": title, "url": "https://example.org/a"} for title in links),
    ).body()


@pytest.mark.parametrize("caption", ["", "Your papers", "كلمة " * 200, "A sentence. " * 400])
@pytest.mark.parametrize("filename", ["papers.pdf", "أوراق.pdf", "x" * 300 + ".pdf"], ids=len)
def test_a_file_can_be_sent_with_all_of_its_caption(
    oracles: Oracles, caption: str, filename: str
) -> None:
    sent = built(render_document("1003383421387256", filename, caption))
    assert sent_faults(sent) == []
    assert refusals(oracles, sent) == []
    assert caption.split() == " ".join(wire.main_text(payload) for payload in sent).split()
    assert sent[-1]["document"]["filename"].endswith(".pdf")


def test_a_template_can_be_sent(oracles: Oracles) -> None:
    sent = built([Template("answer_waiting", "ps_AF", "impreuna:waiting")])
    assert sent_faults(sent) == []
    assert refusals(oracles, sent) == []


# --- everything in the domain


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("offered", [0, 2, 12], ids=lambda count: f"{count} offered")
def test_every_response_of_the_domain_can_be_sent_in_every_language(
    oracles: Oracles, domain: Mapping[str, Any], language: str, offered: int
) -> None:
    bodies = {name: said(domain, name, language, offered) for name in domain["responses"]}
    sent = {name: payloads(body) for name, body in bodies.items()}
    wrong = {
        name: found
        for name, body in bodies.items()
        if (found := sent_faults(sent[name]) + losses(body, SEQ, sent[name]))
    }
    assert wrong == {}
    assert refusals(oracles, [one for messages in sent.values() for one in messages]) == []


def said(domain: Mapping[str, Any], name: str, language: str, offered: int) -> dict[str, Any]:
    """A response as the gateway gives it out, with long values."""
    source = domain["responses"][name][0]
    plural = (source.get("metadata") or {}).get("plural") or {}
    values = {value: sample(value) for value in placeholders(source)}
    if plural:
        values[plural["value"]] = {"number": 13}
    choices = [
        {"title": f"Abdul Rahman Al-Sayyid, {number}", "payload": f"/pick{number}"}
        for number in range(offered)
    ]
    rendered = Responses(domain, CATALOGS).render(name, language, values, choices)
    message = merge(
        [
            Said(
                text=rendered.text,
                name=name,
                choices=tuple(Choice(c.title, c.payload, c.description) for c in rendered.choices),
                numbered=rendered.numbered,
                links=tuple({"title": one.title, "url": one.url} for one in rendered.links),
            )
        ],
        language,
        Language(language).direction,
    )
    assert message is not None
    return message.body()


def placeholders(value: Any) -> set[str]:
    return set(re.findall(r"\{([a-z][a-z0-9_]*)\}", str(value)))


def sample(name: str) -> Any:
    """A long value: lines for what is told in lines, a name for the rest."""
    lines = {"lines": [f"{number}. عبد الرحمن: " + "x " * 40 for number in range(1, 13)]}
    return {"family": lines, "sources": lines, "age": {"number": 17}}.get(
        name, "Muhammad Abdul Rahman Al-Sayyid"
    )


# --- what is asked of every message


def sent_faults(sent: Sequence[wire.Payload]) -> list[str]:
    if not sent:
        return ["nothing is sent"]
    return [fault for payload in sent for fault in wire.faults(payload)]


def refusals(oracles: Oracles, sent: Sequence[wire.Payload]) -> list[str]:
    """What an oracle refuses, does not know, or would post differently."""
    return [
        f"{verdict.peer}: {complaint}"
        for payload, verdicts in zip(sent, oracles.judge(sent), strict=True)
        for verdict in verdicts
        for complaint in complaints(payload, verdict)
    ]


def complaints(payload: wire.Payload, verdict: Verdict) -> Iterator[str]:
    if not verdict.knows:
        yield f"does not know {wire.kind_of(payload)}"
    elif verdict.reason is not None:
        yield verdict.reason
    elif alike(verdict.posted, verdict.peer) != alike(payload, verdict.peer):
        yield f"would post {verdict.posted}, not {payload}"


def alike(payload: Any, peer: str) -> Any:
    """A message without what the libraries write differently and Meta takes either way."""
    if isinstance(payload, list):
        return [alike(one, peer) for one in payload]
    if not isinstance(payload, Mapping):
        return payload
    return {
        key: str(value) if key == "index" else alike(value, peer)
        for key, value in payload.items()
        if not (key == "preview_url" and not value) and not (key == "policy" and peer == OTHER)
    }
