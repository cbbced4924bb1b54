"""What is told of storyboards beyond what they are like now."""

from base64 import b64decode
from pathlib import PurePosixPath

from pydantic import JsonValue, ValidationError

from storyloom.errors import NotFound
from storyloom.events.ports import EventLog
from storyloom.events.schemas import EventType, Filter
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import MediaType
from storyloom.jobs.ports import StepRecords
from storyloom.jobs.schemas import Job
from storyloom.kit.ids import JobId
from storyloom.outbound.ports import Ledger
from storyloom.storyboard.code.languages import language_of
from storyloom.storyboard.origins import begun_with
from storyloom.storyboard.schemas import JobType, Understanding
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.steps import steps_of
from storyloom.work.insights import WorkPicture
from storyloom.work.schemas import Work, WorkKind, WorkStatus
from storyloom.work.sources import Claim, CodeSource, EvidenceView, ImageSource, SourceGone
from storyloom.work.timeline import Timeline

#: Fields that claim something of the source; an icon claims nothing.
CLAIMS = (
    "headline",
    "what_it_does",
    "business_value",
    "who_benefits",
    "differentiator",
    "pain_point_addressed",
)
#: The version of a storyboard's picture, which never changes.
PICTURE = "1"
_JPEG = b"\xff\xd8\xff"


class StoryboardInsight:
    """Tells of the jobs of code files and roadmap screenshots."""

    kinds = frozenset({WorkKind.CODE, WorkKind.ROADMAP})

    def __init__(
        self,
        jobs: StoryboardJobManager,
        images: ImageStore,
        ledger: Ledger,
        *,
        log: EventLog,
        records: StepRecords,
    ) -> None:
        """Take where jobs and files are kept, and whatever has noted how the jobs went."""
        self._jobs = jobs
        self._images = images
        self._ledger = ledger
        self._log = log
        self._records = records

    async def timeline(self, work: Work) -> Timeline:
        """Its steps, as the engine, the log of events and the ledger of calls have them."""
        job_id = JobId(work.id)
        wanted = Filter(work.org_id, work.id, types=frozenset({EventType.PROGRESS}))
        events = await self._log.after(0, limit=100, wanted=wanted)
        begun = {str(event.data.get("stage")): event.at for event in events}
        entries = await self._ledger.of_job(job_id)
        records = await self._records.steps(job_id)
        return Timeline.of(work, steps_of(work, records, begun, entries), entries)

    async def picture(self, work: Work) -> WorkPicture | None:
        """The PNG of one that is finished."""

        async def read() -> bytes | None:
            job = await self._jobs.find(work.id, work.org_id)
            return b64decode(job.result_image or "") or None

        return WorkPicture(PICTURE, read) if work.status is WorkStatus.SUCCEEDED else None

    async def source(self, org_id: str, work_id: JobId) -> CodeSource | ImageSource:
        """What went in, or what went into the job that this one is a revision of."""
        asked = await self._jobs.find(work_id, org_id)
        job = await begun_with(asked, self._jobs.known)
        if job is None:
            raise SourceGone(
                "This is a revision, and the job that was read first is not kept any more."
            )
        if job.job_type == JobType.CODE:
            name, text = str(job.input_params["file_name"]), str(job.input_params["file_content"])
            return CodeSource(file_name=name, language=language_of(name, text).name, text=text)
        key = str(job.input_params["image_key"])
        try:
            data = await self._images.get(key)
        except NotFound as fault:
            raise SourceGone("The screenshot is older than pictures are kept.") from fault
        # They were written anew when they came, as one of these two.
        is_jpeg = data.startswith(_JPEG)
        return ImageSource(
            file_name=f"roadmap-{PurePosixPath(key).name[:8]}.{'jpg' if is_jpeg else 'png'}",
            media_type=MediaType.JPEG if is_jpeg else MediaType.PNG,
            data=data,
        )

    async def evidence(self, org_id: str, work_id: JobId) -> EvidenceView:
        """What the understanding says, and what of the source it was held against."""
        job = await self._jobs.find(work_id, org_id)
        known = job.understanding or await self._understood(job)
        try:
            read = Understanding.model_validate(known)
        except ValidationError:  # nothing yet, or of another version
            return EvidenceView(id=job.id, understood=False, read_by=None, claims=[])
        claims = [claim for field in CLAIMS for claim in _claims(read, field)]
        return EvidenceView(
            id=job.id,
            understood=True,
            read_by=read.source.value,
            claims=claims,
            found_headline=read.found_headline,
            written_for=read.written_for and read.written_for.model_dump(),
        )

    async def _understood(self, job: Job) -> JsonValue:
        """What a job that has not ended, or failed later, has understood."""
        records = await self._records.steps(job.id)
        return next((one.value for one in records if one.name == "understand"), None)


def _claims(read: Understanding, field: str) -> list[Claim]:
    text = str(getattr(read, field))
    places = [
        Claim(
            claim=text,
            field=field,
            lines=None
            if one.first_line is None
            else (one.first_line, one.last_line or one.first_line),
            box=one.box,
        )
        for one in read.evidence
        if one.field == field
    ]
    if not text:
        return []
    return places or [Claim(claim=text, field=field, lines=None, box=None)]
