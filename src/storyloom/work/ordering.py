"""What is asked for when work is to be made: JSON, or a form with a file."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import Handling, Priority
from storyloom.kit.sentences import sentence_of
from storyloom.work.schemas import PriorityName, WorkKind

MAX_LABELS = 20
M = TypeVar("M", bound=BaseModel)


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise PydanticCustomError("not_text", "It is not text")
    return text


LABEL = r"[A-Za-z][A-Za-z0-9_]{0,62}"
LabelName = Annotated[str, StringConstraints(pattern=f"^{LABEL}$")]
LabelValue = Annotated[str, Field(max_length=200), AfterValidator(_storable)]


class UploadedFile(BaseModel):
    """A file that came with a form."""

    model_config = ConfigDict(frozen=True)

    name: str
    data: bytes

    @property
    def text(self) -> str:
        """Read as UTF-8; raises `InvalidInput`."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise InvalidInput(
                "The file is not text in UTF-8", loc=("body", "file"), kind="not_text"
            ) from fault

    @property
    def base64(self) -> str:
        """As JSON would carry it."""
        return b64encode(self.data).decode()


class WorkOrder(BaseModel):
    """Work to be done."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "code_to_storyboard",
                    "input": {"file_name": "roi.py", "file_content": "def roi(cost, gain): ..."},
                    "priority": "high",
                    "labels": {"team": "web"},
                }
            ]
        },
    )

    kind: WorkKind
    input: dict[str, JsonValue] = Field(
        default_factory=dict, description="As the route of its own kind takes it"
    )
    priority: PriorityName = Field(
        default="normal", description="Who goes first where jobs wait; `X-Priority` says the same"
    )
    labels: dict[LabelName, LabelValue] = Field(default_factory=dict, max_length=MAX_LABELS)
    _file: UploadedFile | None = None

    @property
    def file(self) -> UploadedFile | None:
        """The file of a form."""
        return self._file

    def with_file(self, file: UploadedFile | None) -> "WorkOrder":
        """The same, with a file."""
        self._file = file
        return self

    @property
    def handling(self) -> Handling:
        """How it is to be handled."""
        return Handling(labels=self.labels, priority=Priority[self.priority.upper()])

    def read(self, kind: type[M], **of_file: JsonValue) -> M:
        """The input as its own kind has it, with what was made of a file.

        Raises `InvalidInput` with the path of the first field that is wrong.
        """
        return read(kind, {**self.input, **of_file}, "body", "input")


def read(kind: type[M], value: Mapping[str, Any], *where: str) -> M:
    """The value as a model; raises `InvalidInput` with the path of the first field that is wrong."""
    try:
        return kind.model_validate(value)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise InvalidInput(
            sentence_of(first), loc=(*where, *first["loc"]), kind=first["type"]
        ) from fault
