"""A worker whose studio does nothing; a child process of the benchmark."""

from storyloom.cli.working import work
from storyloom.settings import Settings
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.schemas import Understanding
from storyloom.storyboard.studio import Studio
from tests.free import Free


class Reading:
    async def understand(self, *_: object, **__: object) -> Understanding:
        return Understanding(
            headline="Instant",
            what_it_does="Nothing.",
            business_value="None.",
            who_benefits="Nobody.",
            differentiator="None.",
            pain_point_addressed="None.",
            suggested_icon="calculator",
        )


def main() -> None:
    free, reading = Free(), Reading()
    work(Settings.load(), Studio(Catalogue.load(), reading, reading, free, free))


if __name__ == "__main__":
    main()
