"""The client is light: it loads nothing that only a server needs."""

import subprocess
import sys

HEAVY = ("fastapi", "starlette", "sqlalchemy", "dbos", "redis", "typst", "PIL", "pydantic_settings")


def test_importing_it_loads_nothing_of_a_server() -> None:
    code = f"import storyloom.client, sys; print([x for x in {HEAVY} if x in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
