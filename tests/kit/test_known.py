import asyncio

from storyloom.kit.known import knowing, known


def test_more_is_known_inside() -> None:
    with knowing(job_id="j"):
        with knowing(step="draw"):
            assert known.get() == {"job_id": "j", "step": "draw"}
        assert known.get() == {"job_id": "j"}
    assert known.get() == {}


async def test_what_is_known_goes_along_to_another_loop() -> None:
    home = asyncio.get_running_loop()

    async def told() -> dict[str, str]:
        return dict(known.get())

    async def elsewhere() -> dict[str, str]:
        with knowing(job_id="j"):
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(told(), home))

    assert await asyncio.to_thread(asyncio.run, elsewhere()) == {"job_id": "j"}
