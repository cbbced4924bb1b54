"""The catalogue of what software does for a business, and its sentences."""

import re
from pathlib import Path

import pytest

from storyloom.boards.icons import icon_set
from storyloom.boards.schemas import Brand, Scene
from storyloom.errors import Misconfigured
from storyloom.storyboard.capabilities import (
    LONGEST,
    NEUTRAL,
    Capabilities,
    capabilities_in,
    claims,
    does,
    filled,
    promise,
    words_of,
)
from storyloom.storyboard.presets import PACKAGED, Audience, Brief, Catalogue, IcpPreset

CATALOGUE = Capabilities.packaged()
PRESETS = Catalogue.load()
KINDS = ("headline", "gain", "pain", "who", "difference")
LONG_SUBJECT = "preventive maintenance schedules"
OPERATORS_OWN = Audience(
    key="board_members",
    name="Board members",
    description="Members of the board",
    kicker="For the board",
    panels=(Scene.VALUE,),
    people="board members",
)


def _briefs() -> list[Brief]:
    audiences = [*PRESETS.audiences.values(), OPERATORS_OWN]
    return [
        Brief(icp, stage, audience)
        for icp in PRESETS.icp.values()
        for stage in PRESETS.stages.values()
        for audience in audiences
    ]


def _all_sentences(subject: str) -> list[str]:
    return [
        text
        for capability in CATALOGUE.by_key.values()
        for brief in _briefs()
        for claim in [claims(capability, brief, subject)]
        for text in (
            claim.business_value,
            claim.who_benefits,
            claim.differentiator,
            claim.pain_point_addressed,
        )
    ]


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (["Automated invoice reminders", "Overdue payments by customer"], "billing"),
        (["Crew schedule", "Assign technicians"], "scheduling"),
        (["verify_signature hmac"], "verification"),
        (["calculate roi", "payback months"], "returns"),
        (["Permit register", "inspection"], "compliance"),
        (["csv export", "spreadsheet import"], "exchange"),
    ],
)
def test_words_tell_the_capability(texts: list[str], key: str) -> None:
    assert capabilities_in(texts)[0].capability.key == key


def test_no_known_word_finds_nothing() -> None:
    assert capabilities_in(["zzyzx qwrt"]) == ()
    assert capabilities_in([]) == ()


def test_the_best_comes_first_and_says_why() -> None:
    found = capabilities_in(["invoice payment refund", "search"])

    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].terms[:2] == ("invoic", "payment")
    assert found[0].is_clear


def test_a_heavier_text_counts_for_more() -> None:
    found = CATALOGUE.found_in({"invoice": 1.0, "search": 20.0})

    assert found[0].capability.key == "search"


def test_two_words_can_be_one_term() -> None:
    keys = {one.capability.key for one in capabilities_in(["purchase order"])}

    assert "inventory" in keys


def test_weak_words_alone_are_not_clear() -> None:
    assert not any(one.is_clear for one in capabilities_in(["amount"]))


def test_small_words_are_no_things() -> None:
    assert capabilities_in(["not them"]) == ()


def test_strong_and_usual_terms_tell_of_a_capability() -> None:
    assert set(CATALOGUE.telling_in("plan the shifts of a day", CATALOGUE.by_key["scheduling"])) == {
        "plan", "shift",
    }  # fmt: skip


def test_a_catalogue_that_another_thread_has_read_says_the_same() -> None:
    """Two threads that begin at the same moment read one each."""
    theirs = Capabilities.load(PACKAGED / "capabilities").by_key["scheduling"]

    assert set(CATALOGUE.telling_in("plan the shifts of a day", theirs)) == {"plan", "shift"}


def test_a_narrow_capability_speaks_of_its_own_things_only() -> None:
    verification = CATALOGUE.by_key["verification"]
    storage = CATALOGUE.by_key["storage"]

    assert CATALOGUE.fits("signature", verification)
    assert not CATALOGUE.fits("permit", verification)
    assert CATALOGUE.fits("permit", storage)


def test_the_catalogue_knows_its_own_words() -> None:
    assert CATALOGUE.knows("invoices")
    assert not CATALOGUE.knows("zzyzx")


@pytest.mark.parametrize("key", sorted(CATALOGUE.by_key))
def test_every_capability_speaks_to_every_audience(key: str) -> None:
    capability = CATALOGUE.by_key[key]

    for kind in KINDS:
        phrases: dict[str, str] = getattr(capability, kind)
        assert set(phrases) == {NEUTRAL, *PRESETS.audiences}
        assert len(set(phrases.values())) == len(phrases)
        assert all("{subject}" in phrase for phrase in phrases.values())


@pytest.mark.parametrize("key", sorted(CATALOGUE.by_key))
def test_every_gain_marks_its_verb(key: str) -> None:
    assert all(phrase.startswith("[") for phrase in CATALOGUE.by_key[key].gain.values())


def test_names_and_icons_are_told_apart() -> None:
    capabilities = CATALOGUE.by_key.values()

    assert len({one.name for one in capabilities}) == len(capabilities)
    assert len({one.icon for one in capabilities}) == len(capabilities)


