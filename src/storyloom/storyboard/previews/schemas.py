"""What may be chosen of a sample board."""

from pydantic import BaseModel, Field

from storyloom.boards.schemas import BoardFormat
from storyloom.storyboard.revision import PresetKey
from storyloom.storyboard.schemas import Headline, Wishes

LEAST_WIDTH, MOST_WIDTH = 160, 1920


class SampleChoice(BaseModel):
    """What a sample is drawn for, besides whose customers it speaks to."""

    stage: PresetKey = Field(default="preview", description="How far the feature is")
    audience: PresetKey = Field(default="c_suite", description="Who looks at the board")
    format: BoardFormat = Field(default=BoardFormat.LANDSCAPE, description="The page's shape")
    headline: Headline | None = Field(
        default=None, description="Used word for word, in place of the sample's own"
    )
    width: int | None = Field(
        default=None,
        ge=LEAST_WIDTH,
        le=MOST_WIDTH,
        description="For a PNG so many pixels wide; without it, an SVG, which is sharp at any size",
    )


class BoardPreview(SampleChoice):
    """What a sample is drawn for."""

    icp_preset: PresetKey = Field(
        default="coperniq_mep", description="Whose customers the board speaks to"
    )

    @property
    def wishes(self) -> Wishes:
        """The same as the wishes for a storyboard."""
        return Wishes(
            icp_preset=self.icp_preset,
            stage=self.stage,
            audience=self.audience,
            custom_headline=self.headline,
            format=self.format,
        )
