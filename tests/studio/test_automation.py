"""What happens while nobody looks: the toggle, the limits, the GPU, SwarmUI, and who waits for what."""

from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.nvidia.program import FakeNvidiaSmi
from tests.servers import running
from tests.studio.conftest import chromium, too_wide, violations
from tests.swarmui.install import FakeInstall

pytestmark = pytest.mark.asyncio(loop_scope="session")
UUID = "GPU-00000000-1111-2222-3333-444444444444"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("machine")


@pytest.fixture(scope="module")
def studio(machine: Path) -> Generator[str]:
    """A server of a machine with a GPU, and SwarmUI in a folder."""
    chromium()
    smi, swarm = FakeNvidiaSmi(machine / "smi"), FakeInstall(machine / "swarm")
    smi.says(f"0, {UUID}, NVIDIA {HOSTILE}, 45, 8192, 24564, 65, 1\n")
    swarm.does(lines=2)
    settings = {
        "STORYLOOM_NVIDIA_SMI": str(smi.path),
        "STORYLOOM_SWARMUI_DIR": str(swarm.folder),
        "STORYLOOM_SWARMUI_URL": swarm.url,
    }
    with running(machine / "data", **settings) as server:
        yield server.url


@pytest.fixture
def other(studio: str) -> Generator[httpx2.Client]:
    """Another client of the same server."""
    with httpx2.Client(base_url=studio, timeout=30) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def seen(page: Page) -> Page:
    await page.goto("/studio/automation")
    await expect(page.locator("[data-connection=live]")).to_be_visible()
    return page


async def test_the_toggle_lets_runs_begin_by_themselves(seen: Page, other: httpx2.Client) -> None:
    await seen.get_by_label("Start by itself").click(force=True)

    await expect(seen.get_by_label("Start by itself")).to_be_checked()
    assert other.get("/api/v1/automation/config").json()["enabled"] is True
    await seen.reload()
    await expect(seen.get_by_label("Start by itself")).to_be_checked()

    # Left on, the prompts of another test would begin a run, which starts SwarmUI.
    await seen.get_by_label("Start by itself").click(force=True)
    await expect(seen.get_by_label("Start by itself")).not_to_be_checked()
    assert other.get("/api/v1/automation/config").json()["enabled"] is False


async def test_limits_are_chosen_and_kept(seen: Page, other: httpx2.Client) -> None:
    await seen.get_by_label("Pause when hotter than").fill("70")
    await seen.get_by_label("Go on when cooler than").fill("60")
    await seen.get_by_label("Quiet hours").click(force=True)
    await seen.get_by_label("From").fill("23:30")
    await seen.get_by_label("Time zone").fill("Europe/Vienna")
    await seen.get_by_role("button", name="Save").click()

    await expect(seen.get_by_text("Saved.")).to_be_visible()
    config = other.get("/api/v1/automation/config").json()
    assert config["gpu"]["maxTemperature"] == 70
    assert config["quietHours"] == {
        "start": "23:30:00",
        "end": "07:00:00",
        "timezone": "Europe/Vienna",
    }


async def test_what_cannot_be_is_refused_in_words(seen: Page) -> None:
    await seen.get_by_label("Pause when busier than").fill("10")
    await seen.get_by_role("button", name="Save").click()

    below = seen.get_by_label("Go on when below")
    await expect(below).to_have_attribute("aria-invalid", "true")
    await expect(below).to_have_accessible_description(
        "“Go on when below” must not be higher than “Pause when busier than”"
    )
    await expect(below).to_be_focused()
    told = seen.get_by_role("status").filter(
        has_text="Not saved: what is wrong stands at its field."
    )
    await expect(told).to_be_visible()
    await expect(told.get_by_text("Not saved")).to_have_css("color", "rgb(192, 31, 31)")
    await expect(seen.get_by_role("alert")).to_have_count(0)  # it would say the same once more

    await seen.get_by_label("Pause when busier than").fill("90")  # the other of the two
    await expect(below).not_to_have_attribute("aria-invalid", "true")
    await expect(told).to_have_count(0)
    await seen.get_by_label("Pause when busier than").fill("10")
    await seen.get_by_role("button", name="Save").click()
    await expect(below).to_be_focused()
    await below.fill("5")
    await expect(below).not_to_have_attribute("aria-invalid", "true")
    await seen.get_by_role("button", name="Undo").click()
    await expect(seen.get_by_label("Pause when busier than")).to_have_value("80 %")
    await seen.get_by_label("Quiet hours").set_checked(True, force=True)
    await seen.get_by_label("Time zone").fill("Mars/Base")
    await seen.get_by_role("button", name="Save").click()
    await expect(seen.get_by_label("Time zone")).to_have_accessible_description(
        "There is no time zone by that name"
    )


