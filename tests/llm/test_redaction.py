"""Secrets are taken out of text: what is found, what stays, and how long it takes."""

import random
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyloom.llm.redaction import Finding, Redactor, redact, redacted
from storyloom.llm.redaction_shapes import SecretKind
from tests.llm.secret_samples import HELD_OUT, KNOWN, LAST, Chance, Make

ROOT = Path(__file__).parents[2]
AWS = "AK" + "IAQWERTYUIOPASDFGH"
HEX_KEY = "9f86d081884c7d659a2feaa0c55ad015"
DRAWS = range(5)


def left(make: Make) -> list[str]:
    """What remains of a sample's secrets, over a few draws."""
    samples = [make(Chance(seed)) for seed in DRAWS]
    return [part for one in samples for part in one.secrets if part in redacted(one.text).text]


# --- how much is found: the figures of docs/privacy.md


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_shape_is_found(name: str) -> None:
    assert left(KNOWN[name]) == []


@pytest.mark.parametrize(("group", "least"), [(HELD_OUT, 43), (LAST, 29)])
def test_most_other_shapes_are_found(group: dict[str, Make], least: int) -> None:
    found = [name for name in group if not left(group[name])]

    assert len(found) >= least


@pytest.mark.no_cover
def test_our_own_sources_hold_almost_nothing_that_looks_like_a_secret() -> None:
    files = sorted((ROOT / "src" / "storyloom").rglob("*.py"))
    files = [file for file in files if not file.name.startswith("redaction_")]
    found = [
        (file.name, finding)
        for file in files
        for finding in redacted(file.read_text("utf-8")).findings
    ]

    assert len(files) > 200
    assert len(found) <= 4, found


# --- what is left alone

