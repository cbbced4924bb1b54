"""All that a server imports while it starts: what forks of a process that has it need not load."""

from importlib import import_module

from storyloom.kit.loading import loading

with loading():
    for module in ("main", "serving", "working"):
        import_module(f"storyloom.cli.{module}")
