"""Both forms of a recipe, and what they do with too much."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from storyloom.imaging.recipes import MAX_BYTES, Recipe, from_json, to_json, to_text

RECIPE = Recipe(
    prompt="a man's cat & <dog>",
    negative_prompt="blurry",
    seed=7,
    model="sdxl",
    backend="swarmui",
    width=1344,
    height=768,
    parameters={"steps": 20, "cfgscale": 7.5, "sampler": "euler, a", "loras": ["x"]},
)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.characters()) | st.floats(0, 1)


def test_the_customary_form_is_that_of_the_field() -> None:
    assert to_text(RECIPE) == (
        "a man's cat & <dog>\n"
        "Negative prompt: blurry\n"
        'Steps: 20, CFG scale: 7.5, Sampler: "euler, a", Seed: 7, Size: 1344x768, Model: sdxl,'
        " Version: Storyloom"
    )


def test_other_parameters_are_told_where_they_are_plain() -> None:
    parameters: dict[str, JsonValue] = {"clip": 2, "tree": {"a": 1}, "long": "x" * 400}

    assert to_text(Recipe(prompt="x", parameters=parameters)) == "x\nclip: 2, Version: Storyloom"


def test_a_recipe_comes_back() -> None:
    assert from_json(to_json(RECIPE)) == RECIPE


@given(
    st.builds(
        Recipe,
        prompt=st.text(st.characters()),
        parameters=st.dictionaries(st.text(st.characters()), SCALARS),
    )
)
def test_any_recipe_is_plain_letters_that_stand_in_xml(recipe: Recipe) -> None:
    text = to_json(recipe)

    assert text.isascii()
    assert not set("<>&'") & set(text)
    assert from_json(text) is not None


def test_half_characters_and_controls_are_taken_out() -> None:
    recipe = Recipe(prompt="a\ud800b\x00\x1b[1m\r\nc")

    again = from_json(to_json(recipe))

    assert to_text(recipe) == "a\ufffdb[1m\nc\nVersion: Storyloom"
    assert again is not None
    assert again.prompt == "a\ufffdb\x00\x1b[1m\r\nc"


def test_what_has_no_room_is_named() -> None:
    parameters: dict[str, JsonValue] = {"workflow": "w" * MAX_BYTES, "steps": 20, "big": "b" * 999}

    again = from_json(to_json(RECIPE.model_copy(update={"parameters": parameters})))

    assert again is not None
    assert again.left_out == ("workflow",)
    assert set(again.parameters) == {"steps", "big"}


def test_words_beyond_all_room_are_cut() -> None:
    text = to_json(Recipe(prompt="駅" * 40_000, model="'" * 40_000, negative_prompt="&" * 40_000))

    assert len(text) <= MAX_BYTES
    assert from_json(text) is not None
    many: dict[str, JsonValue] = {f"parameter {number}": "x" * 299 for number in range(500)}
    assert len(to_text(Recipe(prompt="x", parameters=many))) <= 24_000


def test_what_is_no_recipe_is_none() -> None:
    for text in ("", "[]", "{", '{"seed": "x"}', "[" * 50_000, " " * (MAX_BYTES + 1)):
        assert from_json(text) is None
