"""Where people are named in a text."""

import pytest

from storyloom.story.finding import cast as module
from storyloom.story.finding.cast import Cast, new_id


@pytest.fixture
def cast() -> Cast:
    made = Cast()
    rose = made.add("Rose Lane")
    made.call(rose, "Rose")
    made.add("the keeper")
    return made


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Rose Lane waits. Rose smiles.", ("rose_lane",)),
        ("ROSE'S hat and the keeper\u2019s lamp", ("rose_lane", "keeper")),
        ("The sun rose over the lane.", ()),
        ("Rose Bush", ("rose_lane",)),
        ("The Keeper and a roses", ("keeper",)),
    ],
)
def test_names_are_written_large_unless_they_are_kinds(
    cast: Cast, text: str, ids: tuple[str, ...]
) -> None:
    assert cast.ids_in(text) == ids


def test_the_longest_name_counts(cast: Cast) -> None:
    assert [(one.start, one.end) for one in cast.mentions("So Rose Lane waits")] == [(3, 12)]


def test_the_same_name_is_the_same_person(cast: Cast) -> None:
    assert cast.add("rose lane") is cast.people["rose_lane"]
    assert cast.named("Rose") is cast.people["rose_lane"]
    assert cast.named("Tom") is None
    assert cast.named("!") is None
    cast.call(cast.people["rose_lane"], "!")
    assert cast.ids_in("!") == ()


def test_two_that_are_one_are_joined(cast: Cast) -> None:
    cast.join(cast.people["keeper"], cast.people["rose_lane"])

    assert list(cast.people) == ["rose_lane"]
    assert cast.ids_in("the keeper nods") == ("rose_lane",)
    assert cast.people["rose_lane"].aliases == {"Rose", "the keeper"}


def test_ids_are_plain_and_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    assert new_id("Dr. O'Brien!", ()) == "dr_obrien"
    assert new_id("\u5f20\u4e09", ()) == "somebody"
    assert new_id("Ann", {"ann", "ann_2"}) == "ann_3"
    assert len(new_id("x" * 99, ())) == 40

    monkeypatch.setattr(module, "MAX_PEOPLE", 1)
    few = Cast()
    assert [few.add(name).name for name in ("Ann", "Bob")] == ["Ann", "Bob"]
    assert list(few.people) == ["ann"]


def test_people_are_called_by_their_first_names(cast: Cast) -> None:
    assert cast.people["rose_lane"].short == "Rose"
    assert cast.add("Mr. Ott").short == "Mr. Ott"
