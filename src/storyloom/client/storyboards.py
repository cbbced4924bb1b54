"""Storyboards: made of code and of screenshots, revised, read and fetched."""

from base64 import b64encode
from pathlib import Path

import storyloom.client.operations as ops
from storyloom.client.faces import F, Group, operation
from storyloom.client.line import Line, Wanted
from storyloom.client.saving import save
from storyloom.client.sources import bytes_of, name_of, text_of
from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import JobStatus
from storyloom.storyboard.revision import RevisionRequest
from storyloom.storyboard.schemas import (
    BoardFile,
    JobAccepted,
    JobList,
    JobView,
    PresetList,
    Wishes,
)
from storyloom.storyboard.spending import Spending


class Storyboards(Group[F]):
    """The storyboards of the caller's organisation."""

    @operation
    async def from_code(
        self, source: Path | str | bytes, *, name: str | None = None, wishes: Wishes | None = None
    ) -> JobAccepted:
        """Let one be made from code: a path, or its text with a name that tells the language."""
        text = source if isinstance(source, str) else text_of(await bytes_of(source))
        return await hand_in_code(self.line, name_of(source, name), text, wishes)

    @operation
    async def from_roadmap(
        self, source: Path | bytes, *, sanitize_ip: bool = True, wishes: Wishes | None = None
    ) -> JobAccepted:
        """Let one be made from a screenshot: a path, or the picture's bytes."""
        raw = await bytes_of(source)
        return await hand_in_roadmap(self.line, raw, wishes, sanitize_ip=sanitize_ip)

    @operation
    async def revise(self, job_id: str, revision: RevisionRequest) -> JobAccepted:
        """Let another one be made from a finished one.

        `custom_headline=None`, where it is given, stands for the headline that was found.
        """
        body = revision.model_dump(mode="json", exclude_defaults=True)
        if revision.takes_headline_back:
            body["custom_headline"] = None
        return await self.line.ask(ops.REVISE, {"job_id": job_id}, body=body)

    @operation
    async def list(self, *, limit: int = 50, status: JobStatus | None = None) -> JobList:
        """The newest ones."""
        return await self.line.ask(ops.LIST_BOARDS, query={"limit": limit, "status": status})

    @operation
    async def get(self, job_id: str) -> JobView:
        """How far it is, and what came of it, the picture included."""
        return await self.line.ask(ops.GET_BOARD, {"job_id": job_id})

    @operation
    async def image(self, job_id: str, file_format: BoardFile = BoardFile.PNG) -> bytes:
        """The finished picture."""
        names, query = {"job_id": job_id}, {"format": file_format}
        return await self.line.ask(ops.GET_BOARD_IMAGE, names, query=query)

    @operation
    async def download(self, job_id: str, to: Path) -> Path:
        """Save the finished picture; the ending of the name says how: .png, .svg, .pdf or .pptx."""
        return await download(self.line, job_id, to)

    @operation
    async def costs(self, *, days: int = 7) -> Spending:
        """What was spent on models, day by day, today included."""
        return await self.line.ask(ops.LIST_COSTS, query={"days": days})

    @operation
    async def presets(self) -> PresetList:
        """What wishes may name."""
        return await self.line.ask(ops.LIST_PRESETS)


async def hand_in_code(line: Line, name: str, text: str, wishes: Wishes | None) -> JobAccepted:
    """Hand in code."""
    body = wished(wishes) | {"file_content": text, "file_name": name}
    return await line.ask(ops.CREATE_FROM_CODE, body=body)


async def hand_in_roadmap(
    line: Line, raw: bytes, wishes: Wishes | None, *, sanitize_ip: bool
) -> JobAccepted:
    """Hand in a screenshot."""
    body = wished(wishes) | {
        "image_data": b64encode(raw).decode(),
        "sanitize_ip": sanitize_ip,
    }
    return await line.ask(ops.CREATE_FROM_ROADMAP, body=body)


async def download(line: Line, job_id: str, to: Path) -> Path:
    """Save the picture of a job."""
    try:
        kind = BoardFile(to.suffix.removeprefix(".").lower())
    except ValueError:
        endings = ", ".join(f".{one}" for one in BoardFile)
        raise InvalidInput(f"{to.name}: the name has to end with one of {endings}") from None
    wanted = Wanted(ops.GET_BOARD_IMAGE, {"job_id": job_id}, {"format": kind})
    return await save(line, wanted, to)


def wished(wishes: Wishes | None) -> dict[str, object]:
    """What is wished, as a part of a body."""
    return (wishes or Wishes()).model_dump(mode="json", exclude_unset=True)
