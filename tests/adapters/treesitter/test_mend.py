"""What is blanked so that a grammar can go on."""

import pytest

from storyloom.adapters.treesitter._mend import mended
from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader

PLUGIN = """@Plugin(
    name = "Orders",
    permissions = [Permission(strings = [Manifest.READ], alias = "read"), Permission(strings = [])]
)
class OrderPlugin {
    fun sendOrder() {}
}
"""
HEADER = """__BEGIN_DECLS
MYEXTERN int MYEXPORT packFile OF((char *name, int level));
extern int unpack_file (char *name) __THROW __nonnull ((1));
MAIL_EXPORT(int) send_mail(char *name);
__END_DECLS
"""


def names(text: str, name: str) -> set[str]:
    return {one.name for one in TreeSitterCodeReader().read(name, text).definitions}


def test_a_class_below_a_list_of_annotations_is_found() -> None:
    assert {"OrderPlugin", "sendOrder"} <= names(PLUGIN, "OrderPlugin.kt")


def test_macros_do_not_hide_what_a_header_declares() -> None:
    assert {"packFile", "unpack_file", "send_mail"} <= names(
        HEADER.replace("MYEXTERN", "ZEXTERN").replace("MYEXPORT", "ZEXPORT"), "pack.h"
    )


@pytest.mark.parametrize(("language", "text"), [("Kotlin", PLUGIN), ("C", HEADER)])
def test_every_line_stays_where_it_is(language: str, text: str) -> None:
    lines = mended(language, text).split("\n")

    assert [len(line) for line in lines] == [len(line) for line in text.split("\n")]


def test_other_languages_and_open_brackets_stay_as_they_are() -> None:
    assert mended("Python", PLUGIN) == PLUGIN
    assert mended("Kotlin", "@Open(a") == "@Open(a"
