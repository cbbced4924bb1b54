"""The words of a film, as SubRip subtitles."""

from collections.abc import Iterable, Iterator

from storyloom.boards.text import clean

_MAX_WORDS = 300


def subtitles_of(timed: Iterable[tuple[int, str]], frames_per_second: int) -> str:
    """The subtitles; `timed` are how many frames each is shown, and its words, one after the other."""
    return "\n".join(_cues(timed, frames_per_second))


def _cues(timed: Iterable[tuple[int, str]], rate: int) -> Iterator[str]:
    start, number = 0, 1
    for frames, words in timed:
        # `<` begins a tag there, and an arrow stands between times.
        said = clean(words, _MAX_WORDS).replace("<", "‹").replace("-->", "→")  # noqa: RUF001
        if said:
            yield f"{number}\n{_time(start, rate)} --> {_time(start + frames, rate)}\n{said}\n"
            number += 1
        start += frames


def _time(frame: int, rate: int) -> str:
    seconds, milliseconds = divmod(frame * 1000 // rate, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d},{milliseconds:03d}"
