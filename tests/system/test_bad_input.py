"""Whatever arrives gets a clear answer, and the conversation goes on at its question."""

from __future__ import annotations

import pytest
import pytest_asyncio
from aiohttp import ClientResponse

from tests.system.conftest import Arrive
from tests.system.database import handoffs_of
from tests.system.person import Person, question_of
from tests.system.product import Product
from tests.system.speech import read_speech

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

SPEECH = read_speech("en")
FATHER = SPEECH["father"]


class Interviewed:
    """A person in the middle of the interview, with the question that waits."""

    def __init__(self, person: Person, question: str) -> None:
        self.person = person
        self.question = question

    async def assert_goes_on(self) -> None:
        """The question still takes its answer, and the next one comes."""
        told = await self.person.say(FATHER["answers"][self.question])
        assert question_of(told) not in (None, self.question)
        await self.person.assert_one_answer_each()


@pytest_asyncio.fixture(loop_scope="session")
async def father(arrive: Arrive) -> Interviewed:
    person = await arrive()
    question = question_of(await person.say(FATHER["first"]))
    assert question is not None
    return Interviewed(person, question)


async def refused(answer: ClientResponse) -> tuple[int, str]:
    """The status and the code of an error in the one shape of errors."""
    body = await answer.json()
    assert set(body) == {"error"}, body
    assert body["error"]["message"]
    return answer.status, body["error"]["code"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200f\u200b", "\u202e\u2066"])
async def test_a_message_that_shows_nothing_is_refused(father: Interviewed, text: str) -> None:
    assert await refused(await father.person.post(text=text)) == (400, "empty_message")
    await father.assert_goes_on()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "invalid_json"),
        (b'{"id": "1", "text": "hello"', "invalid_json"),
        (b"\xff\xfe\x00", "invalid_json"),
        (b"[]", "invalid_json"),
        (b"[" * 5000, "invalid_json"),
        (b"{}", "invalid_id"),
        (b'{"id": 7, "text": "hello"}', "invalid_id"),
        (b'{"id": "1"}', "invalid_message"),
        (b'{"id": "1", "text": 5}', "invalid_message"),
        (b'{"id": "1", "text": "hello", "choice": "1-1"}', "invalid_message"),
        (b'{"id": "1", "choice": "no such form"}', "invalid_choice"),
    ],
)
async def test_a_broken_body_is_refused_by_its_fault(
    father: Interviewed, data: bytes, code: str
) -> None:
    assert await refused(await father.person.post(data=data)) == (400, code)
    await father.assert_goes_on()


async def test_a_body_of_a_megabyte_is_refused(father: Interviewed) -> None:
    status, _ = await refused(
        await father.person.post(data=b'{"id": "1", "text": "' + b"x" * 10**6)
    )
    assert status == 413
    await father.assert_goes_on()


async def test_ten_thousand_characters_are_too_many_and_the_person_hears_it(
    father: Interviewed,
) -> None:
    told = await father.person.say("my family " * 1000)
    assert told["names"] == ["utter_sorry_too_long"]
    await father.assert_goes_on()


async def test_danger_in_a_message_that_is_too_long_is_heard(
    father: Interviewed, product: Product
) -> None:
    told = await father.person.say(SPEECH["danger"] + " please help" * 1000)
    assert told["names"][0] == "utter_safety"
    [handoff] = handoffs_of(product.database_url, father.person.token)
    assert handoff["priority"] == "danger"
    await father.assert_goes_on()


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f62d\U0001f64f\U0001f3fd\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "//",
        '/inform{"x":',
        '/inform{"sponsor_status": "zzz"}',
        "/xyzzy",
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        "{{7*7}} {person} %s %(name)s",
        "a\x00b\x07\x1b[31m",
        "\ud83d",
        "A\u0301" * 300,
        "x'); SELECT 1; --",
        "\U0001f62d\U0001f64f",
    ],
)
async def test_odd_text_commands_nothing_and_the_question_comes_back(
    father: Interviewed, text: str
) -> None:
    told = await father.person.say(text)
    assert question_of(told) == father.question, told["names"]
    assert "utter_sorry_down" not in told["names"]
    assert "<script" not in told["text"]
    await father.assert_goes_on()


@pytest.mark.parametrize("text", ["/restart", "  /restart", "\u202e/restart", "\uff0frestart"])
async def test_a_typed_command_is_no_more_than_its_word(father: Interviewed, text: str) -> None:
    told = await father.person.say(text)
    # The word asks for it, and the language is kept: Rasa's own command would forget it.
    assert told["names"] == ["utter_restarted", "utter_menu"]
    assert told["language"] == SPEECH.language
    again = await father.person.say(FATHER["first"])
    assert question_of(again) == father.question
    await father.assert_goes_on()


async def test_an_answer_between_overrides_is_read_as_what_it_shows(father: Interviewed) -> None:
    answer = FATHER["answers"][father.question]
    told = await father.person.say(f"\u202e{answer}\u202c")
    assert question_of(told) not in (None, father.question)
    await father.person.assert_one_answer_each()


async def test_another_persons_key_opens_only_that_persons_conversation(
    father: Interviewed, arrive: Arrive
) -> None:
    other = await arrive()
    await other.say(SPEECH["hello"])
    assert len(await other.messages()) == 2
    other.token = father.person.token[:-1] + ("A" if father.person.token[-1] != "A" else "B")
    assert await refused(await other.post(text="hello")) == (401, "unauthorized")
    other.token = ""
    assert await refused(await other.post(text="hello")) == (401, "unauthorized")
    await father.assert_goes_on()


@pytest.mark.parametrize("choice", ["999-1", "2-99", "1-1"])
async def test_an_unknown_choice_is_passed_and_the_question_comes_back(
    father: Interviewed, choice: str
) -> None:
    told = await father.person.choose(choice)
    assert told["names"] == ["utter_question_passed", father.question]
    assert told["choices"]
    await father.assert_goes_on()


async def test_a_stale_choice_is_passed_and_the_question_comes_back(father: Interviewed) -> None:
    [_, asked] = await father.person.messages()
    told = await father.person.choose(asked["choices"][0]["id"])
    question = question_of(told)
    again = await father.person.choose(asked["choices"][1]["id"])
    assert again["names"] == ["utter_question_passed", question]
    assert [c["title"] for c in again["choices"]] == [c["title"] for c in told["choices"]]
    assert question is not None
    await Interviewed(father.person, question).assert_goes_on()


async def test_the_same_id_counts_once_and_another_content_under_it_is_refused(
    father: Interviewed,
) -> None:
    answer = FATHER["answers"][father.question]
    first = await father.person.post(id="mine", text=answer)
    again = await father.person.post(id="mine", text=answer)
    assert (first.status, again.status) == (202, 200)
    assert await first.json() == await again.json()
    status, _ = await refused(await father.person.post(id="mine", text="something else"))
    assert status == 409
    await father.person.hear((await first.json())["seq"])
    await father.person.assert_one_answer_each()


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "٣"])
async def test_a_place_that_is_no_number_is_refused(father: Interviewed, after: str) -> None:
    assert await refused(await father.person.get_messages(after)) == (400, "invalid_after")
