"""Saving again, and prompts for beats."""

import json
from typing import Any

import pytest

from storyloom.errors import InvalidInput
from storyloom.story.beats import Beat
from storyloom.story.changes import Change, prompted, prompts_in, saved, timestamp_in
from storyloom.story.episodes import found_in
from storyloom.story.errors import SessionNotFound, SessionUnreadable, TimestampTaken
from storyloom.story.origins import Standing, digest, origin_now, standing_of
from storyloom.story.prompts import Aspect
from storyloom.story.script.schemas import Bible
from tests.story.samples import TIMESTAMP, beat, raw, session

PROMPTS = {"cinematic": "wide shot"}


def beats(change: Change) -> list[dict[str, Any]]:
    assert change.body is not None
    return json.loads(change.body)["analyzedEpisode"]["scenes"][0]["beats"]


def add(document: dict[str, Any], prompts: object) -> Change:
    return prompted(prompts_in(raw({"prompts": prompts})), TIMESTAMP, raw(document))


def test_fields_that_nobody_knows_are_kept() -> None:
    document = session(beat("a", unknown={"x": [1, None, "ünï"]}), more={"deep": [{}]}, n=2**70)

    change = saved(raw(document), TIMESTAMP, None)

    assert change.body is not None
    assert json.loads(change.body) == document
    assert change.before is None


def test_a_session_without_a_timestamp_gets_one() -> None:
    change = saved(b"{}", TIMESTAMP, None)

    assert change.body == b'{"timestamp":1738195200000}'


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        (beat("a"), True),
        (beat("a", prompts={}), True),
        (beat("a", prompts=None), True),
        (beat("a", image="a.png"), True),
        ({"beatId": "a", "mood": "dark"}, True),
        ({"beatId": "a", "beat_script_text": "Other"}, False),
        (beat("a", mood="bright"), False),
        ({"beatId": "a", "words": "Text a"}, False),
        (beat("b"), False),
    ],
)
def test_prompts_of_a_beat_are_kept_unless_it_has_changed(
    new: dict[str, Any], *, kept: bool
) -> None:
    old = session(beat("a", prompts=PROMPTS, mood="dark"))

    change = saved(raw(session(new)), TIMESTAMP, raw(old))

    assert (beats(change)[0].get("prompts") == PROMPTS) is kept
    assert change.reading.is_ready is kept
    assert change.before is not None
    assert change.before.is_ready


def test_a_beat_of_a_name_alone_is_the_same_beat() -> None:
    old = session({"beatId": "a", "prompts": PROMPTS})

    change = saved(raw(session({"beatId": "a"}, more=1)), TIMESTAMP, raw(old))

    assert beats(change) == [{"beatId": "a", "prompts": PROMPTS}]


def test_prompts_that_are_sent_replace_those_that_were_there() -> None:
    old = session(beat("a", prompts=PROMPTS))

    change = saved(raw(session(beat("a", prompts={"vertical": "x"}))), TIMESTAMP, raw(old))

    assert beats(change)[0]["prompts"] == {"vertical": "x"}


@pytest.mark.parametrize("again", [session(beat("a")), dict(reversed(session(beat("a")).items()))])
def test_to_save_the_same_again_changes_nothing(again: dict[str, Any]) -> None:
    kept = raw(session(beat("a", prompts=PROMPTS)))

    change = saved(raw(again), TIMESTAMP, kept)

    assert change.body is None
    assert change.reading.is_ready


def test_true_is_not_one() -> None:
    assert saved(raw(session(x=True)), TIMESTAMP, raw(session(x=1))).body is not None


def test_what_cannot_be_read_is_replaced() -> None:
    change = saved(raw(session()), TIMESTAMP, b"not JSON")

    assert change.body is not None
    assert change.before is None


def test_a_new_session_takes_the_place_of_no_other() -> None:
    with pytest.raises(TimestampTaken):
        saved(b"{}", TIMESTAMP, b"{}", is_new=True)


@pytest.mark.parametrize(
    ("said", "read"), [(5, 5), (5.0, 5), (None, None), (0, 0), (2**53 - 1, 2**53 - 1)]
)
def test_timestamps_that_can_be_read(said: object, read: int | None) -> None:
    assert timestamp_in(raw({"timestamp": said})) == read


