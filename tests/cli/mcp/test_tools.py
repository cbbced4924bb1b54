"""The tools, as an agent uses them, with a whole service in this process."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp_types import CallToolResult

from storyloom.cli.mcp import embedded as embedding
from storyloom.cli.mcp.embedded import embedded
from storyloom.cli.mcp.service import Opens
from storyloom.cli.server import Server
from storyloom.errors import Conflict
from storyloom.settings import Settings
from tests.cli.conftest import CODE, png
from tests.cli.mcp.agents import agent, here, pictures, told, words
from tests.cli.mcp.test_results import JOB, work
from tests.cli.test_server import Answer, answering

SCRIPT = "INT. HARBOUR - NIGHT\n\nA keeper climbs the lighthouse.\n"
NAMES = {
    *("code_to_storyboard", "roadmap_to_storyboard", "revise_storyboard", "story_run"),
    *("job_status", "list_jobs", "cancel_job", "retry_job", "explain_job", "list_presets"),
}


@pytest.fixture
def code(place: Path) -> Path:
    file = place / "roi.py"
    file.write_text(CODE, "utf-8")
    return file


def faked(answer: Answer) -> Opens:
    @asynccontextmanager
    async def opens() -> AsyncGenerator[Server]:
        yield answering(answer)

    return opens


async def test_every_tool_says_what_it_does_and_takes(place: Path, tmp_path: Path) -> None:
    async with agent(place, here(tmp_path / "data")) as client:
        tools = (await client.list_tools()).tools

    assert {tool.name for tool in tools} == NAMES
    for tool in tools:
        assert tool.description, tool.name
        assert tool.output_schema, tool.name
        assert "context" not in tool.input_schema["properties"]
        for name, schema in tool.input_schema["properties"].items():
            assert schema.get("description") or name == "limit", (tool.name, name)
    assert not (tmp_path / "data").exists(), "an agent that uses no tool opens nothing"


@pytest.mark.usefixtures("blocking_calls_allowed")  # as a service is opened
async def test_code_becomes_a_storyboard_and_a_revision(code: Path, tmp_path: Path) -> None:
    said: list[str | None] = []

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        said.append(message)

    async with agent(code.parent, here(tmp_path / "data")) as client:
        first = await client.call_tool(
            "code_to_storyboard", {"path": "roi.py"}, progress_callback=heard
        )
        job_id = told(first)["job_id"]
        asked = {"job_id": job_id, "headline": "Know the payback", "output": "docs/roi.pdf"}
        second = await client.call_tool("revise_storyboard", asked)
        third = await client.call_tool("job_status", {"job_id": job_id})
        again = await client.call_tool("job_status", {"job_id": job_id, "output": "again.svg"})
        stopped = await client.call_tool("cancel_job", {"job_id": job_id})
        explained = await client.call_tool("explain_job", {"job_id": job_id})
        listed = await client.call_tool("list_jobs", {"limit": 1, "status": ["succeeded"]})
        page = {"limit": 1, "cursor": told(listed)["next_cursor"]}
        older = await client.call_tool("list_jobs", page)

    assert said[-1] == "succeeded"
    file = code.parent / "storyboards" / "roi.storyboard.png"
    assert told(first)["files"] == [str(file)]
    assert file.read_bytes().startswith(b"\x89PNG")
    assert told(first)["understanding"]["source"] == "static"
    assert len(pictures(first)) == 1
    assert told(second)["headline"] == "Know the payback"
    assert (code.parent / "docs" / "roi.pdf").read_bytes().startswith(b"%PDF")
    assert told(third)["files"] == []
    assert pictures(third) == pictures(first)
    assert told(again)["files"] == [str(code.parent / "again.svg")]
    assert told(stopped)["status"] == "succeeded"
    assert words(explained) == told(explained)["says"]
    assert "More: cursor" in words(listed)
    assert [job["id"] for job in told(older)["data"]] == [job_id]


@pytest.mark.usefixtures("blocking_calls_allowed")  # as a service is opened
async def test_a_script_becomes_pictures_in_a_folder(place: Path, tmp_path: Path) -> None:
    (place / "lamp.fountain").write_text(SCRIPT, "utf-8")

    async with agent(place, here(tmp_path / "data")) as client:
        asked = {"path": "lamp.fountain", "backend": "frames", "title": "The lamp"}
        made = await client.call_tool("story_run", asked)
        again = {"job_id": told(made)["job_id"], "output": "elsewhere"}
        later = await client.call_tool("job_status", again)

    assert "1 of 1 pictures" in told(made)["says"]
    (file,) = told(made)["files"]
    assert Path(file).parent == place / "lamp.story"
    assert len(pictures(made)) == 1
    assert [Path(one).parent.name for one in told(later)["files"]] == ["elsewhere"]


Call = tuple[str, dict[str, Any]]
WRONG: list[tuple[Call, str]] = [
    (("code_to_storyboard", {}), "Give either path or content. (invalid_input)"),
    (("code_to_storyboard", {"path": "../roi.py"}), "lies outside"),
    (("code_to_storyboard", {"path": "roi.py", "output": "roi.py"}), "ends in .png"),
    (("code_to_storyboard", {"content": "x = 1", "audience": "kings"}), ": audience: Input"),
    (("code_to_storyboard", {"path": 5}), "valid string"),
    (("roadmap_to_storyboard", {"path": "none.png"}), "There is no file none.png"),
    (("revise_storyboard", {"job_id": JOB, "headline": "A"}), "not found"),
    (("story_run", {"script": "A", "path": "a"}), "Give either path or script."),
    (("job_status", {"job_id": "../keys"}), "not found"),
    (("cancel_job", {"job_id": JOB}), "not found"),
]


@pytest.mark.usefixtures("blocking_calls_allowed")  # as a service is opened
@pytest.mark.parametrize(("call", "says"), WRONG, ids=[says for _, says in WRONG])
async def test_what_is_wrong_is_a_sentence(
    code: Path, tmp_path: Path, call: Call, says: str
) -> None:
    async with agent(code.parent, here(tmp_path / "data")) as client:
        result = await client.call_tool(*call)

    assert result.is_error
    assert says in words(result)


async def _asked(place: Path, answer: Answer, tool: str, given: dict[str, Any]) -> CallToolResult:
    async with agent(place, faked(answer)) as client:
        return await client.call_tool(tool, given)


async def test_a_screenshot_goes_to_the_server_as_it_was_wished(place: Path) -> None:
    (place / "plan.png").write_bytes(png())
    sent: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            sent.append(request.content)
            body = {"job_id": JOB, "status": "pending", "poll_url": "/x"}
            return httpx2.Response(202, json=body)
        return httpx2.Response(200, json=work().model_dump(mode="json"))

    given = {"path": "plan.png", "sanitize": False, "stage": "demo", "wait_s": 0}
    result = await _asked(place, answer, "roadmap_to_storyboard", given)

    assert told(result)["status"] == "running"
    assert b'"sanitize_ip":false' in sent[0]
    assert b'"stage":"demo"' in sent[0]
    assert b"iVBORw0KGgo" in sent[0]


async def test_words_for_fields_and_new_art_are_passed_on(place: Path) -> None:
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(409, json={"detail": "It has not ended."})

    given = {"job_id": JOB, "wording": {"business_value": "Saves a day."}, "new_art": True}
    result = await _asked(place, answer, "revise_storyboard", given)

    assert "It has not ended. (conflict)" in words(result)
    assert sent[0].url.path == f"/storyboard/jobs/{JOB}/revise"
    assert sent[0].content == b'{"new_art":true,"wording":{"business_value":"Saves a day."}}'


async def test_a_headline_is_taken_back(place: Path) -> None:
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(409, json={"detail": "It has not ended."})

    given = {"job_id": JOB, "found_headline": True}
    await _asked(place, answer, "revise_storyboard", given)
    both = await _asked(place, answer, "revise_storyboard", {**given, "headline": "Mine"})

    assert [one.content for one in sent] == [b'{"custom_headline":null}']
    assert "Give either headline or found_headline." in words(both)


def _run(**other: Any) -> httpx2.Response:
    return httpx2.Response(200, json=work(kind="story_run", **other).model_dump(mode="json"))


def _files(*names: str, url: str = "/picture") -> dict[str, Any]:
    return {"files": [{"name": name, "url": url, "media_type": "image/png"} for name in names]}


async def test_an_export_is_told_with_the_address_of_its_file(place: Path) -> None:
    made = work(kind="run_export", status="succeeded", output=_files("a.edl", url="/a"))

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=made.model_dump(mode="json"))

    result = await _asked(place, answer, "job_status", {"job_id": JOB})
    refused = await _asked(place, answer, "job_status", {"job_id": JOB, "output": "a.pdf"})

    assert told(result)["says"] == "The job has succeeded. a.edl: /a"
    assert "An export is fetched from its address" in words(refused)


async def test_of_a_run_that_goes_on_the_first_pictures_are_shown(place: Path) -> None:
    names = [f"{number}.png" for number in range(6)]

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/picture":
            return httpx2.Response(200, content=png())
        return _run(output=_files(*names))

    result = await _asked(place, answer, "job_status", {"job_id": JOB, "output": "out"})

    assert len(pictures(result)) == 4
    assert told(result)["files"] == []


async def test_all_pictures_of_a_run_that_has_ended_are_written(place: Path) -> None:
    names = [f"{number}.png" for number in range(6)]

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/picture":
            return httpx2.Response(200, content=png())
        if request.url.path.endswith("/report"):
            return httpx2.Response(200, json={"headline": "6 of 7 pictures are made."})
        error = {"code": "gpu", "message": "The GPU was lost.", "retryable": True}
        return _run(status="failed", error=error, output=_files(*names))

    result = await _asked(place, answer, "job_status", {"job_id": JOB, "output": "out"})

    assert told(result)["says"] == "6 of 7 pictures are made. The GPU was lost."
    assert len(pictures(result)) == 4
    assert sorted(path.name for path in (place / "out").iterdir()) == names


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (_files(".bashrc"), "no name of a picture"),
        (_files("a.png", url="http://elsewhere/a.png"), "at another server"),
        (_files("a.png", url="//elsewhere/a.png"), "at another server"),
    ],
)
async def test_a_server_is_not_believed(place: Path, files: dict[str, Any], says: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/picture":
            return httpx2.Response(200, content=png())
        return _run(status="canceled", output=files)

    result = await _asked(place, answer, "job_status", {"job_id": JOB, "output": "out"})

    assert says in words(result)
    assert not (place / "out").exists()


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("story_run", {"script": "A"}),
        ("list_jobs", {}),
        ("explain_job", {"job_id": JOB}),
        ("cancel_job", {"job_id": JOB}),
    ],
)
async def test_an_answer_that_nobody_expects_is_told(
    place: Path, tool: str, given: dict[str, Any]
) -> None:
    result = await _asked(place, lambda _: httpx2.Response(200, json={}), tool, given)

    assert "(bad_answer)" in words(result)


async def test_a_job_is_explained(place: Path) -> None:
    body = {"id": JOB, "status": "queued", "says": "Two are before it.", "position": 3, "ahead": 2}

    result = await _asked(
        place, lambda _: httpx2.Response(200, json=body), "explain_job", {"job_id": JOB}
    )

    assert words(result) == "Two are before it."
    assert told(result)["ahead"] == 2


async def test_failures_are_listed_with_their_reason(place: Path) -> None:
    error = {"code": "quota", "message": "Used up.", "retryable": False}
    failed = work(status="failed", error=error).model_dump(mode="json")
    body = {"data": [failed], "next_cursor": None}

    def answer(request: httpx2.Request) -> httpx2.Response:
        is_empty = "kind=story_run" in str(request.url)
        return httpx2.Response(200, json=body | {"data": []} if is_empty else body)

    listed = await _asked(place, answer, "list_jobs", {})
    nothing = await _asked(place, answer, "list_jobs", {"kind": ["story_run"]})

    assert words(listed) == f"{JOB} code_to_storyboard failed 2026-01-01 00:00 Used up."
    assert words(nothing) == "There are no such jobs."


async def test_what_nobody_foresaw_is_a_sentence_too(place: Path) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise ZeroDivisionError

    result = await _asked(place, answer, "list_jobs", {})

    assert "ZeroDivisionError" in words(result)


@pytest.mark.usefixtures("blocking_calls_allowed")  # as a service is opened
async def test_settings_of_a_server_keep_no_agent_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "STORYLOOM_HOST": "192.0.2.1",
        "STORYLOOM_KEY": "sk-of-another-server",
        "APP_ENV": "production",
        "REDIS_URL": "redis://127.0.0.1:1",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }.items():
        monkeypatch.setenv(name, value)

    async with embedded(Settings.load(data_dir=tmp_path), "acme") as server:
        assert (await server.api.jobs.list()).data == []


@pytest.mark.usefixtures("blocking_calls_allowed")  # as a service is opened
async def test_secrets_in_code_are_told_nobody(place: Path, tmp_path: Path) -> None:
    secret = "AKIA" + "Z7QK3M5X2W9B4T6N"
    code = CODE.replace("pays back.", f"pays back with {secret}.")

    async with agent(place, here(tmp_path / "data")) as client:
        made = await client.call_tool("code_to_storyboard", {"content": code, "name": "roi.py"})

    assert told(made)["files"] == [str(place / "storyboards" / "roi.storyboard.png")]
    assert secret not in made.model_dump_json()


@pytest.mark.usefixtures("blocking_calls_allowed")  # as a service is opened
async def test_each_agent_has_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "MOST", 2)
    settings = Settings.load(data_dir=tmp_path)

    async with embedded(settings, None), embedded(settings, None):
        with pytest.raises(Conflict, match="All 2 folders"):
            async with embedded(settings, None):
                pass

    assert sorted(path.name for path in (tmp_path / "mcp").iterdir()) == ["1", "2"]


@pytest.mark.usefixtures("blocking_calls_allowed")  # as a service is opened
async def test_presets_are_listed_and_only_what_has_failed_is_tried_again(
    code: Path, tmp_path: Path
) -> None:
    async with agent(code.parent, here(tmp_path / "data")) as client:
        listed = await client.call_tool("list_presets", {})
        made = told(await client.call_tool("code_to_storyboard", {"path": "roi.py"}))
        refused = await client.call_tool("retry_job", {"job_id": made["job_id"]})

    assert "audience c_suite: " in words(listed)
    assert [one["key"] for one in told(listed)["stages"]] == ["preview", "demo", "shipped"]
    assert refused.is_error
    assert "failed" in words(refused)


async def test_a_job_that_has_failed_is_tried_again(place: Path) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert (request.method, request.url.path) == ("POST", f"/v1/jobs/{JOB}/retry")
        return httpx2.Response(202, json=work(status="queued").model_dump(mode="json"))

    async with agent(place, faked(answer)) as client:
        again = told(await client.call_tool("retry_job", {"job_id": JOB}))

    assert (again["job_id"], again["status"]) == (JOB, "queued")
