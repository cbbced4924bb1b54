"""Schemathesis goes from answer to answer as one tenant, and another asks for all of it too.

Before each request that names something, the other tenant sends the very same one: where the owner
finds what it names, the other must be told that there is no such thing. In the end it asks once more
for everything that the owner's answers have led to.
"""

# Schemathesis leaves out what its own generic classes hold.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import os
from collections import Counter
from collections.abc import Generator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, ClassVar, cast

import httpx2
import hypothesis
import pytest
import schemathesis
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput
from schemathesis.specs.openapi.stateful import OpenAPIStateMachine
from schemathesis.specs.openapi.stateful.links import OpenApiLink

from tests.api.belongings import BODIES, MARK, NAMING, PROFILE
from tests.api.tenants import Pair, pair
from tests.api.test_links import COMMON

CONFIG = Path(__file__).with_name("schemathesis.toml")
# `make chaos` goes further.
IS_LONG = bool(os.environ.get("CHAOS"))  # noqa: TID251
# How many links lead to something, at least: test_links.py follows every one, but only once.
WALKS, STEPS, LINKS = (40, 40, 80) if IS_LONG else (6, 30, 20)
SEED = 20251202
# Half of the bodies are known to be good: a picture cannot be guessed.
GOOD_BODIES = 0.5
#: Of what it was given, or that it is there, though it cannot be had now.
FOUND = {200, 201, 202, 204, 304, 409}
#: And what an answer was before is no matter of who asks: a second try would be answered otherwise.
UNSAID = {"X-Org-ID", "if-match", "if-none-match", "If-None-Match"}
load_all_checks()
# As in test_openapi.py; and wrong keys are tried there, where they may be tried often enough.
EXCLUDED: list[Any] = [
    CHECKS.get_one("positive_data_acceptance"),
    CHECKS.get_one("ignored_auth"),
]


AnyCase = Case[Any]


@dataclass
class Findings:
    """What the walks have come by."""

    followed: Counter[str] = field(default_factory=Counter[str])
    #: paths of the owner's that answers have led to
    led_to: set[str] = field(default_factory=set[str])


@pytest.fixture
def tenants(tmp_path: Path) -> Generator[Pair]:
    with pair(tmp_path / "data") as tenants:
        yield tenants


class Pursued(OpenAPIStateMachine):
    """The owner's way through the document, with the other at its heels."""

    # Another order than by name, in which every walk would begin alike.
    rule_order_seed = SEED
    tenants: ClassVar[Pair]
    findings: ClassVar[Findings]
    random: ClassVar[Random]
    others: Response | None = None

    def step(self, input: StepInput) -> StepOutput:  # noqa: A002 - its name there
        output = super().step(input)
        label, status = input.case.operation.label, output.response.status_code
        if input.transition is not None and input.is_applied and status in FOUND:
            self.findings.followed[input.transition.id] += 1
        if output.response.status_code < 300:
            links = self._transitions.operations[label].outgoing
            paths = (_led_to(link, output) for link in links if not link.is_inferred)
            self.findings.led_to.update(path for path in paths if path)
        return output

    def before_call(self, case: AnyCase) -> None:
        path, method = case.operation.path, case.method.upper()
        if case.path_parameters.get("key_id") in self.tenants.key_ids:
            case.path_parameters["key_id"] = self.tenants.ids["key_id"]
        if any(one.name == "wait" for one in case.operation.query):
            case.query["wait"] = 0  # nobody is to wait for what does not come
        is_good = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
        if method == "POST" and path in BODIES and is_good and self.random.random() < GOOD_BODIES:
            case.body = BODIES[path]
        is_safe = method == "GET" or ("{" in path and (method, path) != NAMING)
        self.others = case.call(headers=_key(self.tenants.other)) if is_safe else None

    def get_call_kwargs(self, case: AnyCase) -> dict[str, Any]:
        return {"headers": _key(self.tenants.owner)}

    def after_call(self, response: Response, case: AnyCase) -> None:
        super().after_call(response, case)
        if self.others is not None:
            _compare(case, response, self.others)

    def validate_response(self, response: Response, case: AnyCase, *_: Any, **kwargs: Any) -> None:
        case.validate_response(
            response, excluded_checks=EXCLUDED, transport_kwargs=kwargs, recorder=self.recorder
        )


def pursued(tenants: Pair, findings: Findings) -> type[Pursued]:
    """The walk over the document of this server."""
    # Schemathesis takes the label for something that has to be made before, and begins with nothing
    # that has it; here the keys name the organisations.
    document = deepcopy(tenants.document)
    for operations in document["paths"].values():
        for operation in operations.values():
            told = operation.get("parameters", [])
            operation["parameters"] = [one for one in told if one["name"] not in UNSAID]
    config = schemathesis.Config.from_path(CONFIG)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.config.update(base_url=tenants.url)
    schema.config.generation.update(with_security_parameters=False)
    told = {"tenants": tenants, "findings": findings, "random": Random(SEED)}  # noqa: S311
    return type("Walk", (Pursued, schema.as_state_machine()), told)


def _key(tenant: httpx2.Client) -> dict[str, str]:
    return {"Authorization": tenant.headers["Authorization"]}


def _compare(case: AnyCase, own: Response, others: Response) -> None:
    path = case.operation.path
    where = f"{case.method} {path}: {own.status_code}, and for another {others.status_code}"
    assert MARK not in others.text, where
    assert others.status_code < 500, where
    if "{" not in path or path.startswith(COMMON):
        return
    if path.startswith(PROFILE) and own.status_code == others.status_code == 409:
        return  # a preset of ours, which is nobody's to change
    if own.status_code in FOUND:
        assert others.status_code == 404, where
    else:
        # It has made nothing, so there is nothing that it could be told of.
        assert others.status_code >= 400, where


def _led_to(link: OpenApiLink, output: StepOutput) -> str | None:
    """The path that an answer leads to, where that can be read."""
    if link.target.method.upper() != "GET":
        return None
    parameters = link.extract(output).parameters.get("path_parameters", {})
    values = {name: one.value.ok() for name, one in parameters.items() if isinstance(one.value, Ok)}
    return link.target.path.format_map(values) if len(values) == len(parameters) else None


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_that_is_linked_is_found_by_another(tenants: Pair) -> None:
    findings = Findings()
    walk = hypothesis.seed(SEED)(pursued(tenants, findings))

    walk.run(
        settings=hypothesis.settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=cast(
                "list[hypothesis.HealthCheck]", list(hypothesis.HealthCheck)
            ),
        )
    )
    statuses = {path: tenants.other.get(path).status_code for path in sorted(findings.led_to)}

    assert len(findings.followed) >= LINKS
    assert set(statuses.values()) == {404}, statuses
