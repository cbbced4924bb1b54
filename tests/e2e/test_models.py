"""A real server with Gemini's wire: the document's examples, word by word, and what they cost."""

import base64
import io
import json
import re
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pypdf
import pytest
from PIL import Image

from storyloom.storyboard.schemas import TINY_PNG
from tests.e2e.models import ANSWER, CODE, LONG_S, UNDERSTANDING, made
from tests.providers.server import Providers, providers_in_process
from tests.servers import Running, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ROADMAP: dict[str, Any] = {
    "image_data": TINY_PNG,
    "icp_preset": "coperniq_mep",
    "audience": "c_suite",
    "custom_headline": "Coming Soon",
    "sanitize_ip": False,
}


class Gemini:
    """A server, and the key with which it asks the fake Gemini."""

    def __init__(self, server: Running, providers: Providers, key: str) -> None:
        self.server = server
        self.providers = providers
        self.key = key

    @property
    def charges(self) -> dict[str, int]:
        return {str(kind): count for kind, count in self.providers.charges(self.key).items()}

    def drawn(self, job: dict[str, Any]) -> dict[str, Any]:
        """The board that was drawn, as the archive holds it."""
        query = "SELECT details FROM storyboard_jobs WHERE id = ?"
        with closing(sqlite3.connect(self.server.data_dir / "storyloom.sqlite")) as database:
            return json.loads(database.execute(query, (job["job_id"],)).fetchone()[0])["board"]


@pytest.fixture(scope="module")
def providers() -> Generator[Providers]:
    with providers_in_process() as served:
        yield served


@pytest.fixture
def gemini(providers: Providers, tmp_path: Path) -> Generator[Gemini]:
    key = providers.new_key()
    providers.always(key, ANSWER, kind="text")
    with running(tmp_path / "data", **providers.settings(key)) as server:
        yield Gemini(server, providers, key)


def words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[\w$%]+", text.casefold())}


