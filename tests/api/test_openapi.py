"""The OpenAPI document, held to by Schemathesis: no 5xx, no undocumented status or shape."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.servers import Running, running

CONFIG = Path(__file__).with_name("schemathesis.toml")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
Serving = Callable[..., AbstractContextManager[Running]]
KEY = "a-key-for-schemathesis-of-32-letters"
# `make chaos` tries more.
EXAMPLES = 40 if os.environ.get("CHAOS") else 5  # noqa: TID251


@pytest.fixture
def serving(tmp_path: Path, postgres_url: str) -> Serving:
    """Starts a server that takes jobs and leaves them to others: drawing them is tested elsewhere."""
    return partial(running, tmp_path / "data", "--no-worker", DATABASE_URL=postgres_url)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_server_keeps_to_its_document(serving: Serving, tmp_path: Path) -> None:
    with serving() as server:
        # The first key would shut out whoever has none.
        schemathesis(server.url, tmp_path, "--exclude-path-regex=^/v1/keys")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_keys_are_asked_for_as_the_document_says(serving: Serving, tmp_path: Path) -> None:
    with serving(STORYLOOM_ADMIN_KEY=KEY, STORYLOOM_RATE_LIMIT="none") as server:
        schemathesis(
            server.url,
            tmp_path,
            "--include-path-regex=^(/v1/keys|/storyboard/presets|/api/v1/session/latest)",
            f"--header=Authorization: Bearer {KEY}",
        )


def schemathesis(url: str, tmp_path: Path, *more: str) -> None:
    run = subprocess.run(
        [
            str(SCHEMATHESIS),
            f"--config-file={CONFIG}",
            "run",
            f"{url}/openapi.json",
            *more,
            f"--max-examples={EXAMPLES}",
            # Links are followed with keys: test_openapi_links.py.
            "--phases=examples,coverage,fuzzing",
            # The same cases each time, and a route that hangs is named.
            "--seed=20251202",
            "--request-timeout=60",
            # A picture in base64 cannot be described by a schema, so a valid one cannot be drawn.
            "--exclude-checks=positive_data_acceptance",
            "--no-color",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout
