"""Pictures by SwarmUI, ordered of a double that makes them."""

import asyncio
from io import BytesIO
from typing import Any

import anyio
import pytest
from PIL import Image

from storyloom.adapters.swarmui.image_backend import (
    Patience,
    SwarmImageBackend,
    open_swarm_image_backend,
)
from storyloom.errors import (
    BadAnswer,
    Busy,
    ContentBlocked,
    Interrupted,
    KeyRefused,
    ModelNotFound,
    OutOfMemory,
    Rejected,
    ServerFault,
    TimedOut,
    Unavailable,
    Unreachable,
    Unsupported,
)
from storyloom.imaging.schemas import MediaType, Picture
from tests.adapters.swarmui.painting import (
    PATIENCE,
    Watched,
    asked,
    backend_at,
    generating,
    http,
    painting,
)
from tests.databases import free_port
from tests.swarmui.double import NO_BACKENDS, Behaviour, swarm_double

MODEL = "OfficialStableDiffusion/sd_xl_base_1.0"


async def test_a_picture_tells_what_it_was_made_with() -> None:
    async with painting() as (backend, double):
        picture = await backend.generate(asked(seed=7, parameters={"steps": 12, "cfgscale": 6.5}))

    assert (picture.width, picture.height, picture.media_type) == (96, 64, MediaType.PNG)
    assert (picture.backend, picture.model, picture.seed) == ("swarmui", MODEL, 7)
    assert picture.parameters["steps"] == 12
    assert picture.parameters["cfgscale"] == 6.5
    assert picture.parameters["generation_time"]
    assert double.studio.unknown == []


async def test_it_is_not_kept_by_swarmui_unless_the_work_has_a_name() -> None:
    async with painting() as (backend, double):
        await backend.generate(asked())
        without = double.studio.gallery.names
        await backend.generate(asked(work="run-1-shot-2"))

    assert (without, double.studio.gallery.names) == ([], ["storyloom/run-1-shot-2.png"])


async def test_a_seed_is_decided_here() -> None:
    async with painting() as (backend, double):
        pictures = [await backend.generate(asked()) for _ in range(2)]

    sent = [body["seed"] for route, body in double.calls if route == "GenerateText2ImageWS"]
    assert [one.seed for one in pictures] == sent
    assert all(0 <= seed < 2**32 for seed in sent)
    assert len(set(sent)) == 2


async def test_progress_tells_why_nothing_moves_and_never_goes_back() -> None:
    watch = Watched()
    how: dict[str, Any] = {"statuses": ["loading"] * 3 + ["running"], "load_s": 0.02}
    async with painting(image_s=0.02, **how) as (backend, _):
        await backend.generate(asked(), watch)

    assert watch.says[0] == "SwarmUI's backends are loading"
    assert watch.says[-1] == "SwarmUI is loading the model"
    assert watch.fractions == sorted(watch.fractions)
    assert 0.5 < watch.fractions[-1] <= 1


async def test_who_waits_for_others_is_told() -> None:
    watch = Watched()
    async with (
        painting(image_s=0.05) as (backend, double),
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(backend.generate, asked("first"))
        await generating(double)
        await backend.generate(asked("second"), watch)

    assert "waiting for a backend of SwarmUI" in watch.says


async def test_orders_at_the_same_time_have_sessions_of_their_own_which_are_used_again() -> None:
    async with painting(image_s=0.02) as (backend, double):
        for _ in range(2):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(backend.generate, asked("first"))
                tasks.start_soon(backend.generate, asked("second"))

    orders = [body["session_id"] for route, body in double.calls if "Text2Image" in route]
    assert len(set(orders[:2])) == 2
    assert set(orders[2:]) == set(orders[:2])
    assert double.routes.count("GetNewSession") == 2


@pytest.mark.parametrize("accept", [(MediaType.JPEG,), (MediaType.SVG, MediaType.JPEG)])
async def test_it_comes_in_the_kind_that_is_accepted(accept: tuple[MediaType, ...]) -> None:
    async with painting() as (backend, _):
        picture = await backend.generate(asked(accept=accept))

    assert picture.media_type is MediaType.JPEG
    assert picture.data.startswith(b"\xff\xd8")


async def test_other_kinds_are_not_asked_for() -> None:
    async with painting() as (backend, double):
        with pytest.raises(Unsupported):
            await backend.generate(asked(accept=(MediaType.SVG,)))

    assert double.routes == []


@pytest.mark.parametrize(
    "fault",
    [
        *("data", "big data", "nested", "grid", "other size"),
        *("error before", "error after", "session expires", "session gone"),
    ],
)
async def test_there_is_a_picture_all_the_same(fault: str) -> None:
    async with painting(faults={"1": fault}) as (backend, _):
        picture = await backend.generate(asked(work="w"))

    assert _size_of(picture) == (96, 64)


@pytest.mark.parametrize(
    ("fault", "kind", "text"),
    [
        ("oom", OutOfMemory, "ran out of memory on your GPU"),
        ("no image", Interrupted, "without a word"),
        ("Generation session interrupted.", Interrupted, "interrupted"),
        ("discarded", ContentBlocked, "threw it away"),
        ("cut", Unreachable, "was cut"),
        ("hangs up", Unreachable, "closed the connection"),
        ("dies", Unreachable, "was cut"),
        ("garbage", BadAnswer, "older SwarmUI"),
        ("no picture", BadAnswer, "cannot be used"),
        ("no file", ServerFault, "does not have it"),
        ("No backends available!", Unavailable, "No backends available"),
        ("Timeout! All backends are occupied with other tasks.", Busy, "occupied"),
        ("All available backends failed to load the model 'x'.", Unavailable, "failed to load"),
        ("ComfyUI errored: {}", Rejected, "ComfyUI errored"),
        ("something new", Rejected, "something new"),
    ],
)
async def test_failures_are_told_apart(fault: str, kind: type[Exception], text: str) -> None:
    async with painting(faults={"*": fault}) as (backend, _):
        with pytest.raises(kind, match=text) as raised:
            await backend.generate(asked(work="w"))

    assert type(raised.value) is kind


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"wants_account": True}, KeyRefused),
        ({"wants_key": True}, KeyRefused),
        ({"forbids_generating": True}, KeyRefused),
        ({"forgets_sessions": True}, KeyRefused),
        ({"is_stranger": True}, BadAnswer),
        ({"is_old": True}, BadAnswer),
        ({"models": ()}, ModelNotFound),
        ({"statuses": ["empty"]}, Unavailable),
    ],
)
async def test_one_that_cannot_be_used_is_told(how: Any, kind: type[Exception]) -> None:
    model = None if "models" in how else MODEL
    async with painting(model=model, **how) as (backend, _):
        with pytest.raises(kind) as raised:
            await backend.generate(asked())

    assert type(raised.value) is kind


@pytest.mark.parametrize(
    ("how", "kind"), [({"wants_key": True}, KeyRefused), ({"is_stranger": True}, BadAnswer)]
)
async def test_one_that_has_changed_meanwhile_is_told(
    how: dict[str, bool], kind: type[Exception]
) -> None:
    behaviour = Behaviour()
    async with swarm_double(behaviour) as double, backend_at(double) as backend:
        await backend.generate(asked())
        for name, value in how.items():
            setattr(behaviour, name, value)

        with pytest.raises(kind):
            await backend.generate(asked())


async def test_a_parameter_that_swarmui_refuses_is_refused() -> None:
    async with painting() as (backend, _):
        with pytest.raises(Rejected, match="Invalid value for parameter steps"):
            await backend.generate(asked(parameters={"steps": 900}))


async def test_a_model_that_it_does_not_have_is_not_found() -> None:
    async with painting() as (backend, _):
        with pytest.raises(ModelNotFound, match="'other'"):
            await backend.generate(asked(parameters={"model": "other"}))


@pytest.mark.parametrize(
    ("given", "configured", "made_with"),
    [("b", "a", "b"), (None, "b", "b"), (None, None, "a")],
)
async def test_the_model_is_the_requests_or_the_configured_or_the_first(
    given: str | None, configured: str | None, made_with: str
) -> None:
    parameters = {} if given is None else {"model": given}
    models = ["a.safetensors", "b.safetensors"]
    async with painting(model=configured, models=models) as (backend, _):
        picture = await backend.generate(asked(parameters=parameters))
        names = await backend.models()

    assert picture.model == made_with
    assert list(names) == models


async def test_the_loaded_model_goes_before_the_first_and_stays() -> None:
    async with painting(models=["a.safetensors", "b.safetensors"]) as (backend, double):
        double.studio.loaded = "b.safetensors"
        first = await backend.generate(asked())
        double.studio.loaded = "a.safetensors"
        second = await backend.generate(asked())

    assert [first.model, second.model] == ["b", "b"]


async def test_models_are_listed_in_a_new_session_where_the_old_one_is_forgotten() -> None:
    async with painting(model="other") as (backend, double):
        with pytest.raises(ModelNotFound):
            await backend.generate(asked())
        double.sessions.clear()

        assert await backend.models()


async def test_a_model_that_went_away_is_chosen_anew() -> None:
    behaviour = Behaviour(models=["a.safetensors"])
    async with swarm_double(behaviour) as double, backend_at(double) as backend:
        await backend.generate(asked())
        behaviour.models = ["b.safetensors"]
        with pytest.raises(ModelNotFound):
            await backend.generate(asked())

        assert (await backend.generate(asked())).model == "b"


async def test_silence_is_a_lost_connection_and_nothing_is_left_running() -> None:
    patience = Patience(silence_s=0.1)
    async with painting(patience=patience, faults={"*": "silence"}, image_s=0.05) as (backend, d):
        with pytest.raises(Unreachable, match=r"has said nothing for 0\.1 seconds"):
            await backend.generate(asked())

    assert d.routes[-1] == "InterruptAll"


async def test_a_last_word_is_not_waited_for_for_long() -> None:
    patience = Patience(last_word_s=0.05)
    faults = {"*": "no last word"}
    async with painting(patience=patience, faults=faults) as (backend, _):
        assert await backend.generate(asked(work="w"))


async def test_one_that_works_says_so_again_and_again() -> None:
    patience = Patience(silence_s=0.3)
    how: dict[str, Any] = {"image_s": 0.6, "steps": 1, "keep_alive_s": 0.05}
    async with painting(patience=patience, **how) as (backend, _):
        assert await backend.generate(asked())


async def test_a_picture_that_takes_too_long_is_stopped() -> None:
    patience = Patience(picture_s=0.2)
    async with painting(patience=patience, image_s=30) as (backend, double):
        with pytest.raises(TimedOut, match=r"not made the picture in 0\.2 seconds"):
            await backend.generate(asked(work="w"))

    assert double.routes[-1] == "InterruptAll"


async def test_a_socket_that_nobody_answers_is_given_up() -> None:
    behaviour = Behaviour()
    async with (
        swarm_double(behaviour) as double,
        backend_at(double, patience=Patience(answer_s=1, interruption_s=0.1)) as backend,
    ):
        await backend.generate(asked())
        behaviour.hangs = True
        with pytest.raises(Unreachable):
            await backend.generate(asked())


async def test_who_leaves_stops_the_work_within_two_seconds() -> None:
    async with painting(image_s=30) as (backend, double):
        task = asyncio.create_task(backend.generate(asked(work="w")))  # noqa: TID251
        await generating(double)

        task.cancel()
        with anyio.fail_after(2), pytest.raises(asyncio.CancelledError):
            await task

        assert double.routes[-1] == "InterruptAll"
        with anyio.fail_after(2):
            while double.studio.counts()["waiting_gens"]:  # noqa: ASYNC110
                await asyncio.sleep(0.002)


async def test_who_leaves_does_not_wait_for_one_that_hangs() -> None:
    behaviour = Behaviour(image_s=30)
    patience = Patience(interruption_s=0.1)
    async with swarm_double(behaviour) as double, backend_at(double, patience=patience) as backend:
        task = asyncio.create_task(backend.generate(asked()))  # noqa: TID251
        await generating(double)
        behaviour.hangs = True

        task.cancel()
        with anyio.fail_after(1), pytest.raises(asyncio.CancelledError):
            await task


async def test_what_others_do_is_not_stopped_with_ours() -> None:
    async with painting(image_s=0.1) as (backend, double), anyio.create_task_group() as tasks:
        tasks.start_soon(backend.generate, asked("stays"))
        await generating(double)
        with anyio.move_on_after(0.02):
            await backend.generate(asked("leaves"))

    assert [one["prompt"] for one in double.studio.made] == ["stays", "stays"]


async def test_it_is_found_where_it_has_moved_to() -> None:
    async with swarm_double(Behaviour()) as first, swarm_double(Behaviour()) as second:
        addresses = [first.url, second.url]

        async def where() -> str:
            return addresses.pop(0)

        async with http() as client:
            backend = SwarmImageBackend(client, where, patience=PATIENCE)
            for _ in range(2):
                await backend.generate(asked())

    assert (len(first.studio.made), len(second.studio.made)) == (2, 2)


async def test_a_name_with_a_percent_sign_is_fetched() -> None:
    # Old ones keep pictures under the prompt, and unescape an address twice.
    async with painting(knows_outpath=False) as (backend, double):
        await backend.generate(asked("100% of a cat", work="w"))

    assert "100% of a cat" in double.studio.gallery.names[0]


async def test_pictures_may_lie_where_no_user_is_named() -> None:
    async with painting(appends_user=False) as (backend, double):
        for _ in range(2):
            await backend.generate(asked(work="w"))

    assert len(double.studio.made) == 2


@pytest.mark.parametrize(
    ("how", "text"),
    [({"statuses": ["empty"]}, NO_BACKENDS), ({"statuses": ["loading"]}, "loading")],
)
async def test_it_is_not_ready_before_its_backends(how: dict[str, Any], text: str) -> None:
    async with painting(**how) as (backend, _):
        with pytest.raises(Unavailable, match=text):
            await backend.ping()


async def test_it_is_asked_to_unload_its_models() -> None:
    async with painting() as (backend, double):
        await backend.generate(asked())
        await backend.free()

    assert double.studio.loaded is None


async def test_where_nothing_answers_there_is_nothing_to_free() -> None:
    async def where() -> str:
        return f"http://127.0.0.1:{free_port()}"

    async with open_swarm_image_backend(where) as backend:
        await backend.free()
        with pytest.raises(Unreachable):
            await backend.ping()
        with pytest.raises(Unreachable):
            await backend.generate(asked())


async def test_one_that_ends_in_the_middle_of_an_answer_does_not_answer() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)

    async def where() -> str:
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async with server, http() as client:
        with pytest.raises(Unreachable, match="broke"):
            await SwarmImageBackend(client, where).generate(asked())


def _size_of(picture: Picture) -> tuple[int, int]:
    with Image.open(BytesIO(picture.data)) as image:
        return image.size
