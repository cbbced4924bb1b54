"""The recipe of the image, as far as it can be tried without building one."""

import json
import re
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from storyloom.settings import Settings
from tests.deploy.files import ROOT, unknown_options, unknown_variables

TEXT = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text("utf-8"))
STEPS = [
    line.split(None, 1) for line in TEXT.splitlines() if line.strip() and not line.startswith("#")
]


def _all(word: str) -> list[str]:
    return [rest for name, rest in STEPS if name == word]


def _is_of(name: str, kept: str) -> bool:
    return fnmatch(name, kept) or name.startswith(f"{kept}/")


def test_what_is_copied_exists_and_is_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    sent = [line[1:] for line in lines if line.startswith("!")]
    copied = [
        source
        for rest in _all("COPY")
        if not rest.startswith("--from")
        for source in shlex.split(rest)[:-1]
    ]

    assert lines[1] == "*"
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert [name for name in copied if not any(_is_of(name, kept) for kept in sent)] == []
    assert [name for name in sent if not (ROOT / name).exists()] == []


def test_the_lock_file_alone_says_what_is_installed() -> None:
    syncs = [step for step in _all("RUN") if "uv sync" in step]

    assert len(syncs) == 2
    assert [s for s in syncs if "--frozen" not in s or "--no-dev" not in s] == []


def test_every_base_names_a_version() -> None:
    versions = re.compile(r"python:\d+\.\d+-slim-\w+|node:\d+-\w+-slim")

    assert [base for base in _all("FROM") if not versions.match(base)] == []


def test_it_runs_as_nobody_in_particular() -> None:
    assert _all("USER") == ["10001:10001"]


def test_it_starts_a_server_that_others_can_reach() -> None:
    entry, arguments = json.loads(_all("ENTRYPOINT")[0]), json.loads(_all("CMD")[0])

    assert entry == ["storyloom"]
    assert arguments[:1] == ["serve"]
    assert unknown_options(arguments) == []
    assert _all("EXPOSE") == [str(Settings.model_fields["port"].default)]


def test_its_variables_are_settings() -> None:
    names = re.findall(r"(\w+)=", " ".join(_all("ENV")))

    assert "STORYLOOM_DATA_DIR" in names
    assert unknown_variables(iter(names)) == []


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 500)
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


def _health(port: int) -> int:
    command = json.loads(_all("HEALTHCHECK")[0].partition("CMD ")[2])
    assert command[0] == "python"
    environment = {"STORYLOOM_PORT": str(port), "PATH": ""}
    return subprocess.run(
        [sys.executable, *command[1:]], env=environment, check=False, stderr=subprocess.DEVNULL
    ).returncode


def test_the_health_check_tells_life_from_death() -> None:
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        alive = _health(server.server_port)
        server.shutdown()

    assert alive == 0
    assert _health(server.server_port) != 0


@pytest.mark.parametrize("name", ["fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"])
def test_every_script_has_fonts(name: str) -> None:
    assert name in TEXT
