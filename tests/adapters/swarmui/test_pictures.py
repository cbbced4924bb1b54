"""What SwarmUI says that its pictures are."""

import json

import pytest

from storyloom.adapters.swarmui._hearing import Told
from storyloom.adapters.swarmui._order import order_of
from storyloom.adapters.swarmui._pictures import Made, Pictures, found, picture_of
from storyloom.errors import BadAnswer, Rejected
from storyloom.imaging.schemas import MediaType, Picture
from tests.adapters.swarmui.painting import asked, http
from tests.swarmui.double import Behaviour, swarm_double
from tests.swarmui.gallery import png

PNG = png((96, 64), "a")


def picture(metadata: str) -> Picture:
    request = asked(seed=7)
    return picture_of(Made(PNG, metadata), order_of(request, "m"), request, MediaType.PNG)


@pytest.mark.parametrize(
    "metadata",
    ["", "no json", "[]", "{}", '{"sui_image_params": 7}', "[" * 5000, '{"a": "' + "x" * 10**6],
)
def test_what_it_was_made_with_is_ours_where_swarmui_does_not_tell(metadata: str) -> None:
    made = picture(metadata)

    assert (made.model, made.seed) == ("m", 7)
    assert made.parameters == {"model": "m", "seed": 7}


@pytest.mark.parametrize("odd", ["", 7, None])
def test_odd_words_do_not_count(odd: object) -> None:
    made = picture(json.dumps({"sui_image_params": {"model": odd, "seed": True, "steps": 3}}))

    assert (made.model, made.seed, made.parameters["steps"]) == ("m", 7, 3)


@pytest.mark.parametrize(
    "where", ["/etc/passwd", "http://other/x.png", "View/../x.png", "", "data:image/png;base64,?"]
)
async def test_files_are_fetched_from_where_swarmuis_files_lie(where: str) -> None:
    async with http() as client:
        with pytest.raises(BadAnswer):
            await Pictures(client, 1).fetch("http://127.0.0.1:1", Told(where, ""))


@pytest.mark.parametrize(
    ("how", "path", "kind"),
    [
        (Behaviour(), "API/x", BadAnswer),
        (Behaviour(wants_key=True), "View/x", Rejected),
    ],
)
async def test_an_answer_that_is_no_file_is_told(
    how: Behaviour, path: str, kind: type[Exception]
) -> None:
    async with http() as client, swarm_double(how) as double:
        with pytest.raises(kind):
            await Pictures(client, 1).find(double.url, path)


def test_metadata_is_read_from_the_file() -> None:
    assert found(png((8, 8), "a", "told")) == Made(png((8, 8), "a", "told"), "told")
    assert found(PNG) == Made(PNG, "")


@pytest.mark.parametrize("data", [b"", PNG[:60], b"\xff\xd8\xff", b"GIF89a"])
def test_what_is_no_whole_picture_is_not_found(data: bytes) -> None:
    assert found(data) is None
