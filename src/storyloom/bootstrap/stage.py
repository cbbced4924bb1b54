"""What runs are made with and on."""

from dataclasses import dataclass

from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.ports import RunStore
from storyloom.bootstrap.archive import Records
from storyloom.bootstrap.automation import Automation
from storyloom.bootstrap.models import Models
from storyloom.bootstrap.story import Story
from storyloom.events.ports import Emitter
from storyloom.imaging.ports import ImageStore
from storyloom.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Stage:
    """All that is open before the first run."""

    records: Records
    images: ImageStore
    automation: Automation
    story: Story
    clock: Clock
    models: Models | None = None
    events: Emitter | None = None  #: None: nobody could ask for any
    takes_jobs: bool = True  #: False: others make what is asked for here


@dataclass(frozen=True, slots=True)
class Rows:
    """Where runs lie, and what rings when somebody asks something of one."""

    store: RunStore
    bells: Bells
