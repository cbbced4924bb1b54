"""What looks before a run, joined from the settings."""

from functools import partial

from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.preflight import Place, Preflight, free_at
from storyloom.automation.runs.purse import ModelFacts, Purse, Roster
from storyloom.bootstrap.models import (
    REACHED_BY,
    allows,
    budget_of,
    connection_of,
    image_names,
    language_names,
    prices_of,
)
from storyloom.bootstrap.stage import Stage
from storyloom.bootstrap.watching import watch_of
from storyloom.llm.names import ModelName, parse
from storyloom.outbound.schemas import Usage
from storyloom.settings import Settings

_TOKEN = Usage(input_tokens=1, output_tokens=1)


def preflight_of(settings: Settings, gear: Gear, stage: Stage, runs: RunStore) -> Preflight:
    """Join it; nothing is looked at yet."""
    automation, ledger = stage.automation, stage.records.ledger
    place = Place(
        gear=gear,
        swarmui=automation.swarmui,
        swarmui_is_installed=settings.swarmui_dir is not None,
        watch=partial(watch_of, settings, automation),
        free_bytes=partial(_free_bytes, settings),
        roster=roster_of(settings),
        purse=Purse(budget_of(settings), ledger, stage.clock),
        ledger=ledger,
    )
    return Preflight(place, runs)


def roster_of(settings: Settings) -> Roster:
    """The models that the settings name, and those that a session may."""
    check = allows(settings)

    def facts(name: ModelName) -> ModelFacts:
        connection = connection_of(settings, name.provider)
        is_missing = connection.is_hosted and not connection.api_key
        setting = Settings.variable(REACHED_BY[name.provider][0]) if is_missing else ""
        price = prices_of(settings).cost(name.provider, name.model, _TOKEN)
        return ModelFacts(str(name), setting, is_priced=price is not None)

    def language(named: str | None) -> ModelFacts | None:
        if named is not None:
            check(named)
            return facts(parse(named))
        usual = language_names(settings)
        return facts(usual[0]) if usual else None

    def painter() -> ModelFacts | None:
        usual = image_names(settings)
        return facts(usual[0]) if usual else None

    return Roster(language, painter)


def _free_bytes(settings: Settings) -> int | None:
    """Nobody can tell of a bucket."""
    return None if settings.images_url is not None else free_at(settings.data_dir / "images")
