"""One picture as one request: Gemini paints as a model that answers, others behind `/images`."""

import asyncio
from contextlib import suppress

from pydantic_ai import Agent, BinaryImage, ImageGenerationTool, RunUsage
from pydantic_ai.capabilities import NativeTool
from pydantic_ai.images import ImageGenerator
from pydantic_ai.usage import RequestUsage

from storyloom.adapters.pydantic_ai._faults import Asked, translated
from storyloom.adapters.pydantic_ai._sdk import Sdk
from storyloom.adapters.pydantic_ai._shapes import gemini_shape, openai_size
from storyloom.adapters.pydantic_ai._usage import usage_of
from storyloom.errors import Unsupported
from storyloom.imaging.schemas import ImageRequest
from storyloom.llm.names import ModelName
from storyloom.outbound.schemas import Usage


async def paint(sdk: Sdk, name: ModelName, request: ImageRequest) -> tuple[bytes, Usage]:
    """The file as the model gave it, and what it used; raises what the port says."""
    asked = Asked(sdk.connection, name.model, sdk.timeout_s, what=request.purpose)
    by = _by_gemini if name.provider == "google" else _by_images
    with translated(asked):
        data, used = await by(sdk, name.model, request)
    return data, usage_of(used, name, sdk.prices)


async def _by_gemini(sdk: Sdk, model: str, request: ImageRequest) -> tuple[bytes, RunUsage]:
    shape = gemini_shape(request.width, request.height)
    tool = ImageGenerationTool(aspect_ratio=shape, size="1K")
    painter = Agent(
        sdk.model(model), output_type=BinaryImage, capabilities=[NativeTool(tool)], retries=0
    )
    ran = await painter.run(_prompt(request), model_settings=sdk.settings, infer_name=False)
    return ran.output.data, ran.usage


async def _by_images(sdk: Sdk, model: str, request: ImageRequest) -> tuple[bytes, RequestUsage]:
    who, system = sdk.connection.who, sdk.connection.provider
    if system == "anthropic":
        raise Unsupported(f"{who} has no models that make pictures.", system=system)
    from pydantic_ai.images.openai import OpenAIImageGenerationModel  # noqa: PLC0415 - an extra

    painter = ImageGenerator(OpenAIImageGenerationModel(model, provider=sdk.provider))
    size = openai_size(model, request.width, request.height)
    # This route has no deadline of its own.
    async with asyncio.timeout(sdk.timeout_s):
        made = await painter.generate(_prompt(request), settings={"dimensions": size})
    with suppress(LookupError, ValueError):  # nobody knows the price
        made.usage.cost = made.cost().total_price
    return made.image.data, made.usage


def _prompt(request: ImageRequest) -> str:
    """None of these models takes what is not wanted apart from the prompt."""
    if not request.negative_prompt:
        return request.prompt
    return f"{request.prompt}\n\nDo not show: {request.negative_prompt}"