@pytest.mark.parametrize("said", ["5", True, -1, 1.5, 2**53, [], {}, 1e300])
def test_timestamps_that_cannot_be_read(said: object) -> None:
    with pytest.raises(InvalidInput) as fault:
        timestamp_in(raw({"timestamp": said}))

    assert fault.value.loc == ("body", "timestamp")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity"])
def test_timestamps_that_are_no_numbers(number: bytes) -> None:
    with pytest.raises(InvalidInput):
        timestamp_in(b'{"timestamp": ' + number + b"}")


SET = {"prompt": "wide shot", "model": "flux", "seed": -1}


@pytest.mark.parametrize(
    ("prompts", "there"),
    [
        ([{"beatId": "a", "cinematic": "x", "vertical": SET}], {"cinematic": "x", "vertical": SET}),
        ([{"beatId": "a", "prompts": {"cinematic": SET}}], {"cinematic": SET}),
        ([{"beatId": "a", "prompts": "x"}], {"cinematic": "x"}),
        ([{"beatId": "a", "cinematic": "x", "vertical": None}], {"cinematic": "x"}),
        ([{"beatId": "a", "cinematic": "x", "notes": [1]}], {"cinematic": "x", "notes": [1]}),
        ({"a": {"cinematic": "x"}}, {"cinematic": "x"}),
        ({"a": {"prompts": {"vertical": "x"}}}, {"vertical": "x"}),
        ({"a": "x"}, {"cinematic": "x"}),
        ({"a": SET}, {"cinematic": SET}),
    ],
)
def test_prompts_are_taken_in_every_form(prompts: object, there: dict[str, Any]) -> None:
    change = add(session(beat("a")), prompts)

    assert beats(change)[0]["prompts"] == there
    assert change.reading.is_ready
    assert change.before is not None
    assert not change.before.is_ready


@pytest.mark.parametrize("there", ["old", None, ["old"]])
def test_prompts_that_were_no_object_are_replaced(there: object) -> None:
    change = add(session(beat("a", prompts=there)), {"a": "x"})

    assert beats(change)[0]["prompts"] == {"cinematic": "x"}


def test_a_number_names_a_beat_by_its_place() -> None:
    change = add(session(beat(), beat()), [{"beatId": 2, "cinematic": "x"}])

    assert ["prompts" in one for one in beats(change)] == [False, True]


def test_kinds_that_are_not_named_stay() -> None:
    change = add(session(beat("a", prompts=PROMPTS)), {"a": {"vertical": "x"}})

    assert beats(change)[0]["prompts"] == {"cinematic": "wide shot", "vertical": "x"}


def test_the_same_prompts_again_change_nothing() -> None:
    change = add(session(beat("a", prompts=PROMPTS)), {"a": PROMPTS})

    assert change.body is None


def test_two_beats_of_one_name_both_get_the_prompt() -> None:
    assert add(session(beat("a"), beat("a")), {"a": "x"}).reading.facts.total_prompts == 2


