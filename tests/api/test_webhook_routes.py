"""The routes of webhooks, of a real server that sends to a real receiver."""

from collections.abc import Generator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.measuring import measured
from tests.servers import running
from tests.webhooks.receiver import Receiver, receiving

HOOKS = "/v1/webhooks"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def receiver() -> Generator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Generator[httpx2.Client]:
    folder: Path = tmp_path_factory.mktemp("webhooks") / "data"
    chosen = {"STORYLOOM_WEBHOOK_ALLOW": "127.0.0.1", **measured()}
    with (
        running(folder, **chosen) as server,
        httpx2.Client(base_url=server.url, timeout=30, headers={"X-Org-ID": "acme"}) as client,
    ):
        yield client


def ended(client: httpx2.Client, url: str, attempts: int = 1) -> Json:
    """The delivery after so many attempts."""
    end = monotonic() + 40
    while True:
        found: Json = client.get(url).json()
        if len(found["attempts"]) >= attempts:
            return found
        assert monotonic() < end
        sleep(0.02)


def test_a_job_is_told_of_to_its_end(client: httpx2.Client, receiver: Receiver) -> None:
    made = client.post(HOOKS, json={"url": receiver.url("/job"), "types": ["job.completed"]})
    code = {"file_content": "def roi():\n    return 1\n", "file_name": "roi.py"}
    job = client.post("/storyboard/code", json=code).json()["job_id"]
    end = monotonic() + 40
    while not receiver.at("/job"):
        assert monotonic() < end
        sleep(0.02)
    told = receiver.at("/job")[0].verified(made.json()["secret"])
    (listed,) = client.get(f"{HOOKS}/{made.json()['id']}/deliveries").json()["data"]

    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    assert told["type"] == "job.completed"
    assert told["data"]["subject"] == {"kind": "code_to_storyboard", "id": job}
    assert told["data"]["status"] == "succeeded"
    assert listed["event_id"] == receiver.ids("/job")[0]


def test_it_is_made_shown_changed_and_removed(client: httpx2.Client, receiver: Receiver) -> None:
    made = client.post(HOOKS, json={"url": receiver.url("/seen"), "description": "ours"})
    place = made.headers["location"]
    shown = client.get(place).json()
    secret = made.json().pop("secret")

    assert secret.startswith("whsec_")
    assert place == f"{HOOKS}/{shown['id']}"
    assert {**shown, "secret": secret} == made.json()
    assert shown["types"] == [
        *("job.cancelled", "job.completed", "job.failed"),
        "notification.created",
    ]
    assert shown in client.get(HOOKS).json()["data"]
    assert client.get(HOOKS, headers={"X-Org-ID": "beta"}).json() == {"data": []}

    changed = client.patch(place, json={"enabled": False, "types": ["job.progress"]}).json()
    assert changed == {
        **shown,
        "types": ["job.progress"],
        "enabled": False,
        "disabled_reason": "asked",
    }
    assert client.delete(place).status_code == 204
    gone = client.get(place)
    assert (gone.status_code, gone.json()["code"]) == (404, "webhook_not_found")
    assert gone.headers["content-type"] == "application/problem+json"
    assert client.delete(place).status_code == 404


def test_a_trial_is_followed_replayed_and_listed(client: httpx2.Client, receiver: Receiver) -> None:
    receiver.statuses["/trial"] = [500, 200]
    made = client.post(HOOKS, json={"url": receiver.url("/trial")}).json()
    sent = client.post(f"{HOOKS}/{made['id']}/test")
    place = sent.headers["location"]
    failed = ended(client, place)
    again = client.post(f"{place}/replay")
    delivered = ended(client, place, 2)

    assert (sent.status_code, again.status_code) == (202, 202)
    assert (sent.json()["status"], failed["status"]) == ("pending", "failed")
    assert (again.json()["status"], delivered["status"]) == ("pending", "delivered")
    assert receiver.ids("/trial") == [sent.json()["event_id"]] * 2
    assert receiver.at("/trial")[0].body.decode() == delivered["body"]

    other = client.post(f"{HOOKS}/{made['id']}/test").json()
    log = f"{HOOKS}/{made['id']}/deliveries"
    first = client.get(log, params={"limit": 1}).json()
    second = client.get(log, params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["data"] + second["data"]] == [other["id"], delivered["id"]]
    assert second["next_cursor"] is None
    assert "body" not in first["data"][0]


def test_both_secrets_sign_while_one_is_exchanged(
    client: httpx2.Client, receiver: Receiver
) -> None:
    made = client.post(HOOKS, json={"url": receiver.url("/rotated")}).json()
    rotated = client.post(f"{HOOKS}/{made['id']}/rotate")
    sent = client.post(f"{HOOKS}/{made['id']}/test")
    ended(client, sent.headers["location"])

    (heard,) = receiver.at("/rotated")
    assert rotated.headers["cache-control"] == "no-store"
    assert rotated.json()["secret"] != made["secret"]
    assert heard.verified(made["secret"]) == heard.verified(rotated.json()["secret"])


def test_nothing_is_sent_to_one_that_is_disabled(client: httpx2.Client, receiver: Receiver) -> None:
    made = client.post(HOOKS, json={"url": receiver.url("/off")}).json()
    place = f"{HOOKS}/{made['id']}"
    sent = client.post(f"{place}/test").headers["location"]
    ended(client, sent)
    client.patch(place, json={"enabled": False})

    for refused in (client.post(f"{place}/test"), client.post(f"{sent}/replay")):
        assert (refused.status_code, refused.json()["code"]) == (409, "webhook_disabled")
    assert len(receiver.at("/off")) == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://10.0.0.1/", "target_refused"),
        ("http://[::1]/", "target_refused"),
        ("https://user:word@example.com/", "value_error"),
        ("ftp://example.com/", "string_pattern_mismatch"),
    ],
)
def test_where_no_webhook_may_lead(client: httpx2.Client, url: str, code: str) -> None:
    made = client.post(HOOKS, json={"url": url})
    good = client.post(HOOKS, json={"url": "https://example.com/"}).json()
    changed = client.patch(f"{HOOKS}/{good['id']}", json={"url": url})
    client.delete(f"{HOOKS}/{good['id']}")

    for refused in (made, changed):
        assert refused.status_code == 422
        (fault,) = refused.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("#/url", code)


@pytest.mark.parametrize(
    "path", ["/nothing", "/whk_%00", f"/whk_{'0' * 24}", f"/whk_{'0' * 24}/deliveries"]
)
def test_what_is_not_there(client: httpx2.Client, path: str) -> None:
    assert client.get(HOOKS + path).status_code == 404


def test_deliveries_that_are_not_there(client: httpx2.Client, receiver: Receiver) -> None:
    made = client.post(HOOKS, json={"url": receiver.url()}).json()
    log = f"{HOOKS}/{made['id']}/deliveries"

    for name in ("nothing", f"dlv_{'0' * 24}"):
        assert client.get(f"{log}/{name}").json()["code"] == "delivery_not_found"
        assert client.post(f"{log}/{name}/replay").json()["code"] == "delivery_not_found"
        refused = client.get(log, params={"cursor": name})
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "cursor")
    assert client.get(log, params={"status": "failed"}).json() == {"data": [], "next_cursor": None}


def test_an_organisation_has_not_too_many(client: httpx2.Client) -> None:
    headers = {"X-Org-ID": "many"}
    answers = [
        client.post(HOOKS, json={"url": "https://example.com/"}, headers=headers).status_code
        for _ in range(51)
    ]

    assert answers == [201] * 50 + [409]
