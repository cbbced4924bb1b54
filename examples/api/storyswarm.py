"""Another service that writes prompts: it polls, posts prompts and acknowledges, and knows nothing else.

Usage: python examples/api/storyswarm.py [URL] [--once]. It runs until it is stopped, or with `--once` until
it has served one session. It needs nothing but Python.
"""
# ruff: noqa: S310, T201 - its address is a word of the command line

import json
import sys
import time
import urllib.request

ONCE = "--once" in sys.argv
URL = next((word for word in sys.argv[1:] if word != "--once"), "http://localhost:8000")
POLL_EVERY_S = 5


def call(path: str, body: object = None, method: str = "GET") -> dict:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{URL}/api/v1{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def prompt_of(beat: dict) -> str:
    """Here a service of your own thinks of something."""
    words = beat.get("action") or beat.get("beat_script_text") or beat["beatId"]
    return f"{words}, wide shot, film still"


def serve(session: int) -> None:
    episode = call(f"/session/{session}")["data"]["analyzedEpisode"]
    scenes = episode.get("scenes") or [episode]
    beats = [beat for scene in scenes for beat in scene["beats"]]
    prompts = {beat["beatId"]: {"cinematic": prompt_of(beat)} for beat in beats}
    call(f"/session/{session}/prompts", {"prompts": prompts}, "POST")


while True:
    told = call("/notifications/check?type=beats_ready")["notifications"]
    for notification in told:
        serve(notification["sessionTimestamp"])
        call(f"/notifications/{notification['id']}/ack", method="POST")
        print(f"session {notification['sessionTimestamp']} has its prompts")
    if told and ONCE:
        break
    time.sleep(0 if told else POLL_EVERY_S)
