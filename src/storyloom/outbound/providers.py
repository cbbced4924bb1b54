"""What providers are called in sentences."""

_SPOKEN = {
    "google": "Gemini",
    "openai": "OpenAI",
    "openai-chat": "OpenAI",
    "anthropic": "Anthropic",
    "ollama": "Ollama",
    "vllm": "vLLM",
    "lmstudio": "LM Studio",
    "local": "Local model",
}


def spoken(provider: str) -> str:
    """The name for a person, as in `Gemini API timeout after 90 seconds`."""
    return _SPOKEN.get(provider, provider)