def texts_of(value: Any) -> list[str]:
    """All strings of a board."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts_of(one)]  # pyright: ignore[reportUnknownVariableType]
    return [text for one in value for text in texts_of(one)] if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]


def test_the_documents_code_example_is_composed_and_every_word_is_the_understandings(
    gemini: Gemini,
) -> None:
    job = made(gemini.server)

    assert (job["status"], job["error_message"]) == ("completed", None)
    assert {field: job["understanding"][field] for field in UNDERSTANDING} == UNDERSTANDING
    assert job["understanding"]["source"] == "model"
    assert job["understanding"]["degraded"] == []
    with Image.open(io.BytesIO(base64.b64decode(job["result_image"]))) as picture:
        assert (picture.format, picture.size) == ("PNG", (1920, 1080))
    pdf = httpx2.get(f"{gemini.server.url}{job['image_url']}?format=pdf", timeout=LONG_S).content
    page = " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    for field in set(UNDERSTANDING) - {"suggested_icon"}:
        assert UNDERSTANDING[field] in page, field
    # Nothing else stands there but what the board itself says: badge, labels, brand, footnote.
    numbers = {f"{n:02}" for n in range(1, 7)} | {str(n) for n in range(1, 7)}
    initial = {"c"}  # of the brand, in its sign
    assert words([page]) <= words(texts_of(gemini.drawn(job))) | numbers | initial
    assert gemini.charges == {"text": 1, "picture": 1}
    assert job["cost"]["calls"] == 2
    assert job["cost"]["unknown_calls"] == 0
    assert float(job["cost"]["usd"]) > 0


def test_the_same_input_is_not_paid_twice_unless_it_is_wished(gemini: Gemini) -> None:
    first = made(gemini.server)
    second = made(gemini.server)
    third = made(gemini.server, **CODE, fresh=True)

    assert [job["status"] for job in (first, second, third)] == ["completed"] * 3
    assert first["result_image"] == second["result_image"]
    assert second["cost"]["usd"] in {None, "0"} or float(second["cost"]["usd"]) == 0
    assert gemini.charges == {"text": 2, "picture": 2}


def test_the_documents_roadmap_example_is_composed(gemini: Gemini) -> None:
    boxed = {"field": "what_it_does", "left": 0, "top": 0, "right": 1000, "bottom": 1000}
    gemini.providers.always(gemini.key, {**UNDERSTANDING, "evidence": [boxed]}, kind="text")

    job = made(gemini.server, "/storyboard/roadmap", **ROADMAP)

    assert (job["status"], job["error_message"]) == ("completed", None)
    assert job["understanding"]["degraded"] == []
    assert job["understanding"]["headline"] == "Coming Soon"
    assert job["understanding"]["source"] == "model"
    assert gemini.charges == {"text": 1, "picture": 1}


def test_a_revision_asks_no_model_and_new_art_asks_once(gemini: Gemini) -> None:
    job = made(gemini.server)
    path = f"/storyboard/jobs/{job['job_id']}/revise"

    reworded = made(
        gemini.server,
        path,
        custom_headline="See it first",
        audience="btl_champion",
        format="square",
    )
    after_words = gemini.charges
    repainted = made(gemini.server, path, new_art=True)

    assert (reworded["status"], repainted["status"]) == ("completed", "completed")
    assert after_words == {"text": 1, "picture": 1}
    assert gemini.charges == {"text": 1, "picture": 2}
    assert reworded["understanding"]["what_it_does"] == UNDERSTANDING["what_it_does"]
    assert gemini.drawn(reworded)["headline"] == "See it first"
    (note,) = reworded["understanding"]["degraded"]
    assert note.startswith("The words stay as a language model wrote them")
    assert reworded["understanding"]["written_for"]["audience"] == "c_suite"


@pytest.mark.parametrize(
    ("fault", "message", "code", "asked"),
    [
        ("slow:60", "Gemini API timeout after 12 seconds", "timeout", 1),
        ("401", None, "auth", 1),
        ("blocked-prompt", None, "blocked", 1),
    ],
)
def test_a_fault_of_the_provider_is_the_jobs_error(
    providers: Providers, tmp_path: Path, fault: str, message: str | None, *, code: str, asked: int
) -> None:
    key = providers.new_key()
    # The first call loads the SDK, which may take seconds here.
    timeout_s = "12" if code == "timeout" else "20"
    providers.always(key, fault, kind="text")
    chosen = {**providers.settings(key), "STORYLOOM_CALL_TIMEOUT_S": timeout_s}
    with running(tmp_path / "data", **chosen) as server:
        job = made(server)

        assert (job["status"], job["error_code"]) == ("failed", code)
        assert message in {None, job["error_message"]}
        assert "Gemini" in job["error_message"]
        assert len(providers.seen(key)) == asked
        assert httpx2.get(f"{server.url}/readyz", timeout=LONG_S).status_code == 200


def test_a_budget_stops_before_the_call(providers: Providers, tmp_path: Path) -> None:
    key = providers.new_key()
    chosen = {**providers.settings(key), "STORYLOOM_BUDGET_PER_JOB_USD": "0.0001"}
    with running(tmp_path / "data", **chosen) as server:
        job = made(server)

    assert (job["status"], job["error_code"]) == ("failed", "budget")
    assert providers.seen(key) == []


def test_models_that_answer_in_place_of_the_wanted_ones_are_told(
    providers: Providers, tmp_path: Path
) -> None:
    wanted, other = providers.new_key(), providers.new_key()
    providers.always(wanted, "429-quota")
    providers.always(other, ANSWER, kind="text")
    chosen = {
        **providers.settings(wanted),
        "OPENAI_API_KEY": other,
        "STORYLOOM_FALLBACK_MODELS": "openai:gpt-6-luna",
        "STORYLOOM_FALLBACK_IMAGE_MODELS": "openai:gpt-image-2",
    }
    with running(tmp_path / "data", **chosen) as server:
        job = made(server)
        reworded = made(
            server, f"/storyboard/jobs/{job['job_id']}/revise", custom_headline="See it first"
        )

    assert (job["status"], job["understanding"]["source"]) == ("completed", "model")
    text, art = job["understanding"]["degraded"]
    assert text.startswith("google:gemini-3.8-flash (quota: ")
    assert text.endswith("did not answer, so openai:gpt-6-luna answered in its place.")
    assert art.startswith("google:gemini-3.1-flash-image (quota: ")
    assert art.endswith("did not answer, so openai:gpt-image-2 answered in its place.")
    assert reworded["understanding"]["degraded"] == [text, art]
    assert providers.charges(other) == {"text": 1, "picture": 1}