async def test_the_gpu_is_seen(seen: Page) -> None:
    gpu = seen.get_by_role("region", name="GPU")

    await expect(gpu).to_contain_text(f"NVIDIA {HOSTILE}")
    for word in ("45 %", "8.0 GiB", "of 24.0 GiB", "65 °C"):
        await expect(gpu).to_contain_text(word)


async def test_swarmui_is_started_and_stopped_here(seen: Page) -> None:
    swarm = seen.get_by_role("region", name="SwarmUI")
    await swarm.get_by_role("button", name="Start").click()

    await expect(swarm.get_by_text("ready", exact=True)).to_be_visible()
    await expect(swarm).to_contain_text("line 1")
    await swarm.get_by_role("button", name="Stop").click()
    await expect(swarm.get_by_role("button", name="Start")).to_be_visible()


async def test_an_install_that_cannot_be_launched_says_what_is_wrong_with_it(
    seen: Page, other: httpx2.Client, machine: Path
) -> None:
    script = next((machine / "swarm").glob("launch-linux.sh"))
    script.chmod(0o644)
    swarm = seen.get_by_role("region", name="SwarmUI")
    await seen.reload()
    await expect(swarm).to_contain_text("chmod +x")
    await expect(swarm).not_to_contain_text("restart Storyloom")
    await expect(swarm.get_by_role("button")).to_have_count(0)

    assert not other.post("/api/v1/swarmui/start").is_success
    await seen.reload()
    await expect(swarm.get_by_text("failed", exact=True)).to_be_visible()
    await expect(swarm.get_by_text("may not be executed")).to_have_count(1)
    script.chmod(0o755)
    await seen.reload()
    await expect(swarm.get_by_role("button", name="Start")).to_be_visible()
    await expect(swarm).to_contain_text("chmod +x")  # as it failed the last time


async def test_what_services_tell_each_other_appears_at_once(
    seen: Page, other: httpx2.Client
) -> None:
    inbox = seen.get_by_role("region", name="Notifications")
    await expect(inbox).to_contain_text("Nothing is pending")
    session = {"timestamp": 1738195200000, "analyzedEpisode": {"beats": [{"beatId": "b1"}]}}
    other.post("/api/v1/session/save", json=session).raise_for_status()

    other.post(
        "/api/v1/session/1738195200000/prompts", json={"prompts": {"b1": "A lighthouse"}}
    ).raise_for_status()

    await inbox.get_by_role("button", name="Acknowledge: Prompts are ready").click()
    await expect(inbox).to_contain_text("Nothing is pending")
    assert other.get("/api/v1/notifications/check").json() == {"notifications": []}


async def test_whatever_waits_says_why(seen: Page, other: httpx2.Client) -> None:
    other.post("/v1/queues/storyboards/pause").raise_for_status()
    code = {"file_name": "roi.py", "file_content": "def roi(): return 1"}
    other.post("/storyboard/code", json=code).raise_for_status()

    under_way = seen.get_by_role("region", name="Under way")
    await expect(under_way).to_contain_text("is paused")
    other.post("/v1/queues/storyboards/resume").raise_for_status()
    await expect(under_way.get_by_role("link").filter(has_text="roi.py")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_has_no_barrier(seen: Page, scheme: str) -> None:
    await seen.emulate_media(color_scheme=scheme)  # pyright: ignore[reportArgumentType]
    await expect(seen.get_by_label("Start by itself")).to_be_visible()
    await expect(seen.get_by_role("region", name="GPU")).to_contain_text("45 %")

    assert await violations(seen) == []
    await seen.set_viewport_size({"width": 360, "height": 700})
    assert await too_wide(seen) == []
