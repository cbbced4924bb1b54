from storyloom.storyboard.prompting import prompt
from tests.cli.conftest import Run, json_of


def test_every_prompt_is_listed_with_its_version(run: Run) -> None:
    told = run("prompts").stdout

    assert [
        name
        for name in (
            "understand_code",
            "understand_roadmap",
            "illustrate",
            "paint_page",
            "find_beats",
            "write_prompt",
        )
        if name not in told
    ] == []
    assert prompt("illustrate").purpose in told


def test_the_json_has_versions_and_slots(run: Run) -> None:
    listed = json_of(run("prompts", "--json"))["prompts"]

    assert listed[0]["name"] == "illustrate"
    assert listed[0]["version"] == prompt("illustrate").version
    assert listed[0]["slots"] == ["accent", "primary", "scene", "style", "subject"]


def test_one_prompt_is_printed_as_it_is(run: Run) -> None:
    assert run("prompts", "show", "paint_page").stdout == prompt("paint_page").text + "\n"
    assert json_of(run("prompts", "show", "paint_page", "--json"))["text"].startswith("Design")


def test_an_unknown_prompt_is_answered_with_the_known_ones(run: Run) -> None:
    answer = run("prompts", "show", "nothing")

    assert answer.exit_code == 4
    assert "understand_code" in answer.stderr
