"""The entry of the command line."""

from storyloom.cli.app import app


def main() -> None:
    """Run the command line."""
    app()
