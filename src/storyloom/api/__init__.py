"""The API. `uvicorn storyloom.api:app` serves it; settings are read when it starts."""

from storyloom.api.application import create_app

app = create_app()
