"""What ComfyUI's answers look like, as far as they are read."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from storyloom.errors import (
    Interrupted,
    ModelNotFound,
    OutOfMemory,
    Rejected,
    ServerFault,
    StoryloomError,
)

SYSTEM = "comfyui"
#: Ids of prompts and of clients are made in this name space.
NAMES = UUID("6d1f3bb6-2a51-4f0e-8f0a-5b8c5f7f3a10")
_SAID = 300
_MEMORY = ("ran out of memory", "out of memory", "allocation on device")


class Problem(BaseModel):
    """What is wrong with a graph, or with one of its nodes."""

    type: str = ""
    message: str = ""
    details: str = ""


class NodeProblems(BaseModel):
    """What is wrong with one node."""

    errors: list[Problem] = []
    class_type: str = ""


class Refused(BaseModel):
    """The answer to a graph that is not run; newer versions write a text for `error`, too."""

    error: Problem | str = ""
    node_errors: dict[str, NodeProblems] = {}


class Taken(BaseModel):
    """The answer to a graph that is run, though perhaps not for all of its outputs."""

    prompt_id: str
    node_errors: dict[str, NodeProblems] = {}


class File(BaseModel):
    """A picture that a node gave."""

    filename: str
    subfolder: str = ""
    type: str = "output"


class Output(BaseModel):
    """What a node gave."""

    images: list[File] = []


class RunStatus(BaseModel):
    """How a run ended."""

    status_str: str = ""
    messages: list[tuple[str, dict[str, Any]]] = []


class History(BaseModel):
    """A run that has ended."""

    outputs: dict[str, Output] = {}
    status: RunStatus = RunStatus()

    @property
    def failed(self) -> bool:
        """Whether it ended in an error, or was interrupted."""
        return self.status.status_str == "error"

    @property
    def files(self) -> list[File]:
        """The pictures that were kept, those of previews left out."""
        found = [file for output in self.outputs.values() for file in output.images]
        return [file for file in found if file.type == "output"]


class Queue(BaseModel):
    """What runs and what waits; each is a list whose second part is the prompt's id."""

    queue_running: list[list[Any]] = []
    queue_pending: list[list[Any]] = []


class Event(BaseModel):
    """A frame of the WebSocket."""

    type: str
    data: dict[str, Any] = Field(default_factory=dict)


def refusal(refused: Refused) -> StoryloomError:
    """What a graph that is not run means."""
    problem = (
        refused.error if isinstance(refused.error, Problem) else Problem(message=refused.error)
    )
    for node in refused.node_errors.values():
        for fault in node.errors:
            said = f"{node.class_type}: {fault.message} {fault.details}".strip()[:_SAID]
            if fault.type == "value_not_in_list" and "ckpt_name" in fault.details:
                return ModelNotFound(f"ComfyUI does not have the model ({said})", system=SYSTEM)
            return Rejected(f"ComfyUI refuses the workflow ({said})", system=SYSTEM)
    said = f"{problem.message} {problem.details}".strip()[:_SAID]
    return Rejected(
        f"ComfyUI refuses the workflow ({said or 'it does not say why'})", system=SYSTEM
    )


def failure(name: str, data: dict[str, Any]) -> StoryloomError:
    """What the message at the end of a run that failed means."""
    if name == "execution_interrupted":
        return Interrupted("Somebody interrupted ComfyUI", system=SYSTEM)
    node, kind = str(data.get("node_type", "")), str(data.get("exception_type", ""))
    said = str(data.get("exception_message", "")).strip().partition("\n")[0][:_SAID]
    whole = f"{kind} {data.get('exception_message', '')}".lower()
    if "outofmemory" in whole or any(words in whole for words in _MEMORY):
        return OutOfMemory(f"ComfyUI's GPU has too little memory ({node}: {said})", system=SYSTEM)
    return ServerFault(f"ComfyUI failed in {node or 'a node'}: {said or kind}", system=SYSTEM)
