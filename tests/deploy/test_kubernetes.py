"""The example for Kubernetes."""

from typing import Any

import pytest

from storyloom.settings import Settings
from tests.deploy.files import DRAIN_S, ROOT, documents, unknown_options, unknown_variables

FOLDER = ROOT / "deploy" / "kubernetes"
LISTED: list[str] = documents(FOLDER / "kustomization.yaml")[0]["resources"]
OBJECTS = [one for name in LISTED for one in documents(FOLDER / name)]
RUNNING = ["storyloom-api", "storyloom-worker"]
PODS = [*RUNNING, "storyloom-migrate"]


def _one(kind: str, name: str) -> dict[str, Any]:
    (found,) = [o for o in OBJECTS if o["kind"] == kind and o["metadata"]["name"] == name]
    return found


def _pod(name: str) -> dict[str, Any]:
    return _one("Job" if name.endswith("migrate") else "Deployment", name)["spec"]["template"]


def _container(name: str) -> dict[str, Any]:
    (container,) = _pod(name)["spec"]["containers"]
    return container


def test_every_file_is_listed() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*LISTED, "kustomization.yaml"}


@pytest.mark.parametrize("name", PODS)
def test_its_command_exists(name: str) -> None:
    assert unknown_options(_container(name)["args"]) == []


@pytest.mark.parametrize("name", PODS)
def test_its_variables_make_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {one["name"]: one["value"] for one in _container(name).get("env", [])}
    given |= _one("ConfigMap", "storyloom")["data"] | _one("Secret", "storyloom")["stringData"]
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)

    settings = Settings.load()

    assert unknown_variables(given) == []
    assert settings.images_url is not None, "pods share no folder"
    assert [source for source in _container(name)["envFrom"] if len(source) != 1] == []


@pytest.mark.parametrize("name", RUNNING)
def test_running_jobs_come_to_their_end(name: str) -> None:
    told = _one("ConfigMap", "storyloom")["data"]["STORYLOOM_DRAIN_S"]

    assert int(told) == DRAIN_S
    assert _pod(name)["spec"]["terminationGracePeriodSeconds"] > DRAIN_S + 5


@pytest.mark.parametrize("name", RUNNING)
def test_a_database_that_is_away_starts_no_pod_anew(name: str) -> None:
    container = _container(name)
    ports = {port["name"] for port in container["ports"]}

    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        assert container[probe]["httpGet"]["port"] in ports


@pytest.mark.parametrize("name", PODS)
def test_it_may_do_little(name: str) -> None:
    pod, container = _pod(name)["spec"], _container(name)

    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {m["name"] for m in container["volumeMounts"]} == {"tmp", "data"}


@pytest.mark.parametrize("name", RUNNING)
def test_its_labels_find_it(name: str) -> None:
    labels = _pod(name)["metadata"]["labels"]

    assert _one("Deployment", name)["spec"]["selector"]["matchLabels"] == labels
    assert _one("PodDisruptionBudget", name)["spec"]["selector"]["matchLabels"] == labels


def test_the_service_leads_to_the_api() -> None:
    service = _one("Service", "storyloom-api")["spec"]

    assert service["selector"] == _pod("storyloom-api")["metadata"]["labels"]
    assert service["ports"][0]["targetPort"] in {
        port["name"] for port in _container("storyloom-api")["ports"]
    }


def test_the_ports_that_are_scraped_are_open() -> None:
    for name in RUNNING:
        scraped = _pod(name)["metadata"]["annotations"]["prometheus.io/port"]
        assert scraped == str(_container(name)["ports"][0]["containerPort"])
