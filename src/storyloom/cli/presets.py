"""`storyloom presets`."""

from collections.abc import Collection, Mapping

from storyloom.cli.output import new_table, print_json, print_table
from storyloom.settings import Settings
from storyloom.storyboard.presets import Catalogue, Preset


def show(settings: Settings, *, as_json: bool) -> None:
    """List what a storyboard can be made for."""
    groups = _groups(Catalogue.load(settings.presets_dir))
    if as_json:
        print_json({name: [_plain(p) for p in presets] for name, presets in groups.items()})
        return
    for option, presets in zip(("--icp", "--stage", "--audience"), groups.values(), strict=True):
        table = new_table(option, "Name", "What it is")
        for preset in presets:
            table.add_row(f"[bold]{preset.key}[/]", preset.name, preset.description)
        print_table(table)


def _groups(catalogue: Catalogue) -> Mapping[str, Collection[Preset]]:
    return {
        "icp_presets": catalogue.icp.values(),
        "stages": catalogue.stages.values(),
        "audiences": catalogue.audiences.values(),
    }


def _plain(preset: Preset) -> dict[str, str]:
    return {"key": preset.key, "name": preset.name, "description": preset.description}
