"""Every link of the document is followed: by whom its answer is for, and by another tenant."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from storyloom.api.application import create_app
from tests.api.belongings import BODIES, EPISODE, HEADERS, NAMING, SESSION, sent_to
from tests.api.tenants import Pair, pair

Json = dict[str, Any]
#: Queues are nobody's: whoever may steer them may steer all.
COMMON = "/v1/queues/"
RETRY = ("POST", "/v1/jobs/{job_id}/retry")
LEASES = "/api/v1/gpu/leases"
_BODIES: Json = BODIES | {
    LEASES: {"holder": "mine", "resource": "another"},
    "/api/v1/session/save": {"timestamp": SESSION + 1, "analyzedEpisode": EPISODE},
}
#: What was done with a thing is read first, and what ends it comes last.
_ORDER = ("GET", "PUT", "PATCH", "POST", "DELETE")
_REFUSED = {401, 403, 404, 405, 422, 429}


@dataclass(frozen=True)
class Link:
    """Where an answer leads, and with what."""

    source: tuple[str, str]
    target: tuple[str, str]
    parameters: dict[str, str]

    def read(self, answer: httpx2.Response, ids: dict[str, str]) -> dict[str, str]:
        """The parameters, as the answer has them."""
        return {name: _read(said, answer, ids) for name, said in self.parameters.items()}


def _read(said: str, answer: httpx2.Response, ids: dict[str, str]) -> str:
    if said.startswith("$request.path."):
        return ids[said.removeprefix("$request.path.")]
    found = answer.json()
    for part in said.removeprefix("$response.body#/").split("/"):
        found = found[int(part) if isinstance(found, list) else part]
    return str(found)


def links_of(document: Json) -> Iterator[Link]:
    places = {
        operation["operationId"]: (method.upper(), path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            told = [answer.get("links", {}) for answer in operation["responses"].values()]
            for link in {name: one for links in told for name, one in links.items()}.values():
                source, target = places[operation["operationId"]], places[link["operationId"]]
                yield Link(source, target, link["parameters"])


def ask(client: httpx2.Client, place: tuple[str, str], given: dict[str, str]) -> httpx2.Response:
    method, path = place
    real = re.sub(r"{(\w+)}", lambda found: given[found[1]], path)
    headers = HEADERS.get(path, {}) | {k: v for k, v in given.items() if k.startswith("X-")}
    body = sent_to(method, path, _BODIES)
    # Nobody waits for a job that goes on.
    params = {"wait": "0"} if path.endswith("/events") else {}
    return client.request(method, real, headers=headers, params=params, **body)


@pytest.fixture
def tenants(tmp_path: Path) -> Generator[Pair]:
    with pair(tmp_path / "data") as tenants:
        yield tenants


def test_each_link_leads_to_what_is_there_for_its_owner_alone(tenants: Pair) -> None:
    links = sorted(links_of(tenants.document), key=lambda link: _ORDER.index(link.target[0]))
    answers: dict[tuple[str, str], httpx2.Response] = {}
    wrong: list[str] = []
    for link in links:
        # Asked anew for what ends things: each of them is to find one.
        if link.source not in answers or link.target[0] == "DELETE":
            ids = tenants.ids | ({"job_id": tenants.failed_id} if link.source == RETRY else {})
            answer = ask(tenants.owner, link.source, ids)
            # What is held already cannot be had again.
            answers[link.source] = answer if answer.is_success else answers[link.source]
        given = link.read(answers[link.source], tenants.ids)
        others = ask(tenants.other, link.target, given).status_code
        own = ask(tenants.owner, link.target, given)
        if others != 404 and not link.target[1].startswith(COMMON):
            wrong.append(f"{link}: {others} for another")
        is_early = link.target[1].endswith("/thumbnail") and "no picture yet" in own.text
        if is_early or "unknown_beat" in own.text:
            continue  # the session is there, of another script; the job, and has not come so far
        if own.status_code in _REFUSED or own.is_server_error:
            wrong.append(f"{link}: {own.status_code} {own.text[:200]}")

    assert wrong == []


def test_whatever_has_a_path_of_its_own_is_led_to() -> None:
    document = create_app().openapi()
    led_to = {link.target for link in links_of(document)}

    asked = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
        if "{" in path
    }

    assert asked - led_to == {NAMING}
