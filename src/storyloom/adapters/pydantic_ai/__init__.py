"""Language models and image models of providers, through pydantic-ai."""
