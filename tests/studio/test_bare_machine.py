"""The automation of a machine that has no GPU and no SwarmUI."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.servers import running
from tests.studio.conftest import violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
# When it was asked for, by the clock of the page.
WATCH = """
    const ask = window.fetch;
    window.asked = [];
    window.fetch = (request, ...more) => {
        if (request.url?.endsWith("/api/v1/gpu/status")) asked.push(Date.now());
        return ask(request, ...more);
    };
"""


async def test_a_gpu_that_is_not_there_is_seldom_asked_for(page: Page) -> None:
    """The documented answer is an error, which browsers log each time."""
    await page.clock.install()
    await page.add_init_script(WATCH)
    await page.goto("/studio/automation")
    await expect(page.get_by_role("region", name="GPU")).to_contain_text("No GPU here")
    # With the stream of events all is looked up anew; from then on it goes by the clock.
    await expect(page.locator("[data-connection=live]")).to_be_visible()
    await page.evaluate("asked.length = 0")

    while await page.evaluate("asked.length") < 2:
        await page.clock.fast_forward(4000)

    first, second = (await page.evaluate("asked"))[:2]
    assert second - first >= 50_000


async def test_a_swarmui_that_is_not_set_up_is_not_offered_to_be_started(page: Page) -> None:
    await page.goto("/studio/automation")
    swarm = page.get_by_role("region", name="SwarmUI")

    await expect(swarm.get_by_text("not set up", exact=True)).to_be_visible()
    await expect(swarm).to_contain_text("name its folder in STORYLOOM_SWARMUI_DIR")
    await expect(swarm.get_by_role("button")).to_have_count(0)


async def test_a_swarmui_on_another_machine_is_to_be_started_there(
    browser: Browser, tmp_path: Path
) -> None:
    afar = {"STORYLOOM_SWARMUI_URL": "http://gpu-box.invalid:7801"}
    with running(tmp_path / "data", **afar) as server:
        page = await browser.new_page()
        await page.goto(f"{server.url}/studio/automation")
        swarm = page.get_by_role("region", name="SwarmUI")

        await expect(swarm.get_by_text("not running", exact=True)).to_be_visible()
        await expect(swarm).to_contain_text("start it there")
        await expect(swarm).not_to_contain_text("STORYLOOM_SWARMUI_DIR")
        await expect(swarm.get_by_role("button")).to_have_count(0)
        assert await violations(page) == []
        await page.close()
