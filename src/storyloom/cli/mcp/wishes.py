"""The parameters that several tools share, with what a model is told of them."""

from typing import Annotated, Literal

from pydantic import Field

Audience = Annotated[
    str | None,
    Field(description="Who looks at it: c_suite (usual), business_owner or btl_champion"),
]
Stage = Annotated[
    str | None, Field(description="How far the feature is: preview (usual), demo or shipped")
]
Icp = Annotated[
    str | None,
    Field(
        description="Whose customers the board speaks to: coperniq_mep (usual), "
        "professional_services, retail_operations, software_team, or one of the operator's own"
    ),
]
Headline = Annotated[
    str | None, Field(max_length=200, description="Your own headline, used word for word")
]
PageFormat = Annotated[
    Literal["landscape", "portrait", "square"] | None,
    Field(description="The page's shape; landscape when left out"),
]
Render = Annotated[
    Literal["composed", "vector", "painted"] | None,
    Field(
        description="composed (usual): words over an illustration; vector: no image model is "
        "asked; painted: an image model paints the whole page"
    ),
]
Output = Annotated[
    str | None,
    Field(
        description="The picture's path below the root; .png, .svg or .pdf chooses the kind. "
        "A file that is there is replaced"
    ),
]
WaitS = Annotated[
    float,
    Field(
        ge=0,
        le=3600,
        description="Seconds to wait for the result. After that the job goes on, and job_status "
        "waits further",
    ),
]
JobName = Annotated[str, Field(min_length=1, max_length=64, description="As the tools tell it")]
#: Many clients give a tool sixty seconds.
USUAL_WAIT_S = 50.0
