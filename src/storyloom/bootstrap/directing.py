"""Puts the director together. It loads all that drives runs: import it for the first run."""

from collections.abc import Awaitable, Callable

from storyloom.automation.runs.directing.crew import Crew, Machine, MakesTurn, Writers
from storyloom.automation.runs.directing.director import Director
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.directing.lights import GpuTurn
from storyloom.automation.runs.directing.softening import RuleSoftener
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.turn import LeasedTurn
from storyloom.bootstrap.authors import authors_of
from storyloom.bootstrap.automation import Automation
from storyloom.bootstrap.inscribing import inscribe
from storyloom.bootstrap.stage import Rows, Stage
from storyloom.bootstrap.watching import watch_of
from storyloom.settings import Settings


def director_of(settings: Settings, stage: Stage, gear: Gear, rows: Rows) -> Director:
    """Who drives runs; nothing is driven yet. To be called in the event loop."""
    story, automation = stage.story, stage.automation
    authors = authors_of(settings, stage.models)
    crew = Crew(
        runs=rows.store,
        writers=Writers(story.sessions, authors, story.trigger, RuleSoftener()),
        machine=Machine(gear, automation.swarmui, _turns_of(settings, automation)),
        images=stage.images,
        inscribe=inscribe,
        ledger=stage.records.ledger,
        herald=story.herald,
        bells=rows.bells,
        clock=stage.clock,
    )
    return Director(crew)


def _turns_of(settings: Settings, automation: Automation) -> MakesTurn:
    """Each run's turn."""

    def turn(run: Run, backend: str, engine_is_up: Callable[[], Awaitable[bool]]) -> GpuTurn:
        watch = watch_of(settings, automation, backend)
        return LeasedTurn(run, automation.leases, watch, engine_is_up)

    return turn
