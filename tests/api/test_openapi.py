"""The OpenAPI document, held to by Schemathesis: no 5xx, no undocumented status or shape."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import running

CONFIG = Path(__file__).with_name("schemathesis.toml")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


KEY = "a-key-for-schemathesis-of-32-letters"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_server_keeps_to_its_document(server: str, tmp_path: Path) -> None:
    # The first key would shut out whoever has none.
    schemathesis(server, tmp_path, "--exclude-path-regex=^/v1/keys")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_keys_are_asked_for_as_the_document_says(tmp_path: Path) -> None:
    with running(tmp_path / "data", STORYLOOM_ADMIN_KEY=KEY, STORYLOOM_RATE_LIMIT="none") as server:
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
            "--max-examples=15",
            # The same cases each time, and a route that hangs is named.
            "--seed=20251202",
            "--request-timeout=60",
            # A picture in base64 cannot be described by a schema, so a valid one cannot be drawn.
            "--exclude-checks=positive_data_acceptance",
            "--no-color",
        ],
        cwd=tmp_path,
        # The tester is not what is measured: tracing it makes it five times slower.
        env={k: v for k, v in os.environ.items() if not k.startswith("COV")},  # noqa: TID251
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout
