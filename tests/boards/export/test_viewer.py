"""The viewer: nothing of a story can run in it, and it asks nobody for anything."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from storyloom.boards.export.schemas import Reel, ReelItem, Shape
from storyloom.boards.export.viewer import viewer_of
from tests.boards.export.stories import HOSTILE


class _Page(HTMLParser):
    """What a browser sees: tags with their attributes, and the text of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._inside, []).append(data)

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_pictures_lie_beside_it(reel: Reel) -> None:
    page = _Page(viewer_of(reel))

    sources = [image.get("src") for image in page.attributes("img")]
    assert sources[:2] == ["pictures/0001-ext-station-night.png", "pictures/0002-int-cafe-day.jpg"]
    assert page.attributes("img")[0]["alt"] == "Mara runs along the platform."
    assert len(page.attributes("figure")) == 4
    assert page.attributes("a") == [{"href": "#p3"}]


def test_only_its_own_script_and_style_may_run(reel: Reel) -> None:
    page = _Page(viewer_of(reel))

    rules = page.attributes("meta")[1]["content"] or ""
    for tag in ("script", "style"):
        assert len(page.attributes(tag)) == 1
        digest = b64encode(sha256(page.texts[tag][0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in rules
    assert rules.startswith("default-src 'none';")
    assert "unsafe" not in rules
    assert "http" not in rules


def test_hostile_words_stay_words() -> None:
    item = ReelItem(number=1, scene=HOSTILE, caption=HOSTILE, notes=HOSTILE, model=HOSTILE)
    plain = _Page(viewer_of(Reel(title="x", episode="x", items=(ReelItem(number=1),))))

    page = viewer_of(Reel(title=HOSTILE, episode=HOSTILE, language='"><b>', items=(item,)))

    seen = _Page(page)
    assert {tag for tag, _ in seen.tags} == {tag for tag, _ in plain.tags}
    assert not any(name.startswith("on") for _, names in seen.tags for name in names)
    assert "\u202e" not in page
    assert re.findall(r"https?://", page) == []


def test_it_runs_in_the_language_of_the_story() -> None:
    arabic = viewer_of(Reel(title="حسناً، لنبدأ"))
    tall = viewer_of(Reel(title="x", items=(ReelItem(number=1, shape=Shape.TALL),)))

    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<main class="tall">' in tall
