"""Customer profiles as they are asked for and shown."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from storyloom.boards.schemas import Brand, Logo, Scene
from storyloom.imaging.schemas import MediaType, Palette
from storyloom.storyboard.presets import IcpPreset
from storyloom.storyboard.previews.schemas import SampleChoice
from storyloom.storyboard.schemas import readable

PRESETS = "/v1/presets"
KEY = r"^[a-z0-9_]{1,64}$"
Short = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(readable)]


class Origin(StrEnum):
    """Where a preset comes from."""

    BUILT_IN = "built-in"  #: the package
    FILE = "file"  #: the operator's STORYLOOM_PRESETS_DIR
    STORED = "stored"  #: the organisation itself, which may change it


class BrandBody(BaseModel):
    """Whose board it is. A logo is handed in by itself."""

    model_config = ConfigDict(extra="forbid")

    name: Short
    palette: Palette = Palette()


class TradeWords(BaseModel):
    """The trade's own words. What is left out is said neutrally."""

    model_config = ConfigDict(extra="forbid")

    trade: Short | None = Field(default=None, description="Such as `retail`")
    company: Short | None = Field(default=None, description="Such as `retailer`")
    companies: Short | None = Field(default=None, description="Such as `retailers`")
    crew: Short | None = Field(default=None, description="Such as `store teams`")
    clients: Short | None = Field(default=None, description="Such as `shoppers`")
    client: Short | None = Field(default=None, description="Such as `shopper`")
    jobs: Short | None = Field(default=None, description="Such as `orders`")
    systems: Short | None = Field(default=None, description="Such as `the systems your stores use`")


class ProfileBody(BaseModel):
    """A customer profile, as it is kept."""

    model_config = ConfigDict(extra="forbid")

    name: Short = Field(description="For people")
    description: str = Field(default="", max_length=300)
    brand: BrandBody
    art_style: str = Field(
        default="", max_length=500, description="For image models: how illustrations look"
    )
    words: TradeWords = TradeWords()

    def preset(self, key: str, logo: Logo | None) -> IcpPreset:
        """The same as a preset."""
        return IcpPreset(
            key=key,
            name=self.name,
            description=self.description,
            brand=Brand(name=self.brand.name, palette=self.brand.palette, logo=logo),
            art_style=self.art_style,
            words=self.words.model_dump(exclude_none=True),
        )


class ProfileSample(ProfileBody, SampleChoice):
    """A profile that is kept nowhere, and what its sample is drawn for."""

    logo_of: str | None = Field(
        default=None, pattern=KEY, description="The stored profile whose logo is drawn"
    )


class StoredProfile(BaseModel):
    """A profile in the store."""

    model_config = ConfigDict(frozen=True)

    preset: IcpPreset
    updated_at: datetime

    @property
    def logo_key(self) -> str | None:
        """Where its logo is kept."""
        logo = self.preset.brand.logo
        return None if logo is None else logo.picture.key


class LogoView(BaseModel):
    """A logo, cleaned and made small."""

    url: str = Field(description="Where it is served, as a PNG")
    media_type: MediaType
    width: int
    height: int
    is_light: bool = Field(description="It would not be seen on white, so its tile is coloured")


class BrandView(BaseModel):
    """Whose board it is."""

    name: str
    palette: Palette
    logo: LogoView | None = None


class PaletteWarning(BaseModel):
    """A colour that words could not be read on or in, and what is drawn in its place."""

    field: str = Field(description="The colour, such as `brand.palette.accent`")
    says: str = Field(description="What is wrong with it, and what is done, in a sentence")
    contrast: float = Field(description="What it reaches, 1 to 21 (WCAG 2)")
    needed: float = Field(description="What it has to reach")
    drawn_as: str = Field(description="The nearest colour that does, as `#rrggbb`")
    suggestion: str | None = Field(
        description="In place of it, this one of the same hue needs no warning; null: none does"
    )


class PresetBrief(BaseModel):
    """What every preset tells."""

    key: str = Field(description="The name that requests use")
    origin: Origin
    name: str
    description: str


class IcpView(PresetBrief):
    """A customer profile with every field."""

    brand: BrandView
    art_style: str
    words: dict[str, str] = Field(description="The trade's own words; what is not there is neutral")
    warnings: list[PaletteWarning] = Field(description="Colours that boards draw otherwise")
    updated_at: datetime | None = Field(description="When it was changed last; null if not stored")
    etag: str = Field(
        default="",
        description="Its `ETag`; sent back as `If-Match`, it keeps what you have not seen as it is",
    )


class StageView(PresetBrief):
    """A stage with every field."""

    order: int
    badge: str
    treatment: str
    tense: str


class AudienceView(PresetBrief):
    """An audience with every field."""

    kicker: str
    layout: str
    panels: list[Scene]
    people: str


class PresetCatalogue(BaseModel):
    """Everything that a request may name, with every field."""

    icp: list[IcpView]
    stages: list[StageView]
    audiences: list[AudienceView]
