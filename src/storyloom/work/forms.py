"""Reading an order from a request: JSON, or `multipart/form-data` with a file part."""

import json
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from storyloom.errors import InvalidInput
from storyloom.work.ordering import UploadedFile, WorkOrder, read
from storyloom.work.schemas import PriorityName

FORM = "multipart/form-data"
_MAX_FIELDS = 16
_MAX_PART_BYTES = 4 * 1024 * 1024
#: Parts that hold JSON; the others are words.
_OF_JSON = ("input", "labels")


async def order_of(request: Request, priority: PriorityName | None) -> WorkOrder:
    """What is asked for; `priority` is that of the header, where there is one.

    Raises `InvalidInput` with the path of the first field that is wrong.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM:
        fields, file = await _form(request)
    else:
        fields, file = _json(await request.body()), None
    if priority is not None:
        fields = {"priority": priority, **fields}
    return read(WorkOrder, fields, "body").with_file(file)


def _json(body: bytes) -> dict[str, Any]:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise InvalidInput("The body is not JSON", loc=("body",), kind="json_invalid") from fault
    if not isinstance(value, dict):
        raise InvalidInput("The body has to be an object", loc=("body",), kind="dict_type")
    return {str(name): field for name, field in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


async def _form(request: Request) -> tuple[dict[str, Any], UploadedFile | None]:
    fields: dict[str, Any] = {}
    file: UploadedFile | None = None
    limits = {"max_files": 1, "max_fields": _MAX_FIELDS, "max_part_size": _MAX_PART_BYTES}
    async with request.form(**limits) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if name != "file":
                    raise InvalidInput("The file part is called file", loc=("body", name))
                file = UploadedFile(name=value.filename or "file", data=await value.read())
            else:
                fields[name] = _part(name, value) if name in _OF_JSON else value
    return fields, file


def _part(name: str, text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise InvalidInput(
            "This part has to be JSON", loc=("body", name), kind="json_type"
        ) from fault