ORDINARY = [
    "import hashlib",
    'password = os.environ["DB_PASSWORD"]',
    "password = get_password()",
    'api_key: str = Field(default="", description="API key")',
    'token = request.headers.get("X-Token")',
    "secret = settings.secret_key",
    'API_KEY = "your-api-key-here"',
    'PASSWORD = "changeme"',
    'example = "sk-xxxxxxxxxxxxxxxxxxxx"',
    'url = "postgresql://user:password@localhost:5432/db"',
    'url = f"postgresql://{user}:{password}@{host}/db"',
    'url = "https://$USER:$PASSWORD@host/"',
    "- Bearer token validation-and-verification-process",
    'uid = "59f64b1e-726a-439d-a6bc-0dfefcababdb"',
    "def test_secret_key_rotation_policy(): pass",
    "tokenizer = 'gpt-2-large-v1'",
    'model = "meta-llama/Llama-4-Maverick-17B-128E-Instruct"',
    "max_tokens = 4096",
    'messages = {"password": "Password is required"}',
    "class OAuth2PasswordRequestFormStrict(OAuth2PasswordRequestForm):",
    '<input type="password" name="password" placeholder="Password">',
    "def connect(user: str, password: str) -> None:",
    'path = "assets/images/icons2/logo-v3.png"',
    "uses: actions/checkout@8f4b7f84864484a7bf31766abe9204da3cbe65b3",
    "BEGIN = '-----BEGIN PRIVATE KEY-----'\nEND = '-----END PRIVATE KEY-----'",
    'password = ["a", "b"]',
    "compass = 'north77'",
    'f = f"password={value1}"',
    'TOKEN = re.compile(r"[a-z0-9]+")',
    "passphrase_length = 2048",
    'password = "secret"',
    'password = "user.name"',
    "LOG_FORMAT=production-with-many-words",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_code_is_left_alone(text: str) -> None:
    assert redacted(text).text == text
    assert redacted(text).findings == ()


# --- how it is taken out


def test_a_finding_tells_line_and_kind_and_never_the_secret() -> None:
    made = redacted(f'import os\n\nkey = "{AWS}"\n')

    assert made.text == 'import os\n\nkey = "[[REDACTED_AWS_ACCESS_KEY_1]]"\n'
    assert made.findings == (Finding(3, SecretKind.AWS_ACCESS_KEY),)
    assert AWS not in repr(made)


def test_equal_secrets_have_equal_placeholders_and_others_have_others() -> None:
    made = redacted(f"a = '{AWS}'\nb = '{HEX_KEY}'\nc = '{AWS}'\n")

    first, second, third = (line.split("'")[1] for line in made.text.splitlines())
    assert first == third != second
    assert [finding.line for finding in made.findings] == [1, 2, 3]


def test_what_is_a_secret_in_one_place_is_one_everywhere() -> None:
    made = redacted('password = "Mango-9931"\n# ask Bob; Mango-9931 works, too\nxMango-9931x\n')

    assert made.text.count("[[REDACTED_ASSIGNED_SECRET_1]]") == 2
    assert "xMango-9931x" in made.text, "a part of a longer word is another word"


def test_texts_that_belong_together_know_each_others_secrets() -> None:
    both = Redactor()
    both.redacted('password = "Mango-9931"')

    assert both.redacted("notes Mango-9931.py").text == "notes [[REDACTED_ASSIGNED_SECRET_1]].py"


def test_a_plain_word_that_was_a_password_is_not_hunted_down() -> None:
    made = redacted("redis://:tangerine@cache:6379\nclass tangerine: ...")

    assert made.text == "redis://:[[REDACTED_URL_PASSWORD_1]]@cache:6379\nclass tangerine: ..."


def test_a_key_of_many_lines_is_one_finding_and_keeps_the_lines() -> None:
    sample = KNOWN["rsa key"](Chance(1))
    made = redacted(sample.text)

    assert made.text.count("\n") == sample.text.count("\n")
    assert made.text.count("[[REDACTED_PRIVATE_KEY_1]]") == 6
    assert made.findings == (Finding(3, SecretKind.PRIVATE_KEY),)
    assert made.text.splitlines()[-1] == "last = 2"


def test_a_key_without_an_end_is_taken_out_up_to_what_is_no_key() -> None:
    body = "\n".join(Chance(line).draw(64) for line in range(4))
    made = redacted(f"-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n{body}\nx = 1 + 2\n")

    assert made.text.splitlines()[1] == "Proc-Type: 4,ENCRYPTED"
    assert made.text.count("PRIVATE_KEY_1]]") == 4
    assert made.text.endswith("\nx = 1 + 2\n")


def test_a_password_of_words_is_known_by_its_marks() -> None:
    assert (
        redacted('password = "open!sesame"').text == 'password = "[[REDACTED_ASSIGNED_SECRET_1]]"'
    )


def test_odd_lines_inside_a_key_lose_only_what_is_long() -> None:
    lines = [Chance(line).draw(64) for line in range(3)]
    text = "\n".join(
        ["-----BEGIN PRIVATE KEY-----", lines[0], f"§ {lines[1]} §", lines[2], "-----END x"]
    )
    made = redacted(text).text

    assert not [line for line in lines if line in made]
    assert "§ [[REDACTED_PRIVATE_KEY_1]] §" in made


def test_overlapping_secrets_are_taken_out_as_one() -> None:
    made = redacted(f"curl -u bob:x{HEX_KEY} 'https://h/?token={AWS}&password=hunter77'")

    assert HEX_KEY not in made.text
    assert AWS not in made.text
    assert "hunter77" not in made.text
    assert "[[REDACTED_[[" not in made.text


def test_a_redacted_text_is_left_as_it_is() -> None:
    samples = [make(Chance(3)).text for make in (*KNOWN.values(), *HELD_OUT.values())]
    once = redacted("\n".join(samples)).text

    assert redacted(once).text == once


def test_numbers_go_on_from_those_that_are_there() -> None:
    made = redacted(f"a = '[[REDACTED_JWT_4]]'\nb = '{AWS}'")

    assert made.text == "a = '[[REDACTED_JWT_4]]'\nb = '[[REDACTED_AWS_ACCESS_KEY_5]]'"


def test_what_our_own_text_holds_is_no_secret() -> None:
    material = f'"{HEX_KEY}"\npassword = "hunter2"'

    made = Redactor(ours=f"The file stands between two lines with {HEX_KEY}.").redacted(material)

    assert made.text == f'"{HEX_KEY}"\npassword = "[[REDACTED_ASSIGNED_SECRET_1]]"'


def test_line_breaks_of_any_kind_inside_a_secret_are_kept() -> None:
    assert redacted("redis://:ab\u2028cd77@h").text.count("\u2028") == 1


async def test_it_can_be_done_beside_the_event_loop() -> None:
    assert (await redact(f"k = {AWS}")).text == "k = [[REDACTED_AWS_ACCESS_KEY_1]]"
    assert threading.current_thread() is threading.main_thread()


pieces = st.sampled_from(
    ["password", "=", ": ", '"', "'", "\n", "hunter2", AWS, HEX_KEY, "://", "u:", "@h", "Bearer ", "[[REDACTED_JWT_1]]",
     "-----BEGIN PRIVATE KEY-----", "\r\n", "(", ",", "a b", "é", "\x00", "[[", "]]"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(pieces | st.text(max_size=12), max_size=25))
def test_any_text_keeps_its_lines_and_loses_its_key(parts: list[str]) -> None:
    text = "".join(parts)
    made = redacted(text)

    assert len(made.text.splitlines()) == len(text.splitlines())
    assert all(1 <= finding.line <= text.count("\n") + 1 for finding in made.findings)
    assert f" {AWS} " not in f" {made.text} "


# --- how long it takes

UNITS = [
    "a", "a ", "A1", "aB1", "0", "=", "a=", "a='", "'", '"a', "\\", "\n", "/", "://", "a://b:", "a://b:c@", "a:", "a: ",
    "_", "-", "é", "\t", "[", "(", ".", "a.", "a-", "1:", "x://", "password", "password=", "password: ", "password='",
    "pass-", "password(", "password,'", "password='x9y8z7w6", "token ", "bearer ", "eyJ", "eyJaaaaaaaa-", "eyJaaaaaaaaa.",
    "eyJaaaaaaaa.eyJaaaa.", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAA\n", "-----BEGIN PRIVATE KEY-----\\nAAAA\\n", "curl ", "curl -u a",
    "docker login ", "docker ", "login ", "login x password ", "login(a,", "sk-", "sk-a", "sk-a1-", "AKIA", "<password>",
    "<a:", "<", "?key=", "&a_key=", "--password ", "--a-", "aA1-", "h:22:d:u:", "mysql -p", "cookie: a", "openssl -k",
    "a('b", "[[REDACTED_A_1]]", "AC0123456789abcdef0123456789abcdef ", "'aB3xaB3xaB3xaB3xaB3xaB3x' ", "$2b$12$",
]  # fmt: skip


def seconds(text: str) -> float:
    """Give the processor's time of this thread alone."""
    start = time.thread_time()
    redacted(text)
    return time.thread_time() - start


def grows_evenly(unit: str) -> bool:
    """Whether four times the text takes about four times as long; backtracking would make it 16."""
    short, long = ((unit * size)[:size] for size in (50_000, 200_000))
    # A machine that is busy with something else may be slow once.
    return any(seconds(long) < 8 * seconds(short) + 0.02 for _ in range(3))


@pytest.mark.no_cover  # traced, it would take several times as long; others go the same ways
@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    assert grows_evenly(unit)


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(6))
def test_time_grows_no_faster_than_a_text_of_chance(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not a secret
    unit = "".join(chance.choice("abcAB01 =:'\"\n-_/.@") for _ in range(5 + 9 * seed))

    assert grows_evenly(unit)


@pytest.mark.no_cover
def test_thousands_of_different_secrets_take_no_longer() -> None:
    def many(count: int) -> str:
        return "".join(f"password = 'Kx{number}!vv{number}'\n" for number in range(count))

    assert seconds(many(6000)) < 8 * seconds(many(1500)) + 0.02
