"""One question as one request of pydantic-ai, and its answer in our words."""

from collections.abc import Sequence
from typing import TypeVar, cast

from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, NativeOutput, PromptedOutput, RunUsage
from pydantic_ai.messages import UserContent
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

from storyloom.adapters.pydantic_ai._faults import Asked, translated
from storyloom.adapters.pydantic_ai._sdk import Sdk
from storyloom.adapters.pydantic_ai._usage import usage_of
from storyloom.llm.names import ModelName
from storyloom.llm.schemas import Answer, Question

A = TypeVar("A", bound=BaseModel)
_MOST_AGENTS = 32
# What the profile of a model holds that thinks unless it is told not to.
_THINKS = ("thinking_always_enabled", "thinking_enabled_by_default")


async def ask(sdk: Sdk, name: ModelName, question: Question[A]) -> Answer[A]:
    """Send the question; raises what the port says."""
    asked = Asked(
        sdk.connection,
        name.model,
        sdk.timeout_s,
        what=question.name,
        pictures=bool(question.attachments),
    )
    counted = RunUsage()
    with translated(asked):
        agent = _agent(sdk, name.model, question.answer)
        ran = await agent.run(
            _parts(question),
            instructions=question.instructions,
            model_settings=_settings(sdk, sdk.model(name.model), question),
            usage=counted,
            infer_name=False,
        )
    return Answer(ran.output, str(name), usage_of(counted, name, sdk.prices))


def _agent(sdk: Sdk, model: str, answer: type[A]) -> Agent[object, A]:
    """What asks for answers of this shape: building it is a quarter of the work of asking."""
    key = (model, answer)
    if key not in sdk.agents:
        if len(sdk.agents) >= _MOST_AGENTS:
            sdk.agents.clear()
        asks = sdk.model(model)
        sdk.agents[key] = Agent(asks, output_type=_shape(asks, answer), retries=0)
    return cast("Agent[object, A]", sdk.agents[key])


def _shape(model: Model, answer: type[A]) -> NativeOutput[A] | PromptedOutput[A]:
    """Let the provider force the shape, where the model can be forced."""
    can = model.profile.get("supports_json_schema_output", False)
    return NativeOutput(answer) if can else PromptedOutput(answer)


def _parts(question: Question[A]) -> Sequence[UserContent]:
    pictures = [BinaryContent(a.data, media_type=a.media_type) for a in question.attachments]
    texts = [text for text in (question.material, question.complaint) if text]
    return [*texts[:1], *pictures, *texts[1:]]


def _settings(sdk: Sdk, model: Model, question: Question[A]) -> ModelSettings:
    """Let the model think little: thoughts count as output, and take time.

    Models that think take no temperature, or get worse with one.
    """
    settings: ModelSettings = {**sdk.settings, "max_tokens": question.max_output_tokens}
    if model.profile.get("google_supports_thinking_level"):
        # The same for all providers would also have Gemini tell its thoughts.
        low = {"google_thinking_config": {"thinking_level": "LOW"}}
        return cast("ModelSettings", {**settings, **low})
    if any(model.profile.get(sign) for sign in _THINKS):
        return {**settings, "thinking": "low"}
    return {**settings, "temperature": question.temperature}
