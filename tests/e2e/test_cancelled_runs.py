"""A run whose picture is being made is cancelled: the call ends, and no crash brings the run back."""

import signal
from collections.abc import Callable, Generator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.e2e.runs import beats_of, ended, saved, started
from tests.e2e.test_cancel import Hanging, until
from tests.servers import running
from tests.swarmui.install import FakeInstall

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
#: What is promised is two seconds; a busy machine may take longer.
BOUND_S = 10.0


@pytest.fixture
def model() -> Generator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.close()


def cancelled(url: str, run_id: str, is_over: Callable[[], bool]) -> None:
    """Cancel it, and say how long its call has taken to end."""
    asked = monotonic()
    answer = httpx2.post(f"{url}/v1/jobs/{run_id}/cancel", timeout=60)
    assert answer.status_code in {200, 202}, answer.text
    until(is_over, BOUND_S)
    took_s = monotonic() - asked
    print(f"its call had ended {took_s:.2f} s after it was cancelled")  # noqa: T201 - to be read


def assert_it_stays_so(url: str, run_id: str) -> None:
    """In its row, and in the log, once."""
    run = ended(url, run_id)
    assert run["status"] == "cancelled"
    assert {shot["status"] for shot in run["shots"]} == {"cancelled"}
    query: dict[str, Any] = {"after": 0, "subject": run_id, "type": "job.cancelled"}

    def told() -> list[Any]:
        return httpx2.get(f"{url}/v1/events", params=query, timeout=60).json()["data"]

    until(lambda: len(told()) == 1)
    sleep(1)  # whoever went on with it would have begun by now
    assert len(told()) == 1
    work = httpx2.get(f"{url}/v1/jobs/{run_id}", timeout=60).json()
    assert work["status"] == "canceled"


def test_an_image_model_is_let_go_of_and_asked_no_more(model: Hanging, tmp_path: Path) -> None:
    data = tmp_path / "data"

    with running(data, **model.settings) as server:
        run_id = started(server.url, saved(server.url, beats_of(3)), backend="model")
        until(lambda: model.asked == 3)  # all of them are painted at the same time
        cancelled(server.url, run_id, lambda: model.let_go == model.asked)
        server.stop(signal.SIGKILL)
    asked = model.asked
    with running(data, **model.settings) as server:
        assert_it_stays_so(server.url, run_id)

    assert model.asked == asked


def test_swarmui_is_told_to_stop(tmp_path: Path) -> None:
    """It would go on without the socket, so the session that ordered the picture is interrupted."""
    data, install = tmp_path / "data", FakeInstall(tmp_path / "swarmui")
    install.behaves(image_s=600)
    settings = {
        "STORYLOOM_SWARMUI_DIR": str(install.folder),
        "STORYLOOM_SWARMUI_URL": install.url,
        "STORYLOOM_NVIDIA_SMI": "none",
    }

    with running(data, **settings) as server:
        run_id = started(server.url, saved(server.url, beats_of(3)), backend="swarmui")
        until(lambda: [one["what"] for one in install.made] == ["begun"])
        cancelled(server.url, run_id, lambda: "InterruptAll" in install.calls)
        server.stop(signal.SIGKILL)
    with running(data, **settings) as server:
        assert_it_stays_so(server.url, run_id)

    assert [one["what"] for one in install.made] == ["begun"]
    assert install.calls.count("InterruptAll") == 1
