"""What the doctor says of models: of names and budgets, and of what each provider answers."""

import sys
from collections.abc import Sequence
from typing import Any

import anyio
import pytest

from storyloom.bootstrap.diagnosis import providers as asking
from storyloom.bootstrap.diagnosis.asking import Inquiry
from storyloom.bootstrap.diagnosis.models import Models, look_at_settings
from storyloom.bootstrap.diagnosis.providers import Usable, usable_of
from storyloom.kit.findings import Finding, Verdict
from storyloom.settings import Settings
from tests.databases import free_port
from tests.providers.server import Providers

OK, WARNING, ERROR = Verdict.OK, Verdict.WARNING, Verdict.ERROR


@pytest.fixture(autouse=True)
def _no_blocking_calls(blocking_calls_allowed: None) -> None:
    """A client reads certificates from the disk: nobody is served here."""


@pytest.fixture
def key(providers: Providers) -> str:
    return providers.new_key()


def settings(providers: Providers, key: str, **chosen: Any) -> Settings:
    """All providers are the fake ones, and know this key."""
    usual = {
        "google_api_key": key,
        "google_base_url": providers.google,
        "openai_base_url": providers.openai,
        "anthropic_base_url": providers.anthropic,
        "ollama_base_url": providers.openai,
        "llm_api_key": key,
    }
    return Settings.load(**{**usual, **chosen})


async def examined(chosen: Settings) -> tuple[Sequence[Finding], Sequence[Usable]]:
    models, found = Models(chosen), list[Finding]()
    async with anyio.create_task_group() as lasting:
        await Inquiry(lasting, found).ask(*models.checks)
        lasting.cancel_scope.cancel()
    return found, models.usable


async def of(chosen: Settings, provider: str) -> Sequence[Finding]:
    found, _ = await examined(chosen)
    return [one for one in found if one.check == f"models {provider}"]


async def test_without_models_nobody_is_asked(providers: Providers, key: str) -> None:
    none = {"language_model": "none", "image_model": "none"}

    found, usable = await examined(settings(providers, key, openai_api_key=key, **none))

    (one,) = found
    assert (one.check, one.status) == ("models", OK)
    assert one.says == "Rules understand, scenes are drawn."
    assert usable == []
    assert providers.seen(key) == []


async def test_a_key_that_is_accepted(providers: Providers, key: str) -> None:
    found, usable = await examined(settings(providers, key))

    assert [(one.check, one.status) for one in found] == [("models", OK), ("models google", OK)]
    assert found[0].says == (
        "google:gemini-3.8-flash understands, google:gemini-3.1-flash-image illustrates."
    )
    assert found[1].says == "Gemini accepts the key, and lists 5 models."
    assert usable == [
        Usable(
            "google",
            ("gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-3.1-pro"),
            ("gemini-3.1-flash-image", "gemini-3-pro-image"),
        )
    ]
    assert providers.charges(key) == {"text": 0, "picture": 0}
    assert {one.method for one in providers.seen(key)} == {"GET"}


@pytest.mark.parametrize(
    ("fault", "status", "says", "mend"),
    [
        ("401", ERROR, "Gemini does not accept our API key.", "Correct GOOGLE_API_KEY. Keys are"),
        ("403", ERROR, "Gemini does not accept our API key.", "aistudio.google.com/apikey"),
        ("429", WARNING, "asks us to wait", "https://ai.dev/rate-limit"),
        ("503", WARNING, "Gemini API is overloaded.", "STORYLOOM_FALLBACK_MODELS"),
        ("500", WARNING, "an error of its own", "STORYLOOM_FALLBACK_MODELS"),
        ("cut", ERROR, "could not be reached or understood", "GOOGLE_GEMINI_BASE_URL"),
        ("400", ERROR, "Gemini rejected the request", "GOOGLE_GEMINI_BASE_URL, or leave it out"),
        ("404", WARNING, "Gemini has no list of models", "GOOGLE_GEMINI_BASE_URL"),
    ],
)
async def test_a_fault_has_a_sentence_and_a_mend(
    providers: Providers, key: str, fault: str, status: Verdict, *, says: str, mend: str
) -> None:
    providers.always(key, fault)

    found, usable = await examined(settings(providers, key))

    told = found[1]
    assert (told.check, told.status) == ("models google", status)
    assert says in told.says
    assert mend in told.mend
    assert usable == []
    assert key not in str(found)


