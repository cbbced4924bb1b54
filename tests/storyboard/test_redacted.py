"""Code is read without its secrets: neither rules nor a model see them, and no result holds them."""

from pathlib import Path

import pytest

from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader
from storyloom.storyboard.code.understand import StaticCodeUnderstanding
from storyloom.storyboard.pipeline import source_name
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.redacted import RedactedCodeUnderstanding, without_secrets
from tests.storyboard.conftest import FixedReading

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "code").iterdir())
SOURCES = sorted((ROOT / "src" / "storyloom" / "jobs").glob("*.py"))
AWS = "AK" + "IAQWERTYUIOPASDFGH"
PRESETS = Catalogue.load()
BRIEF = Brief(
    PRESETS.icp["coperniq_mep"], PRESETS.stages["preview"], PRESETS.audiences["c_suite"], None
)
STATIC = StaticCodeUnderstanding(TreeSitterCodeReader())


CODE = {file.name: file.read_text("utf-8") for file in [*EXAMPLES, *SOURCES]}


@pytest.mark.parametrize("name", CODE)
async def test_code_without_secrets_is_read_as_before(name: str) -> None:
    made = await RedactedCodeUnderstanding(STATIC).understand(name, CODE[name], BRIEF)

    assert made == await STATIC.understand(name, CODE[name], BRIEF)


async def test_the_reading_sees_neither_the_texts_secrets_nor_the_names() -> None:
    reading = FixedReading()
    text = f'import os\n\nKEY = "{AWS}"\npassword = "Mango-9931"\n'

    made = await RedactedCodeUnderstanding(reading).understand("of Mango-9931.py", text, BRIEF)

    assert AWS not in repr(reading.seen)
    assert "Mango-9931" not in repr(reading.seen)
    assert made.degraded == (
        "2 secrets were left out of the reading (line 3: AWS access key; line 4: assigned secret).",
        "A secret in the file's name was left out of the reading.",
    )


async def test_evidence_points_at_the_lines_of_the_file_as_it_came() -> None:
    roi = CODE["roi_calculator.py"]
    key = "-----BEGIN PRIVATE KEY-----\n" + "aB3dE5fG7hJ9kL2m\n" * 6 + "-----END PRIVATE KEY-----\n"
    text = f'"""{roi.split(chr(34) * 3)[1]}"""\nKEY = """{key}"""\n{roi.split(chr(34) * 3, 2)[2]}'

    made = await RedactedCodeUnderstanding(STATIC).understand("roi_calculator.py", text, BRIEF)

    pure = await STATIC.understand("roi_calculator.py", text, BRIEF)
    assert made.evidence == pure.evidence
    assert made.degraded == (
        *pure.degraded, "1 secret was left out of the reading (line 7: private key).",
    )  # fmt: skip


def test_few_places_are_named_and_the_rest_is_counted() -> None:
    text = "".join(f'password = "Mango-99{n}"\n' for n in range(7))

    (note,) = without_secrets("x.py", text).notes

    assert note.startswith("7 secrets were left out of the reading (line 1: assigned secret; ")
    assert note.endswith("line 4: assigned secret; and 3 more).")


def test_hashes_are_left_out_without_a_word() -> None:
    shown = without_secrets("x.py", 'digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd"')

    assert shown.text == 'digest = "[[REDACTED_OPAQUE_TEXT_1]]"'
    assert shown.notes == ()


async def test_a_wished_headline_is_the_callers_own_word() -> None:
    wish = Brief(BRIEF.icp, BRIEF.stage, BRIEF.audience, f"Never say {AWS}")

    made = await RedactedCodeUnderstanding(STATIC).understand("x.py", "def f(): ...", wish)

    assert made.headline == f"Never say {AWS}"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (f"src\\keys-{AWS}.py", "keys.py"),
        (f"{AWS}.py", "file.py"),
        (f"of {AWS}", "of"),
        (AWS, "file"),
        ("src/keys.py", "keys.py"),
    ],
)
def test_a_secret_in_a_files_name_is_not_shown_on_the_board(given: str, shown: str) -> None:
    assert source_name(given) == shown


SPEAKING = {
    "module doc": f'"""Sends invoices. The key is {AWS} for now."""\ndef send_invoice(): ...\n',
    "function doc": f'def send_invoice():\n    """Send it with {AWS}."""\n',
    "heading": f"# Guide to {AWS}\n\nUse {AWS} to send invoices.\n",
    "name": f"class Invoice:\n    pass\n\ndef send_{AWS}(invoice_{AWS}): ...\n",
    "import": f"import {AWS}\nfrom a import b\n\ndef send_invoice(): ...\n",
    "text": f'def send_invoice():\n    raise ValueError("send it with {AWS} please")\n',
    "setting": "# Sends invoices\npassword=tr0ub4dor&3\n",
    "route": f'@app.get("/invoices/{AWS}")\ndef invoices(): ...\n',
}


@pytest.mark.parametrize("ending", ["py", "md", "js", "sh"])
@pytest.mark.parametrize("kind", SPEAKING)
async def test_neither_a_secret_nor_its_placeholder_is_spoken_of(kind: str, ending: str) -> None:
    text = SPEAKING[kind]

    made = await RedactedCodeUnderstanding(STATIC).understand(f"invoices.{ending}", text, BRIEF)

    said = " ".join(value for value in made.model_dump().values() if isinstance(value, str)).lower()
    assert not [
        word for word in (AWS.lower(), "redacted", "[[", "000", "tr0ub4dor") if word in said
    ]


async def test_a_placeholder_does_not_tell_what_a_file_is_about() -> None:
    """`SECRET` and `ACCESS KEY` are words of ours, not of the file."""
    text = f'def total(orders):\n    """Add up the orders."""\nKEY = "{AWS}"\n'
    made = await RedactedCodeUnderstanding(STATIC).understand("orders.py", text, BRIEF)

    pure = await STATIC.understand("orders.py", text.replace(AWS, "-"), BRIEF)
    assert made.model_copy(update={"degraded": pure.degraded}) == pure
