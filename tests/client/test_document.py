"""The client keeps to the OpenAPI document: what it asks for, and what it reads."""

import json
import re
from collections.abc import Mapping
from email import message_from_bytes
from functools import cache
from typing import Any

import anyio
import httpx2
import jsonschema
import pytest
from pydantic import BaseModel, TypeAdapter

from storyloom.api.application import create_app
from storyloom.client.operations import OPERATIONS, Nothing, Operation
from tests.client.calling import asked_by, methods

Json = dict[str, Any]
#: Headers that HTTP itself knows, or that hold for all requests.
_OWN = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host"}


@cache
def document() -> Json:
    return create_app().openapi()


def body_of(request: httpx2.Request) -> object:
    if request.headers["Content-Type"] == "application/json":
        return json.loads(request.content)
    if request.headers["Content-Type"] == "application/octet-stream":
        return request.content.decode()
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + request.content).walk()
    return {
        str(one.get_param("name", header="content-disposition")): one.get_payload()
        for one in parts
        if not one.is_multipart()
    }


def operation_of(request: httpx2.Request) -> tuple[str, Json]:
    """The path of the document that a request is to, and what it says of it."""
    path = request.url.raw_path.decode().partition("?")[0]
    for known, told in document()["paths"].items():
        if (
            re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)
            and request.method.lower() in told
        ):
            return known, told[request.method.lower()]
    raise AssertionError(f"{request.method} {path} is not in the document")


@pytest.mark.parametrize("method", sorted(methods()))
def test_each_method_asks_for_what_is_documented(method: str) -> None:
    request = anyio.run(asked_by, method)

    _, told = operation_of(request)
    known = {one["name"].lower(): one for one in told.get("parameters", ())}
    assert {name.lower() for name in request.url.params} <= {
        name for name, one in known.items() if one["in"] == "query"
    }
    assert request.headers.keys() - _OWN - known.keys() <= {"user-agent", "last-event-id"}
    if request.content:
        kind = request.headers["Content-Type"].partition(";")[0]
        whole = told["requestBody"]["content"][kind]["schema"]
        schema = {**whole, "components": document()["components"]}
        jsonschema.validate(body_of(request), schema)
        assert int(request.headers["Content-Length"]) == len(request.content)


@pytest.mark.parametrize("method", sorted(methods()))
def test_each_method_says_what_it_does(method: str) -> None:
    assert methods()[method]


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_each_operation_reads_what_is_documented(name: str) -> None:
    one = OPERATIONS[name]
    told: Json = document()["paths"][one.path][one.method.lower()]
    answers: Json = told["responses"]
    good = {status for status in answers if status.startswith("2")}
    if any(one["name"] == "Prefer" for one in told.get("parameters", ())):
        good -= {"200"}  # what was waited for, which the client asks for otherwise

    assert good
    for status in good | ({str(one.also)} if one.also else good):
        assert reads(one, answers[status].get("content", {})), status


def reads(one: Operation[Any], content: Mapping[str, Json]) -> bool:
    """Whether an answer of this content is read as it is meant."""
    if one.answer is Nothing:
        return not content
    if one.answer is bytes:
        return one.accept in content or one.accept == "*/*"
    kinds = content["application/json"]["schema"]
    return any(same(one.answer, kind) for kind in kinds.get("anyOf", [kinds]))


def same(model: type[BaseModel], schema: Json) -> bool:
    """Whether a model has the fields of a schema of the document, and needs none that it may lack."""
    told: Json = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    own = TypeAdapter(model).json_schema(mode="serialization")
    fields = own["properties"].keys() == told["properties"].keys()
    return fields and set(own.get("required", ())) <= set(told["properties"])


def test_every_operation_of_the_table_is_used() -> None:
    requests = [anyio.run(asked_by, method) for method in methods()]

    asked = {(request.method, operation_of(request)[0]) for request in requests}

    assert asked == {(one.method, one.path) for one in OPERATIONS.values()}
