"""Saving files as they come: films are too large to be held."""

from pathlib import Path

import anyio

from storyloom.client.line import Line, Wanted


async def save(line: Line, wanted: Wanted, to: Path) -> Path:
    """Save the answer there, whole or not at all; raises as `Line.send` does, and `OSError`."""
    part = anyio.Path(to.with_name(f"{to.name}.part"))
    try:
        async with line.stream(wanted) as response, await anyio.open_file(part, "wb") as file:
            async for some in response.aiter_bytes():
                await file.write(some)
        await part.replace(to)
    finally:
        await part.unlink(missing_ok=True)
    return to
