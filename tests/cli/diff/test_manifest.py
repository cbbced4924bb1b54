"""The manifest: what it says, what is wrong with it, and how files are added."""

from pathlib import Path

import pytest

from storyloom.cli.diff.manifest import MANIFEST, read
from storyloom.cli.places import Places
from storyloom.errors import InvalidInput
from storyloom.storyboard.schemas import BoardFile
from tests.cli.conftest import Run

WHOLE = """
[defaults]
folder = "docs/boards"
audience = "business_owner"
file_format = "svg"

[[storyboard]]
source = "./src/roi.py"

[[storyboard]]
source = "src/bill.go"
audience = "btl_champion"
format = "portrait"
headline = "Paid on the day"
picture = "docs/bill.pdf"
"""


def _write(place: Path, text: str) -> Places:
    (place / ".storyloom").mkdir(exist_ok=True)
    (place / MANIFEST).write_text(text, "utf-8")
    return Places(place)


def test_an_entry_takes_from_the_defaults_what_it_does_not_say(place: Path) -> None:
    manifest = read(_write(place, WHOLE))

    assert manifest is not None
    roi, bill = manifest.storyboards
    assert (roi.source, roi.picture) == ("src/roi.py", "docs/boards/roi.storyboard.svg")
    assert (roi.order.wishes.audience, roi.order.file_format) == ("business_owner", BoardFile.SVG)
    assert bill.picture == "docs/bill.pdf"
    assert bill.order.file_format is BoardFile.PDF
    assert bill.order.wishes.custom_headline == "Paid on the day"
    assert (bill.order.wishes.audience, bill.order.wishes.format) == ("btl_champion", "portrait")


def test_where_there_is_none_there_is_none(place: Path) -> None:
    assert read(Places(place)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("storyboard = 5", "storyboard: Input should be"),
        ("[[storyboard]]\nsuorce = 'a.py'", "storyboard.0.source: Field required"),
        ("[[storyboard]]\nsource = 'a.py'\nformat = 'round'", "format: Input should be"),
        ("[[storyboard]\n", "cannot be read"),
        (
            "[[storyboard]]\nsource = 'a/x.py'\n[[storyboard]]\nsource = 'b/x.py'",
            "a/x.py and b/x.py are both kept at storyboards/x.storyboard.png",
        ),
    ],
)
def test_what_is_wrong_names_its_place(place: Path, text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read(_write(place, text))


@pytest.mark.usefixtures("repository")
def test_files_are_added_and_what_is_there_stays(run: Run, place: Path) -> None:
    (place / "sub").mkdir()
    (place / "sub" / 'we"ird.py').write_text("x = 1\n", "utf-8")
    assert run("diff", "--init", "roi.py", "--audience", "btl_champion").exit_code == 0
    first = (place / MANIFEST).read_text("utf-8") + "# mine\n"
    (place / MANIFEST).write_text(first, "utf-8")

    added = run("diff", "--init", 'sub/we"ird.py', "roi.py", "roi.py")

    assert added.stdout == f"{place / MANIFEST}\n"
    assert (place / MANIFEST).read_text("utf-8").startswith(first)
    manifest = read(Places(place))
    assert manifest is not None
    assert [board.source for board in manifest.storyboards] == ["roi.py", 'sub/we"ird.py']
    assert manifest.storyboards[0].order.wishes.audience == "btl_champion"


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Name the files"),
        (("none.py",), "There is no file none.py"),
        (("../x.py",), "lies outside"),
        (("roi.py", "sub/roi.py"), "both kept at"),
    ],
)
def test_nothing_wrong_is_added(run: Run, place: Path, words: tuple[str, ...], says: str) -> None:
    (place / "sub").mkdir()
    (place / "sub" / "roi.py").write_text("x = 1\n", "utf-8")

    result = run("diff", "--init", *words)

    assert result.exit_code == 2
    assert says in result.stderr
    assert not (place / MANIFEST).exists()
