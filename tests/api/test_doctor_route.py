"""The doctor of a real server."""

from pathlib import Path

import httpx2

from tests.servers import running

DOCTOR = "/v1/doctor"
KEY = "the-key-of-an-operator-of-32-letters"
UNREACHABLE = "redis://me:a-password@127.0.0.1:9/0"


def test_it_tells_every_part(client: httpx2.Client) -> None:
    answer = client.get(DOCTOR)

    told = answer.json()
    rows = {row["part"]: row for row in told["rows"]}
    assert answer.status_code == 200
    assert told["ok"] is True
    assert rows["archive"]["state"] == "ok"
    assert "It is run by the server at" in rows["engine"]["says"]
    assert rows["traces"] == {
        "part": "traces",
        "chosen": "none",
        "state": "off",
        "says": "",
        "remedy": "",
        "ms": None,
    }


def test_it_is_looked_at_again_only_when_asked_to(client: httpx2.Client) -> None:
    first = client.get(DOCTOR, params={"fresh": True}).json()
    again = client.get(DOCTOR).json()
    fresh = client.get(DOCTOR, params={"fresh": True}).json()

    assert again == first
    assert fresh["looked_at"] > first["looked_at"]


def test_it_is_for_operators_and_tells_no_secret(tmp_path: Path) -> None:
    more = {"STORYLOOM_ADMIN_KEY": KEY, "REDIS_URL": UNREACHABLE}
    with (
        running(tmp_path / "data", **more) as server,
        httpx2.Client(base_url=server.url, timeout=30) as client,
    ):
        operator = {"Authorization": f"Bearer {KEY}"}
        made = client.post("/v1/keys", json={"name": "x", "scopes": ["engine"]}, headers=operator)
        other = {"Authorization": f"Bearer {made.json()['key']}"}

        told = client.get(DOCTOR, headers=operator)

        assert client.get(DOCTOR, headers=other).status_code == 403
        assert told.status_code == 200
        assert told.json()["rows"][0]["state"] == "fail"
        assert told.json()["rows"][0]["chosen"] == "Redis, 127.0.0.1:9, database 0"
        assert KEY not in told.text
        assert "a-password" not in told.text
