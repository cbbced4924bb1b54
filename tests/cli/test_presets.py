"""`presets`: those of this installation, and those of a server."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from tests.cli.conftest import Run, json_of


def test_everything_that_can_be_asked_for_is_listed(run: Run) -> None:
    told = run("presets").stdout

    assert [key for key in ("coperniq_mep", "preview", "c_suite") if key not in told] == []


def test_the_json_has_the_keys_of_the_api(run: Run) -> None:
    listed = json_of(run("presets", "--json"))

    assert list(listed) == ["icp_presets", "stages", "audiences"]
    assert [stage["key"] for stage in listed["stages"]] == ["preview", "demo", "shipped"]


class _Presets(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        own = {"key": "bakers", "name": "Bakers\n[red]", "description": "They bake"}
        told = {"icp_presets": [own], "stages": [], "audiences": []}
        is_known = self.path == "/storyboard/presets"
        self.send_response(200 if is_known else 404)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


def test_a_server_tells_its_own(run: Run) -> None:
    with HTTPServer(("127.0.0.1", 0), _Presets) as server:
        Thread(target=server.handle_request, daemon=True).start()
        told = run("presets", "--server", f"http://127.0.0.1:{server.server_port}")

    assert told.exit_code == 0, told.stderr
    assert "bakers" in told.stdout
    assert "Bakers [red]" in told.stdout
