"""Canaries: secrets planted in sources sing in no outbound byte, in no result and in no ledger.

The real adapters speak to fake providers over loopback, and what these received is searched as it
came: the raw bytes, the words in them, and the pictures, which are read anew.
"""

import base64
import json
import logging
import re
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.bootstrap.models import open_models
from storyloom.bootstrap.studio import open_studio, with_models
from storyloom.imaging.uploads import check_image
from storyloom.kit.ids import JobId
from storyloom.outbound.account import charged_to
from storyloom.outbound.schemas import Account
from storyloom.settings import Settings
from storyloom.storyboard.pipeline import source_name
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import BoardFormat, Render, Understanding, UnderstandingSource
from storyloom.storyboard.studio import Studio
from tests.llm.secret_samples import KNOWN, Chance, Sample
from tests.providers.routes import WRITERS
from tests.providers.server import Providers
from tests.storyboard.asked.answers import ABOUT_CALCULATOR, ABOUT_ROADMAP

pytestmark = pytest.mark.usefixtures("known_pictures")
JOB = JobId("3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a")
ACCOUNT = Account(org_id="acme", job_id=JOB, step="understand")
PLANTED = (
    "aws secret key", "google api key", "github token", "openai", "anthropic", "slack", "stripe", "jwt", "rsa key",
    "database url", "redis url", "weak password", "env file", "secret key", "bearer", "azure connection", "curl",
)  # fmt: skip
IN_NAME = "AK" + "IAQWERTYUIOPASDFGH"
HEAD = '"""Works out the return on what is spent."""\n\n\ndef calculate_roi(cost, gain):\n    return (gain - cost) / cost\n\n'
KEYS = {"google": "GOOGLE_API_KEY", "openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


@dataclass
class Out:
    """A studio with models, and everything that left it."""

    studio: Studio
    ledger: MemoryLedger
    providers: Providers
    key: str

    @property
    def brief(self) -> Brief:
        known = self.studio.catalogue
        return Brief(
            known.icp["coperniq_mep"], known.stages["preview"], known.audiences["c_suite"], None
        )

    async def code(self, name: str, text: str) -> Understanding:
        with charged_to(ACCOUNT):
            return await self.studio.code.understand(name, text, self.brief)

    async def roadmap(self, image: bytes, *, sanitize_ip: bool) -> Understanding:
        with charged_to(ACCOUNT):
            return await self.studio.roadmap.understand(image, self.brief, sanitize_ip=sanitize_ip)

    async def everything(self) -> str:
        """Give all that was sent or written down, in each way that it can be read."""
        entries = repr(await self.ledger.of_job(JOB))
        assert "understand_" in entries
        return "\n".join(
            [*(text for seen in self.providers.seen(self.key) for text in read(seen.raw)), entries]
        )

    def pictures(self) -> list[bytes]:
        return [one for seen in self.providers.seen(self.key) for one in pictures_in(seen.raw)]


def read(raw: bytes) -> Iterable[str]:
    """Read a body: as it came, with JSON's escapes undone, and what is base64 in it decoded."""
    text = raw.decode("latin-1")
    yield text
    if text.startswith("{"):
        yield (
            json.dumps(json.loads(raw), ensure_ascii=False).replace("\\n", "\n").replace('\\"', '"')
        )
    for part in pictures_in(raw):
        yield part.decode("latin-1")


def pictures_in(raw: bytes) -> list[bytes]:
    """Decode every long base64 of a body."""
    found = re.findall(rb"[A-Za-z0-9+/_-]{400,}={0,2}", raw)
    return [base64.b64decode(one.translate(bytes.maketrans(b"-_", b"+/")) + b"==") for one in found]


@pytest.fixture(params=["google", "openai", "anthropic"])
def settings(
    request: pytest.FixtureRequest, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    key = providers.new_key()
    for name, value in {**providers.settings(key), KEYS[request.param]: key}.items():
        monkeypatch.setenv(name, value)
    return Settings.load(language_model=f"{request.param}:{WRITERS[request.param]}")


@pytest.fixture
def plain(settings: Settings) -> Studio:
    return open_studio(settings)


@pytest.fixture
async def out(settings: Settings, plain: Studio, providers: Providers) -> AsyncGenerator[Out]:
    ledger = MemoryLedger()
    assert settings.google_api_key is not None
    key = settings.google_api_key.get_secret_value()
    async with open_models(settings, ledger, ObstoreImageStore.in_memory()) as models:
        yield Out(with_models(plain, models), ledger, providers, key)


def planted() -> tuple[str, set[str]]:
    """Write a code file with a secret of each kind, as code and as comments."""
    samples: list[Sample] = [KNOWN[name](Chance(7 + n)) for n, name in enumerate(PLANTED)]
    body = "".join(f"{one.text}\n" for one in samples)
    comments = "".join(f"# {line}\n" for line in body.splitlines())
    return f"{HEAD}{body}\n{comments}", {part for one in samples for part in one.secrets}


def said(made: Understanding) -> str:
    return made.model_dump_json()


async def test_secrets_in_code_reach_neither_a_model_nor_the_result(
    out: Out, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text, secrets = planted()
    name = f"roi-{IN_NAME}.py"
    # The first answer cannot stand, so that the corrective question is searched as well.
    out.providers.script(
        out.key, {**ABOUT_CALCULATOR, "headline": ""}, ABOUT_CALCULATOR, kind="text"
    )

    made = await out.code(name, text)
    board = await out.studio.board(
        made, out.brief, BoardFormat.LANDSCAPE, art=None, origin=source_name(name)
    )

    sent = await out.everything()
    assert len(out.providers.seen(out.key)) == 2
    assert "calculate_roi" in sent, "the file itself is sent"
    for secret in {*secrets, IN_NAME}:
        assert secret not in sent
        assert secret not in said(made) + board.model_dump_json()
        assert secret not in caplog.text
    assert made.source is UnderstandingSource.MODEL
    assert any("secrets were left out of the reading" in note for note in made.degraded)
    assert any("file's name" in note for note in made.degraded)


async def test_secrets_in_code_reach_no_result_when_rules_read_it(out: Out) -> None:
    text, secrets = planted()
    quoted = (
        f'"""Sends invoices with the key {IN_NAME} to customers."""\n\ndef send_invoice(): ...\n'
    )
    text = quoted + "".join(line for line in text.splitlines(keepends=True) if line[0] == "#")
    out.providers.always(out.key, {**ABOUT_CALCULATOR, "headline": ""}, kind="text")

    made = await out.code(f"{IN_NAME}.py", text)

    assert made.source is UnderstandingSource.STATIC
    shown = said(made).lower()  # a headline has capitals of its own
    assert not [secret for secret in {*secrets, IN_NAME} if secret.lower() in shown]


@pytest.mark.parametrize("settings", ["google"], indirect=True)
@pytest.mark.parametrize("render", [Render.COMPOSED, Render.PAINTED])
async def test_secrets_reach_no_image_model(out: Out, render: Render) -> None:
    text, secrets = planted()
    out.providers.always(out.key, ABOUT_CALCULATOR, kind="text")
    made = await out.code(f"{IN_NAME}.py", text)

    draw = out.studio.paint if render is Render.PAINTED else out.studio.illustrate
    with charged_to(ACCOUNT):
        await draw(made, out.brief, BoardFormat.LANDSCAPE)

    kinds = [seen.kind for seen in out.providers.seen(out.key)]
    sent = await out.everything()
    assert "picture" in kinds
    assert not [secret for secret in {*secrets, IN_NAME} if secret in sent]


# --- screenshots

INTER = files("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf"
LINES = [
    ("Voltbrook roadmap", 40, 30), ("Internal", 620, 30), ("Now", 40, 90), ("Later", 440, 90),
    ("Automated payment reminders", 40, 150), ("Dana Whitfield", 40, 190), ("Q3 2027", 240, 190),
    ("Project Nighthawk", 440, 150), ("$310,000", 440, 190), ("v4.8", 600, 190), ("Crew schedule by week", 440, 240),
    (IN_NAME, 40, 240),
]  # fmt: skip
DRAWN = [
    "voltbrook",
    "dana",
    "whitfield",
    "2027",
    "nighthawk",
    "310",
    "v4.8",
    "internal",
    IN_NAME.lower(),
]


def screenshot(kind: str) -> bytes:
    """Draw a roadmap with secrets to be read, and with more of them in its metadata."""
    picture = Image.new("RGB", (800, 300), "white")
    draw = ImageDraw.Draw(picture)
    for text, left, top in LINES:
        draw.text((left, top), text, font=ImageFont.truetype(str(INTER), 22), fill="#111827")
    out, options = BytesIO(), dict[str, Any]()
    exif = Image.Exif()
    exif[0x010E] = f"Metadata {IN_NAME}"
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", f"Metadata {IN_NAME}", zip=False)
        info.add_itxt("XML:com.adobe.xmp", f"<x>{IN_NAME}</x>")
        options["pnginfo"] = info
    else:
        options["comment"] = f"Metadata {IN_NAME}".encode()
    picture.save(out, kind, exif=exif, **options)
    # As whoever takes a picture in has to check it.
    return check_image(out.getvalue(), max_bytes=10_000_000).data


SCREENSHOTS = {kind: screenshot(kind) for kind in ("PNG", "JPEG")}


@pytest.mark.timeout(180)
async def test_names_and_figures_of_a_screenshot_leave_in_no_picture(out: Out) -> None:
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
    out.providers.always(out.key, ABOUT_ROADMAP, kind="text")

    made = await out.roadmap(SCREENSHOTS["PNG"], sanitize_ip=True)

    (picture,) = out.pictures()
    words = " ".join(box.text.lower() for box in await RapidOcrTextReader().read(picture))
    sent = (await out.everything()).lower()
    assert "automated payment reminders" in words, "what it is about is still to be seen"
    assert not [canary for canary in DRAWN if canary in words]
    assert not [canary for canary in ("voltbrook", "nighthawk", IN_NAME.lower()) if canary in sent]
    assert not [canary for canary in DRAWN if canary in said(made).lower()]
    assert made.source is UnderstandingSource.MODEL


@pytest.mark.parametrize("kind", SCREENSHOTS)
async def test_a_screenshot_that_may_be_shown_leaves_without_its_metadata(
    out: Out, kind: str
) -> None:
    out.providers.always(out.key, ABOUT_ROADMAP, kind="text")

    await out.roadmap(SCREENSHOTS[kind], sanitize_ip=False)

    (picture,) = out.pictures()
    assert Image.open(BytesIO(picture)).size == (800, 300)
    assert IN_NAME not in await out.everything()
    assert not Image.open(BytesIO(picture)).getexif()


def test_the_search_finds_what_it_looks_for() -> None:
    """A canary that could not sing would prove nothing."""
    hidden = base64.b64encode(b"x" * 400 + b"canary").decode()
    body = json.dumps({"text": "café canary\n2", "data": hidden}).encode()

    texts = list(read(body))

    assert "café canary\n2" in texts[1]
    assert texts[2].endswith("canary")
