"""Builds the page into wheels and source distributions, where Node.js is.

Without it the wheel has no page; the service runs, and says how to build it.
"""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface):
    """The hook that hatchling calls."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the page; what is installed to be changed has it from `make page`."""
        if version == "editable":
            return
        source = Path(self.root, "ui", "build.py")
        if not source.is_file():
            return
        spec = importlib.util.spec_from_file_location("storyloom_page", source)
        assert spec is not None
        assert spec.loader is not None
        page = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(page)
        try:
            page.build()
        except page.NodeIsMissing as missing:
            self.app.display_warning(f"{missing} This {self.target_name} is without the page.")
