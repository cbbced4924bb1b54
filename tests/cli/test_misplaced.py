"""Options that stand before the command which knows them."""

import pytest

from tests.cli.conftest import Run, json_of


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("webhooks --server http://x list", "webhooks list --server"),
        ("jobs --server=http://x cancel 1", "jobs cancel --server"),
        ("sessions --server http://x show 1", "sessions show --server"),
        ("keys --org acme list", "keys list --org"),
        ("--server http://x runs list", "runs list --server"),
        ("-o board.png code a.py", "code -o"),
        ("--no-worker serve", "serve --no-worker"),
        ("swarmui --server http://x", "swarmui status --server"),
        ("swarmui --server http://x start", "swarmui start --server"),
        ("--server http://x swarmui", "swarmui status --server"),
    ],
)
def test_an_option_that_stands_too_early_is_told_its_place(run: Run, line: str, where: str) -> None:
    result = run(*line.split())

    assert result.exit_code == 2
    option = where.rsplit(maxsplit=1)[-1]
    assert result.stderr == (
        f"storyloom: No such option: {option}. "
        f"It belongs after the command, as in `storyloom {where}`.\n"
    )


@pytest.mark.parametrize("line", ["webhooks --server http://x", "--server http://x"])
def test_of_commands_among_which_nothing_tells_none_is_an_example(run: Run, line: str) -> None:
    assert run(*line.split()).stderr == (
        "storyloom: No such option: --server. It belongs after the command.\n"
    )


@pytest.mark.parametrize("line", ["jobs --nope list", "jobs list --nope", "presets --port 1"])
def test_an_option_that_no_command_there_knows_has_no_place(run: Run, line: str) -> None:
    option = next(word for word in line.split() if word.startswith("--"))

    assert run(*line.split()).stderr == f"storyloom: No such option: {option}\n"


def test_its_place_is_told_in_json_too(run: Run) -> None:
    told = json_of(run("queues", "--server", "http://x", "list", "--json"))

    assert "as in `storyloom queues list --server`." in told["error"]["message"]
