"""`storyloom presets`: read here, or over HTTP."""

from rich.markup import escape

from storyloom.cli.asking import using
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.wording import one_line
from storyloom.settings import Settings
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.schemas import PresetList


def show(options: JobsOptions) -> None:
    """List what a storyboard can be made for."""
    found = _kept() if options.server is None else _served(options)
    if options.as_json:
        print_json(found.model_dump(mode="json"))
        return
    groups = (found.icp_presets, found.stages, found.audiences)
    for option, presets in zip(("--icp", "--stage", "--audience"), groups, strict=True):
        table = new_table(option, "Name", "What it is")
        for preset in presets:
            key, name, description = map(_plain, (preset.key, preset.name, preset.description))
            table.add_row(f"[bold]{key}[/]", name, description)
        print_table(table)


def _kept() -> PresetList:
    catalogue = Catalogue.load(Settings.load().presets_dir)
    return PresetList.model_validate(
        {
            "icp_presets": [*catalogue.icp.values()],
            "stages": [*catalogue.stages.values()],
            "audiences": [*catalogue.audiences.values()],
        },
        from_attributes=True,
    )


def _served(options: JobsOptions) -> PresetList:
    return using(options, lambda server: server.api.storyboards.presets())


def _plain(text: str) -> str:
    return escape(one_line(text))