@pytest.mark.parametrize(
    ("prompts", "path"),
    [
        (None, ()),
        ("text", ()),
        ([5], (0,)),
        ([{"cinematic": "x"}], (0, "beatId")),
        ([{"beatId": True, "cinematic": "x"}], (0, "beatId")),
        ([{"beatId": "a"}], (0,)),
        ([{"beatId": "a", "prompts": None}], (0,)),
        ([{"beatId": "a", "cinematic": ""}], (0, "cinematic")),
        ([{"beatId": "a", "cinematic": "x", "vertical": {"seed": 1}}], (0, "vertical")),
        ([{"beatId": "a", "cinematic": "x"}, {"beatId": "z", "cinematic": "x"}], (1,)),
        ({"z": "x"}, ("z",)),
        ({"a": 5}, ("a",)),
        ({"\ud800" + "z" * 500: "x"}, ("?" + "z" * 99,)),
    ],
)
def test_prompts_that_cannot_be_taken_are_named(
    prompts: object, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(InvalidInput) as fault:
        add(session(beat("a")), prompts)

    assert fault.value.loc == ("body", "prompts", *path)


def test_prompts_for_no_session() -> None:
    given = prompts_in(b'{"prompts": {"a": "x"}}')

    with pytest.raises(SessionNotFound):
        prompted(given, TIMESTAMP, None)
    with pytest.raises(SessionUnreadable):
        prompted(given, TIMESTAMP, b"[]")


def origins(change: Change) -> dict[str, Any]:
    return beats(change)[0].get("promptOrigins", {})


def ours(**more: Any) -> dict[str, Any]:
    """A beat whose prompt was written here."""
    told = beat("a", action="waits", prompts=PROMPTS)
    made_of = origin_now(found_in(Beat("a", told)), Bible())
    words = made_of.model_copy(update={"words": digest(PROMPTS["cinematic"])})
    return told | {"promptOrigins": {"cinematic": words.model_dump()}} | more


def test_a_client_that_leaves_out_where_words_come_from_loses_nothing() -> None:
    sent = {name: value for name, value in ours(mood="dark").items() if name != "promptOrigins"}

    change = saved(raw(session(sent)), TIMESTAMP, raw(session(ours())))

    assert origins(change) == ours()["promptOrigins"]


def test_a_changed_beat_keeps_what_its_words_were_made_of() -> None:
    change = saved(raw(session(ours(action="runs"))), TIMESTAMP, raw(session(ours())))

    assert origins(change) == ours()["promptOrigins"]


def test_other_words_are_about_the_beat_with_which_they_are_saved() -> None:
    sent = ours(action="runs", prompts={"cinematic": "mine"})

    change = saved(raw(session(sent)), TIMESTAMP, raw(session(ours())))

    now = origin_now(found_in(Beat("a", sent)), Bible())
    assert origins(change) == {"cinematic": now.model_dump(exclude_none=True)}


def test_older_words_of_ours_that_are_sent_back_stay_ours() -> None:
    renewed = {"cinematic": "of the beat as it is"}
    made_of = origin_now(found_in(Beat("a", beat("a", action="runs"))), Bible())
    origin = made_of.model_copy(update={"words": digest(renewed["cinematic"])}).model_dump()
    kept = ours(action="runs", prompts=renewed, promptOrigins={"cinematic": origin})

    change = saved(raw(session(ours(action="runs"))), TIMESTAMP, raw(session(kept)))

    (told,) = beats(change)
    assert told["prompts"] == PROMPTS
    assert told["promptOrigins"] == ours()["promptOrigins"]
    found = found_in(Beat("a", told))
    standing = standing_of(Beat("a", told), Aspect.CINEMATIC, found, Bible())
    assert standing is Standing.OUTDATED


def test_words_of_ours_that_are_lost_and_sent_back_stay_ours() -> None:
    made_of = ours()["promptOrigins"]["cinematic"]
    kept = ours(prompts={"vertical": "tall"}, promptOrigins={"vertical": made_of})
    sent = ours(prompts=PROMPTS | {"vertical": "tall"})

    change = saved(raw(session(sent)), TIMESTAMP, raw(session(kept)))

    assert origins(change) == {"cinematic": made_of, "vertical": made_of}


def test_nobody_can_say_that_other_words_are_ours() -> None:
    kept = ours(prompts=PROMPTS | {"vertical": "tall"})
    sent = kept | {"promptOrigins": {"vertical": {"beat": "", "words": digest("tall")}}}

    change = saved(raw(session(sent)), TIMESTAMP, raw(session(kept)))

    assert change.body is None


def test_words_that_are_gone_come_from_nowhere() -> None:
    change = saved(raw(session(ours(action="runs", prompts={}))), TIMESTAMP, raw(session(ours())))

    assert "promptOrigins" not in beats(change)[0]


def test_words_that_are_sent_are_somebodys() -> None:
    change = add(session(ours()), {"a": {"cinematic": "mine", "vertical": "tall"}})

    assert set(origins(change)) == {"cinematic", "vertical"}
    assert all("words" not in one for one in origins(change).values())


def test_words_of_ours_that_are_sent_back_stay_ours() -> None:
    assert add(session(ours()), {"a": PROMPTS}).body is None


def test_words_that_are_sent_again_are_about_the_beat_as_it_is_now() -> None:
    first = add(session(beat("a", action="waits")), {"a": PROMPTS})
    told = beats(first)[0] | {"action": "runs"}

    again = add(session(told), {"a": PROMPTS})

    assert origins(again) != origins(first)
    assert add(session(beats(again)[0]), {"a": PROMPTS}).body is None
