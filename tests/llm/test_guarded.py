"""Nothing that can be told for a secret is asked of a model."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from storyloom.llm.fencing import fenced, lines_of
from storyloom.llm.guarded import GuardedLanguageModel, without_secrets
from storyloom.llm.schemas import Answer, Attachment, Question
from storyloom.outbound.schemas import FREE

AWS = "AK" + "IAQWERTYUIOPASDFGH"
MARK = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Said(BaseModel):
    words: str


@dataclass
class Echo:
    """Answers with what it was asked."""

    asked: list[Question[Any]] = field(default_factory=list[Question[Any]])

    async def ask(self, question: Question[Any]) -> Answer[Any]:
        self.asked.append(question)
        return Answer(question.answer(words=question.material), "echo:1", FREE)


def question(material: str, *, instructions: str = "Read.", complaint: str = "") -> Question[Said]:
    return Question(
        name="q",
        version="1",
        instructions=instructions,
        material=material,
        answer=Said,
        attachments=(Attachment(b"png", "image/png"),),
        complaint=complaint,
    )


async def test_material_and_complaint_are_asked_without_their_secrets() -> None:
    echo = Echo()
    said = question(f'password = "Mango-9931"\n# {AWS}', complaint="It says Mango-9931.")

    answer = await GuardedLanguageModel(echo).ask(said)

    asked = echo.asked[0]
    assert "Mango-9931" not in asked.material + asked.complaint
    assert AWS not in asked.material
    assert asked.complaint == "It says [[REDACTED_ASSIGNED_SECRET_1]]."
    assert answer.value.words == asked.material
    assert asked.attachments == said.attachments
    assert asked.answer is Said


def test_a_question_without_secrets_is_asked_as_it_is() -> None:
    said = question("total = price * count")

    assert without_secrets(said) == said


def test_what_was_guarded_once_is_left_as_it_is() -> None:
    once = without_secrets(question(f"key = '{AWS}'\nredis://:hunter2@cache"))

    assert without_secrets(once) == once


def test_a_mark_that_the_instructions_name_is_no_secret() -> None:
    said = question(f"'{MARK}'\nx = 1\n'{MARK}'", instructions=f"Between the lines with {MARK}.")

    assert without_secrets(said).material == said.material


def test_a_fenced_file_keeps_its_fences_and_the_numbers_of_its_lines() -> None:
    text = f"import os\nkey = '{AWS}'\n\npassword = 'hunter2'\nlast = 1\n"
    material = fenced("token.py", lines_of(text))

    made = without_secrets(question(material)).material.splitlines()

    before = material.splitlines()
    assert (made[0], made[-1]) == (before[0], before[-1])
    assert [line.partition("|")[0] for line in made] == [line.partition("|")[0] for line in before]
    assert made[2] == "2| key = '[[REDACTED_AWS_ACCESS_KEY_1]]'"
    assert made[4] == "4| password = '[[REDACTED_ASSIGNED_SECRET_2]]'"


def test_a_key_in_a_fenced_file_is_taken_out_and_its_lines_keep_their_numbers() -> None:
    body = ["MIIEowIBAAKCAQEA7bq0xTz" * 3, "aB3dE5fG7hJ9kL2mN4pQ6rS8" * 3]
    material = fenced("k.pem", ["-----BEGIN RSA PRIVATE KEY-----", *body, "-----END", "x"])

    made = without_secrets(question(material)).material

    assert not [line for line in body if line in made]
    assert "\n3| [[REDACTED_PRIVATE_KEY_1]]\n" in made