async def test_nobody_there(providers: Providers, key: str) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"

    hosted = await of(settings(providers, key, google_base_url=url), "google")
    own = await of(
        settings(providers, key, language_model="vllm:x", vllm_base_url=url), provider="vllm"
    )

    assert (hosted[0].status, own[0].status) == (ERROR, ERROR)
    assert "firewall" in hosted[0].mend
    assert own[0].mend == "Start it, or correct VLLM_BASE_URL."


async def test_who_does_not_answer_in_time(
    providers: Providers, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ANSWER_WITHIN_S", 0.1)
    providers.latency(key, 5)

    (told,) = await of(settings(providers, key, language_model="ollama:llama4"), "ollama")

    assert told.says == "Ollama API timeout after 0.1 seconds."
    assert told.mend == "Start it, or correct OLLAMA_BASE_URL."


async def test_a_model_that_the_provider_does_not_know(providers: Providers, key: str) -> None:
    chosen = settings(
        providers, key, language_model="google:gemini-3.8-flsh", fallback_models="gemini-9"
    )

    unknown, fallback, accepted = await of(chosen, "google")

    assert (unknown.status, fallback.status, accepted.status) == (ERROR, WARNING, OK)
    assert unknown.says.startswith("Gemini does not know the model gemini-3.8-flsh")
    assert unknown.mend.startswith("Did you mean gemini-3.8-flash or ")
    assert unknown.mend.endswith("Correct STORYLOOM_LANGUAGE_MODEL.")
    assert fallback.mend.endswith("Correct STORYLOOM_FALLBACK_MODELS.")


async def test_a_model_that_nothing_resembles(providers: Providers, key: str) -> None:
    chosen = settings(providers, key, language_model="zzz, google:qqq", image_model="none")

    own = await of(settings(providers, key, language_model="ollama:zzz"), "ollama")
    hosted = await of(chosen, "google")

    assert own[0].mend == "ollama pull zzz"
    assert hosted[0].mend == "Correct STORYLOOM_LANGUAGE_MODEL."


# Known by its name, and in no list of those that read or paint; as aliases are.
UNLISTED = "text-embedding-005"


async def test_what_is_in_no_list_is_asked_for_by_name(providers: Providers, key: str) -> None:
    chosen = settings(providers, key, language_model=f"google:{UNLISTED}", image_model="none")

    told = await of(chosen, "google")

    assert [one.status for one in told] == [OK]
    assert providers.seen(key)[-1].path.endswith(f"/models/{UNLISTED}")


async def test_a_fault_when_asked_by_name(providers: Providers, key: str) -> None:
    chosen = settings(providers, key, language_model=f"google:{UNLISTED}", image_model="none")
    providers.script(key, "ok", "ok", "401")  # the list has two pages

    refused, _ = await of(chosen, "google")

    assert refused.status is ERROR
    assert refused.says == "Gemini does not accept our API key."


async def test_the_tag_that_ollama_adds(providers: Providers, key: str) -> None:
    (told,) = await of(settings(providers, key, language_model="ollama:llama4"), "ollama")

    assert told.status is OK
    assert told.says.startswith("Ollama answers at 127.0.0.1:")


async def test_what_is_not_set(providers: Providers, key: str) -> None:
    chosen = settings(
        providers, key, language_model="gpt-6-luna", image_model="local:flux", llm_base_url=None
    )

    (openai,), (local,) = await of(chosen, "openai"), await of(chosen, "local")

    assert (openai.status, local.status) == (ERROR, ERROR)
    assert openai.says == "Models of OpenAI are named, and OPENAI_API_KEY is not set."
    assert local.mend.startswith("Set LLM_BASE_URL")
    assert providers.seen(key) == []


@pytest.mark.parametrize(
    ("provider", "package"), [("google", "google.genai"), ("ollama", "openai")]
)
async def test_an_extra_that_is_not_installed(
    providers: Providers, key: str, monkeypatch: pytest.MonkeyPatch, *, provider: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    chosen = settings(providers, key, language_model=f"{provider}:llama4", image_model="none")

    told = await of(chosen, provider)

    extra = "google" if provider == "google" else "openai"
    assert told[0].status is ERROR
    assert told[0].says.endswith("need a package that is not installed.")
    assert told[0].mend == f"pip install 'storyloom[{extra}]'"
    assert told[-1].status is OK


async def test_only_what_jobs_begin_with_is_an_error(providers: Providers, key: str) -> None:
    chosen = settings(
        providers, key, fallback_models="gpt-6-luna", allowed_models="anthropic:*, ollama:zzz"
    )

    found, usable = await examined(chosen)

    assert {one.check: one.status for one in found} == {
        "models": OK,
        "models google": OK,
        "models openai": WARNING,
        "models anthropic": WARNING,
        "models ollama": OK,
    }
    (unknown, _) = [one for one in found if one.check == "models ollama"]
    assert unknown.status is WARNING
    assert {one.provider for one in usable} == {"google", "ollama"}


def test_names_that_are_wrong_are_all_told() -> None:
    found = look_at_settings(
        Settings.load(language_model="gogle:x", image_model="anthropic:claude-haiku-5-5")
    )

    assert [(one.status, one.mend) for one in found] == [
        (ERROR, "Correct STORYLOOM_LANGUAGE_MODEL."),
        (ERROR, "Correct STORYLOOM_IMAGE_MODEL."),
    ]


async def test_a_wrong_name_hides_no_other_model(providers: Providers, key: str) -> None:
    found, _ = await examined(settings(providers, key, language_model="gogle:x"))

    assert [(one.check, one.status) for one in found] == [("models", ERROR), ("models google", OK)]


def test_what_stands_in_for_nothing() -> None:
    (found,) = look_at_settings(Settings.load(fallback_models="ollama:llama4"))

    assert found.status is WARNING
    assert "STORYLOOM_FALLBACK_MODELS is set" in found.says
    assert "STORYLOOM_LANGUAGE_MODEL" in found.mend


def test_patterns_that_cover_nothing() -> None:
    found = look_at_settings(
        Settings.load(
            allowed_models="google:*, gemini-*, qwen3-vl:8b",
            model_prices={"gogle:*": {"input": 1, "output": 1}, "*": {"input": 1, "output": 1}},
        )
    )

    assert {one.status for one in found} == {WARNING}
    assert [one.says for one in found] == [
        "STORYLOOM_ALLOWED_MODELS names 'gemini-*', which covers no model.",
        "STORYLOOM_ALLOWED_MODELS names 'qwen3-vl:8b', which covers no model.",
        "STORYLOOM_MODEL_PRICES names 'gogle:*', which covers no model.",
    ]


def test_a_budget_needs_prices() -> None:
    chosen = {"language_model": "ollama:llama4", "fallback_models": "ollama:llama3"}
    free = {"ollama:*": {"input": 0, "output": 0}}

    without, fallback = look_at_settings(Settings.load(budget_per_job_usd=1, **chosen))
    (told,) = look_at_settings(Settings.load(budget_per_job_usd=1, model_prices=free, **chosen))
    (limitless,) = look_at_settings(Settings.load(**chosen))

    assert (without.status, fallback.status) == (ERROR, WARNING)
    assert "the price of ollama:llama4 is unknown" in without.says
    assert "STORYLOOM_MODEL_PRICES" in without.mend
    assert (told.status, limitless.status) == (OK, OK)


def test_the_known_prices_are_enough() -> None:
    (found,) = look_at_settings(Settings.load(google_api_key="k", budget_per_org_day_usd=5))

    assert found.status is OK


def test_what_neither_reads_nor_paints_is_left_out_and_much_is_bounded() -> None:
    many = [f"gpt-{number}" for number in range(300)]

    usable = usable_of("openai", ["text-embedding-3", "whisper-1", "dall-e-3", *many])

    assert usable.paint == ("dall-e-3",)
    assert len(usable.understand) == 200
