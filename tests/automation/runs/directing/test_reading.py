"""The shots of a run, brought up to its session by several at the same time."""

import asyncio

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.automation.runs.directing.assembly import Parts
from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.ports import ShotEdit
from storyloom.automation.runs.schemas import Shot
from storyloom.kit.ids import JobId
from storyloom.story.prompts import PromptSet
from tests.automation.runs.scenarios.world import World, scenario

SHOT = "0001-cinematic-1"
OTHERS = PromptSet(prompt="Words of before")


class SlowStore(MemoryRunStore):
    """Takes longer for one change than for those after it."""

    def __init__(self) -> None:
        super().__init__()
        self.takes_s: list[float] = []

    async def change_shot(
        self, run_id: JobId, name: str, edit: ShotEdit, *, epoch: int | None = None
    ) -> Shot:
        if self.takes_s:
            await asyncio.sleep(self.takes_s.pop())
        return await super().change_shot(run_id, name, edit, epoch=epoch)


@scenario
async def test_words_that_come_while_a_picture_is_looked_at_are_not_undone() -> None:
    store = SlowStore()
    world = World(runs=store)
    await world.with_prompts(1)
    slate = Slate(store, await world.run, [])
    reader = Parts.of(world.crew(), slate).reader
    await reader.look()
    await slate.change_shot(SHOT, lambda shot: shot.model_copy(update={"prompt": OTHERS}))

    store.takes_s = [5.0]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(reader.recheck(SHOT))
        await asyncio.sleep(1)
        await world.prompts(b1="Newer")
        tasks.create_task(reader.look())

    (shot,) = await world.shots
    assert shot.prompt is not None
    assert shot.prompt.prompt == "Newer"
