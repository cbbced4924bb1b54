"""Frames, one by one."""

import json
from typing import Any

import pytest

from storyloom.adapters.swarmui._hearing import Hearing
from storyloom.errors import BadAnswer, Interrupted, OutOfMemory
from tests.adapters.swarmui.painting import Watched


def heard(*frames: Any) -> tuple[Hearing, Watched]:
    watch = Watched()
    hearing = Hearing(watch)
    for frame in frames:
        hearing.hear(json.dumps(frame))
    return hearing, watch


def status(backends: str = "running", **counts: int) -> Any:
    told = {"status": backends, "message": "why", "any_loading": False}
    return {"status": {"waiting_gens": 1, **counts}, "backend_status": told}


@pytest.mark.parametrize("index", [0, "0", 1, "5"])
def test_a_picture_counts_whatever_its_index(index: int | str) -> None:
    hearing, _ = heard({"image": "View/a.png", "batch_index": index, "metadata": None})

    assert hearing.outcome().image == "View/a.png"


@pytest.mark.parametrize("index", [-1, "-1", "-11", -12])
def test_a_grid_and_what_is_in_between_do_not(index: int | str) -> None:
    hearing, _ = heard({"image": "x", "batch_index": index}, {"discard_indices": []})

    with pytest.raises(Interrupted):
        hearing.outcome()


def test_an_error_does_not_end_it() -> None:
    hearing, _ = heard(status(), {"error": "CUDA out of memory"})

    assert not hearing.has_ended
    with pytest.raises(OutOfMemory):
        hearing.outcome()


@pytest.mark.parametrize(
    ("frame", "is_over"), [({"discard_indices": []}, False), ({"socket_intention": "close"}, True)]
)
def test_these_end_it(frame: Any, is_over: bool) -> None:  # noqa: FBT001
    hearing, _ = heard(frame)

    assert (hearing.has_ended, hearing.is_over) == (True, is_over)


@pytest.mark.parametrize(
    "frame",
    [
        {"keep_alive": True},
        {"raw_backend_data": {"type": "x", "data": "y"}},
        {"raw_swarm_data": {}},
        {"socket_intention": "stay"},
        {"a new word": 1},
    ],
)
def test_others_mean_nothing(frame: Any) -> None:
    hearing, watch = heard(frame)

    assert (hearing.has_ended, hearing.has_picture, watch.all) == (False, False, [])


@pytest.mark.parametrize(
    "text", ["", "[]", "<html>", '{"gen_progress": {"overall_percent": NaN}}', '{"image": 7}']
)
def test_what_no_swarmui_says_is_told(text: str) -> None:
    with pytest.raises(BadAnswer, match="no SwarmUI says"):
        Hearing(Watched()).hear(text)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (status("empty", waiting_backends=1), "SwarmUI's backends are empty: why"),
        (status("some_loading", waiting_backends=1), "SwarmUI's backends are loading"),
        (status(waiting_backends=1), "waiting for a backend of SwarmUI"),
        (status(loading_models=1, waiting_backends=1), "SwarmUI is loading the model"),
    ],
)
def test_it_says_why_nothing_moves(frame: Any, says: str) -> None:
    assert heard(frame)[1].says == [says]


@pytest.mark.parametrize("frame", [status(live_gens=1), status(), status(waiting_gens=0)])
def test_it_says_nothing_while_something_moves(frame: Any) -> None:
    assert heard(frame)[1].says == []


def test_progress_stays_between_none_and_all_of_it() -> None:
    percents = (-1, 0.5, 0.2, 7)
    _, watch = heard(*({"gen_progress": {"overall_percent": percent}} for percent in percents))

    assert watch.fractions == [0.5, 1]


def test_a_session_is_forgotten_only_before_the_order_has_begun() -> None:
    refusal = {"error": "Invalid session ID.", "error_id": "invalid_session_id"}

    assert heard(refusal)[0].is_forgotten
    assert not heard(status(), refusal)[0].is_forgotten
    assert not heard({"error": "other"})[0].is_forgotten