@pytest.mark.parametrize("subject", ["", "invoices", LONG_SUBJECT])
def test_no_sentence_breaks_the_rules_of_grammar(subject: str) -> None:
    faulty = re.compile(
        r"[{}\[\]_]|\s\s|\s[.,;:]|[.,;:]{2}|\b(\w+) \1\b|\ba [aeio]|\ban [bcdfgjklpqtvwz]",
        re.IGNORECASE,
    )
    bad = [
        text
        for text in _all_sentences(subject)
        if faulty.search(text) or not text[0].isupper() or text.count(".") != 1 or text[-1] != "."
    ]

    assert bad == []


@pytest.mark.parametrize("subject", ["", "webhook signatures", LONG_SUBJECT])
def test_every_sentence_fits_a_panel(subject: str) -> None:
    assert [text for text in _all_sentences(subject) if len(text) > LONGEST] == []


@pytest.mark.parametrize("subject", ["", "invoices", LONG_SUBJECT])
def test_every_headline_is_short_and_whole(subject: str) -> None:
    said = [
        promise(one, brief, subject) for one in CATALOGUE.by_key.values() for brief in _briefs()
    ]

    assert [text for text in said if len(text) > 72 or re.search(r"[{}\[\].]|\s\s", text)] == []


@pytest.mark.parametrize("key", sorted(CATALOGUE.by_key))
def test_no_headline_says_what_another_field_says_as_well(key: str) -> None:
    def rows(phrase: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z']+", phrase.replace("{subject}", "x").lower())
        return set(zip(*(words[at:] for at in range(4)), strict=False))

    capability = CATALOGUE.by_key[key]
    for audience in (NEUTRAL, *PRESETS.audiences):
        own = rows(capability.headline[audience])
        others = (capability.phrase(kind, audience) for kind in KINDS if kind != "headline")
        assert own.isdisjoint(set[tuple[str, ...]]().union(*map(rows, others)))


@pytest.mark.parametrize("key", sorted(CATALOGUE.by_key))
def test_what_is_done_is_one_sentence(key: str) -> None:
    for subject in ("", "invoices"):
        said = does(CATALOGUE.by_key[key], subject)

        assert said[0].isupper()
        assert said.count(".") == 1
        assert not re.search(r"[{}\[\]]|\b(\w+) \1\b", said)


def test_a_sentence_does_not_say_its_subject_twice() -> None:
    customers, brief = CATALOGUE.by_key["customers"], _briefs()[0]
    pain = claims(
        customers, Brief(brief.icp, brief.stage, PRESETS.audiences["c_suite"]), "customers"
    )

    assert pain.pain_point_addressed.lower().count("customers") == 1


def test_a_broad_capability_speaks_of_anything() -> None:
    assert CATALOGUE.fits("zzyzx", CATALOGUE.by_key["testing"])
    assert not CATALOGUE.fits("zzyzx", CATALOGUE.by_key["billing"])


def test_a_subject_that_does_not_fit_gives_way() -> None:
    said = claims(CATALOGUE.by_key["billing"], _briefs()[0], "very " * 40 + "long invoices")

    assert "very" not in said.business_value


def test_stages_and_audiences_differ_in_words() -> None:
    billing = CATALOGUE.by_key["billing"]
    briefs = [brief for brief in _briefs() if brief.icp.key == "coperniq_mep"]
    values = [claims(billing, brief, "invoices").business_value for brief in briefs]

    assert len(set(values)) == len(briefs)


def test_stages_speak_in_their_tense() -> None:
    billing = CATALOGUE.by_key["billing"]
    icp, audience = PRESETS.icp["coperniq_mep"], PRESETS.audiences["business_owner"]
    said = {
        key: claims(billing, Brief(icp, stage, audience)).business_value
        for key, stage in PRESETS.stages.items()
    }

    assert said["preview"].startswith("It will take ")
    assert said["demo"].startswith("See in the demo how it takes ")
    assert said["shipped"].startswith("It now takes ")


def test_a_subject_is_made_plural() -> None:
    brief = _briefs()[0]

    assert "payback figures" in claims(CATALOGUE.by_key["returns"], brief, "payback").business_value


def test_slots_are_filled_once_and_take_the_right_article() -> None:
    assert filled("a {client} has {x}", {"client": "owner", "x": "{y}"}) == "an owner has {y}"
    assert filled("{none}", {}) == ""


def test_words_an_operator_leaves_out_have_defaults() -> None:
    icp = IcpPreset(key="mine", name="Mine", description="", brand=Brand(name="Mine"))

    assert words_of(icp)["clients"] == "customers"


@pytest.mark.parametrize("icp", sorted(PRESETS.icp))
def test_packaged_profiles_bring_every_word(icp: str) -> None:
    assert set(PRESETS.icp[icp].words) == set(words_of(PRESETS.icp[icp]))


@pytest.mark.parametrize("content", ["name = ", 'name = "x"', b"\xff"])
def test_a_broken_file_is_named(tmp_path: Path, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "broken.toml").write_bytes(data)

    with pytest.raises(Misconfigured, match=r"broken\.toml"):
        Capabilities.load(tmp_path)


def test_every_icon_is_in_the_vendored_set() -> None:
    icons = icon_set().svg

    assert [one.icon for one in CATALOGUE.by_key.values() if one.icon not in icons] == []
