"""Pictures of runs carry what they were made with."""

from anyio import to_thread

from storyloom.automation.runs.directing.exposure import FOLDER, Exposed
from storyloom.automation.runs.directing.keeping import Inscribed
from storyloom.imaging.embedding import with_recipe
from storyloom.imaging.keys import key_of
from storyloom.imaging.recipes import Recipe


async def inscribe(exposed: Exposed) -> Inscribed:
    """Write into a picture what it was made with, in a thread."""
    return await to_thread.run_sync(_inscribed, exposed)


def _inscribed(exposed: Exposed) -> Inscribed:
    picture, request = exposed.picture, exposed.request
    recipe = Recipe(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        seed=picture.seed if picture.seed is not None else request.seed,
        model=picture.model,
        backend=picture.backend,
        width=picture.width,
        height=picture.height,
        parameters=dict(picture.parameters),
    )
    data = with_recipe(picture.data, recipe)
    return Inscribed(data, key_of(FOLDER, data, picture.media_type))
