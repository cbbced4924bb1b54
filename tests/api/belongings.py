"""One of everything that a tenant can have, at a real server."""

import time
from base64 import b64encode
from io import BytesIO
from typing import Any

import httpx2
from PIL import Image

Json = dict[str, Any]

# In everything that the first tenant makes, and in nothing that the other sends.
MARK = "Xylographica"
SESSION = 1738195200000
BEATS = {"beatId": "b1", "beatText": MARK}
BEAT_PROMPT = {"beatId": "b1", "cinematic": "A ship", "vertical": "A mast"}
EPISODE = {"episodeNumber": 2, "scenes": [{"sceneNumber": 1, "beats": [BEATS]}]}
SETTINGS = {
    "STORYLOOM_NVIDIA_SMI": "none",
    "STORYLOOM_SWARMUI_URL": "http://127.0.0.1:9",
    "STORYLOOM_WEBHOOK_ALLOW": "127.0.0.1",
}


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "PNG")
    return out.getvalue()


def picture() -> str:
    return b64encode(png()).decode()


PROFILE = "/v1/presets/icp/{key}"
LOGO = f"{PROFILE}/logo"
#: What makes a thing by a name of the caller's own choice, and nothing where there is no such thing.
NAMING = ("PUT", PROFILE)
SHOT = "/api/v1/automation/runs/{run_id}/shots/{shot_id}"

#: What is sent to each route that wants a body: as good as what the first tenant has sent.
BODIES: Json = {
    "/storyboard/code": {"file_content": "x = 1\n", "file_name": "x.py"},
    "/storyboard/roadmap": {"image_data": picture()},
    "/storyboard/jobs/{job_id}/revise": {"custom_headline": "Mine now"},
    "/api/v1/session/save": {"timestamp": SESSION + 1, "analyzedEpisode": {"scenes": []}},
    "/api/v1/session/{session_timestamp}/prompts": {"prompts": [BEAT_PROMPT]},
    "/api/v1/trigger/beats-ready": {"sessionTimestamp": SESSION},
    "/v1/jobs": {
        "kind": "code_to_storyboard",
        "input": {"file_content": "x = 1\n", "file_name": "x.py"},
    },
    "/v1/keys": {"name": "mine", "scopes": ["gpu"]},
    "/v1/webhooks": {"url": "http://127.0.0.1:9/mine"},
    "/v1/webhooks/{webhook_id}": {"description": "mine"},
    "/api/v1/gpu/leases": {"holder": "mine"},
    "/api/v1/automation/config": {"style": "mine"},
    "/api/v1/automation/runs": {"script": "A ship sails."},
    "/api/v1/automation/runs/preflight": {"script": "A ship sails."},
    "/api/v1/automation/runs/{run_id}/exports": {"formats": ["otio"]},
    f"{SHOT}/regenerate": {"seed": 7},
    f"{SHOT}/restore": {"version": 1},
    PROFILE: {"name": "Mine", "brand": {"name": "Mine"}},
    "/v1/session": {},
    "/v1/presets/sample": {"name": "Mine", "brand": {"name": "Mine"}},
}


def sent_to(method: str, path: str, bodies: Json = BODIES) -> Json:
    """The body of such a request, as a client takes it."""
    if (method, path) == ("PUT", LOGO):
        return {"content": png()}
    has_body = method in {"POST", "PUT", "PATCH"} and path in bodies
    return {"json": bodies[path]} if has_body else {}


#: The header that each of these wants: what is in it is a guess.
LEASE = "/api/v1/gpu/leases/{lease_id}"
HEADERS = {LEASE: {"X-Lease-Token": "0" * 64}}


def belonging(owner: httpx2.Client, key_id: str) -> dict[str, str]:
    """Let the owner have one of everything."""
    code = {"file_content": f"def {MARK}():\n    return 1\n", "file_name": f"{MARK}.py"}
    job = owner.post("/storyboard/code", json=code | {"custom_headline": MARK}).json()
    end = time.monotonic() + 50
    while owner.get(job["poll_url"]).json()["status"] != "completed":
        assert time.monotonic() < end
        time.sleep(0.05)
    session = {"timestamp": SESSION, "scriptText": MARK, "analyzedEpisode": EPISODE}
    assert owner.post("/api/v1/session/save", json=session).status_code == 200
    sent = owner.post("/api/v1/trigger/beats-ready", json={"sessionTimestamp": SESSION}).json()
    assert owner.put("/api/v1/automation/config", json={"style": MARK}).status_code == 200
    run = owner.post("/api/v1/automation/runs", json={"sessionTimestamp": SESSION}).json()
    while owner.get(run["pollUrl"]).json()["status"] != "completed":
        assert time.monotonic() < end
        time.sleep(0.05)
    exports = f"{run['pollUrl']}/exports"
    export = owner.post(exports, json={"formats": ["edl"]}).json()["exports"][0]
    while owner.get(export["url"]).status_code != 200:
        assert time.monotonic() < end
        time.sleep(0.05)
    hook = owner.post("/v1/webhooks", json={"url": f"http://127.0.0.1:9/{MARK}"}).json()
    trial = owner.post(f"/v1/webhooks/{hook['id']}/test").json()
    # It is tried once, and then stays as it is.
    while not owner.get(f"/v1/webhooks/{hook['id']}/deliveries/{trial['id']}").json()["attempts"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    profile = PROFILE.format(key=MARK.lower())
    made = owner.put(profile, json={"name": MARK, "brand": {"name": MARK}})
    assert (made.status_code, owner.put(f"{profile}/logo", content=png()).status_code) == (200, 200)
    lease = owner.post("/api/v1/gpu/leases", json={"holder": MARK, "ttlSeconds": 3600}).json()
    return {
        "lease_id": lease["leaseId"],
        "run_id": run["runId"],
        "shot_id": "0001-cinematic-1",
        "export_name": export["name"],
        "export_id": owner.get("/v1/jobs", params={"kind": "run_export"}).json()["data"][0]["id"],
        "job_id": job["job_id"],
        "session_timestamp": str(SESSION),
        "notification_id": sent["notificationId"],
        "key_id": key_id,
        "key": MARK.lower(),
        "name": "no-queue",  # queues are nobody's, and only known ones can be paused
        "webhook_id": hook["id"],
        "delivery_id": trial["id"],
    }
