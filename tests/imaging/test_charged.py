"""Pictures are paid once, and made by the next model when one fails."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import Overloaded, QuotaUsedUp, StoryloomError, TimedOut
from storyloom.imaging.charged import ChargedImageBackend
from storyloom.imaging.keys import key_of
from storyloom.imaging.ports import ImageStore, PaidImageBackend, Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Palette, Picture
from storyloom.kit.ids import new_job_id
from storyloom.outbound.account import charged_to
from storyloom.outbound.schemas import FREE, OK, Account, Usage
from tests.outbound.desks import USED, Bureau

ACCOUNT = Account(org_id="acme", job_id=new_job_id(), step="illustrate")
REQUEST = ImageRequest(prompt="A café", width=64, height=64, prompt_version="2")
LATER = datetime(2200, 1, 1, tzinfo=UTC)


class Painter:
    """Paints its name and how often it was asked, unless it is to fail."""

    provider = "google"
    capabilities = Capabilities(
        media_types=frozenset({MediaType.PNG}),
        max_width=4096,
        max_height=4096,
        supports_seed=False,
        supports_negative_prompt=False,
        is_local=False,
        is_free=False,
    )

    def __init__(self, model: str = "image", *faults: StoryloomError) -> None:
        self.model = model
        self.name = f"google:{model}"
        self.destination = f"{model}.example"
        self.faults = list(faults)
        self.asked = 0
        self.pinged = 0
        self.freed = 0

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        self.asked += 1
        if self.faults:
            raise self.faults.pop(0)
        return Picture(
            f"{self.model} {self.asked}".encode(),
            MediaType.JPEG,
            request.width,
            request.height,
            backend=self.name,
            model=self.model,
            seed=7,
            usage=USED,
        )

    async def ping(self) -> None:
        self.pinged += 1

    async def free(self) -> None:
        self.freed += 1


@pytest.fixture
def images() -> ImageStore:
    return ObstoreImageStore.in_memory()


@pytest.fixture
def bureau() -> Bureau:
    assert ACCOUNT.job_id is not None
    return Bureau(job_id=ACCOUNT.job_id)


def charged(bureau: Bureau, images: ImageStore, *painters: PaidImageBackend) -> ChargedImageBackend:
    return ChargedImageBackend(painters, bureau.desk, images)


async def paint(
    backend: ChargedImageBackend, request: ImageRequest = REQUEST, account: Account = ACCOUNT
) -> Picture:
    with charged_to(account):
        return await backend.generate(request)


async def test_a_picture_comes_with_its_price(bureau: Bureau, images: ImageStore) -> None:
    picture = await paint(charged(bureau, images, Painter()))

    assert (picture.data, picture.width, picture.height) == (b"image 1", 64, 64)
    assert picture.stand_in is None
    assert (picture.backend, picture.model, picture.seed) == ("google:image", "image", 7)
    assert picture.usage.cost_usd == Decimal("1.1")


async def test_what_is_sent_where_is_written_down(bureau: Bureau, images: ImageStore) -> None:
    await paint(charged(bureau, images, Painter()))

    (entry,) = await bureau.entries()
    call = entry.call
    assert (call.account, call.purpose, call.prompt_version) == (ACCOUNT, "illustrate", "2")
    assert (call.provider, call.model, call.destination) == ("google", "image", "image.example")
    assert call.size_bytes == len("A café".encode())
    assert call.estimate_usd == Decimal(1600 + 3) / 100


async def test_the_estimate_allows_for_the_highest_quality_where_the_model_chooses_it(
    bureau: Bureau, images: ImageStore
) -> None:
    painter = Painter()
    painter.provider = "openai"

    await paint(charged(bureau, images, painter))

    (entry,) = await bureau.entries()
    assert entry.call.estimate_usd == Decimal(6300 + 3) / 100


async def test_the_picture_is_kept_under_its_contents_name(
    bureau: Bureau, images: ImageStore
) -> None:
    await paint(charged(bureau, images, Painter()))

    key = key_of("art", b"image 1", MediaType.JPEG)
    (entry,) = await bureau.entries()
    assert entry.ending is not None
    assert entry.ending.result == {
        "key": key,
        "media_type": "image/jpeg",
        "width": 64,
        "height": 64,
        "backend": "google:image",
        "model": "image",
        "seed": 7,
    }
    assert key.startswith("art/")
    assert key.endswith(".jpg")
    assert await images.get(key) == b"image 1"


async def test_an_equal_request_is_free(bureau: Bureau, images: ImageStore) -> None:
    painter = Painter()
    backend = charged(bureau, images, painter)
    first = await paint(backend)

    again = await paint(backend, account=Account(org_id="acme", job_id=new_job_id()))

    assert again == replace(first, usage=FREE)
    assert painter.asked == 1


class Aging:
    """An image store that tells what was written."""

    def __init__(self, images: ImageStore) -> None:
        self.get, self.delete, self.forget, self.ping = (
            images.get,
            images.delete,
            images.forget,
            images.ping,
        )
        self._images = images
        self.written: list[str] = []

    async def put(self, key: str, data: bytes) -> None:
        self.written.append(key)
        await self._images.put(key, data)


async def test_a_picture_that_is_used_again_is_as_young_as_a_new_one(
    bureau: Bureau, images: ImageStore
) -> None:
    aging = Aging(images)
    backend = charged(bureau, aging, Painter())
    await paint(backend)

    await paint(backend)

    assert aging.written == [key_of("art", b"image 1", MediaType.JPEG)] * 2


async def test_a_picture_that_has_gone_is_made_anew(bureau: Bureau, images: ImageStore) -> None:
    backend = charged(bureau, images, Painter())
    await paint(backend)
    await images.forget("art", older_than=LATER)

    assert (await paint(backend)).data == b"image 2"


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "Another"},
        {"negative_prompt": "words"},
        {"width": 65},
        {"seed": 1},
        {"purpose": "paint_page"},
        {"prompt_version": "3"},
        {"palette": Palette(primary="#000000")},
        {"accept": (MediaType.PNG,)},
    ],
)
async def test_every_difference_is_another_picture(
    bureau: Bureau, images: ImageStore, change: dict[str, object]
) -> None:
    backend = charged(bureau, images, Painter())
    await paint(backend)

    picture = await paint(backend, REQUEST.model_copy(update=change))

    assert picture.data == b"image 2"


async def test_the_next_model_is_asked_when_one_fails(bureau: Bureau, images: ImageStore) -> None:
    backend = charged(bureau, images, Painter("first", QuotaUsedUp()), Painter("second"))

    picture = await paint(backend)

    assert picture.data == b"second 1"
    assert picture.stand_in is not None
    assert picture.stand_in.wanted == "google:first"
    assert (picture.stand_in.answered, picture.stand_in.code) == ("google:second", "quota")
    assert [(e.call.model, e.outcome) for e in await bureau.entries()] == [
        ("first", "quota"),
        ("second", OK),
    ]


async def test_a_timeout_is_the_end_of_it(bureau: Bureau, images: ImageStore) -> None:
    second = Painter("second")

    with pytest.raises(TimedOut):
        await paint(charged(bureau, images, Painter("first", TimedOut()), second))

    assert second.asked == 0


async def test_when_all_fail_it_is_said_what_was_tried(bureau: Bureau, images: ImageStore) -> None:
    first = Painter("a", Overloaded("Full.", retry_after_s=0), Overloaded("Full."))

    with pytest.raises(Overloaded, match=r"Full\. Tried: google:a \(overloaded\), google:b \(quo"):
        await paint(charged(bureau, images, first, Painter("b", QuotaUsedUp())))


async def test_without_a_price_the_cost_is_unknown(bureau: Bureau, images: ImageStore) -> None:
    bureau.prices.known = False

    picture = await paint(charged(bureau, images, Painter()))

    assert picture.usage == Usage(input_tokens=100, output_tokens=10)


async def test_it_passes_for_the_wanted_backend(bureau: Bureau, images: ImageStore) -> None:
    first, second = Painter("first"), Painter("second")
    backend = charged(bureau, images, first, second)

    await backend.ping()

    assert backend.name == "google:first"
    assert backend.capabilities == Painter.capabilities
    assert (first.pinged, second.pinged) == (1, 0)


async def test_every_backend_gives_back_what_it_holds(images: ImageStore, bureau: Bureau) -> None:
    first, second = Painter("first"), Painter("second")

    await ChargedImageBackend([first, second], bureau.desk, images).free()

    assert (first.freed, second.freed) == (1, 1)
