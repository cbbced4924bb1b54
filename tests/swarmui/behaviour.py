"""How a double of SwarmUI behaves. It is kept in a file where the double is a program."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

#: What can go wrong with a picture; `Behaviour.faults` says with which. Besides these, any text is
#: told as an error of SwarmUI.
FAULTS = {
    "oom": "ComfyUI ran out of memory",
    "session gone": "SwarmUI has forgotten the session by the time it is asked",
    "session expires": "SwarmUI forgets the session while it generates",
    "error before": "an error is told, and then there is a picture all the same",
    "error after": "an error is told after the picture",
    "no image": "it ends without a picture and without an error, as when it was interrupted in the queue",
    "discarded": "there is a picture, which is thrown away in the end",
    "cut": "the connection is cut while it generates, and it goes on generating",
    "cut after": "the connection is cut after it has told of the picture",
    "hangs up": "the connection is closed in order, before there is a picture",
    "silence": "it says nothing any more",
    "no last word": "it does not say that it wants to close",
    "garbage": "what it says is no JSON",
    "dies": "the whole program ends while it generates",
    "data": "the picture is a data URL, although it should have been saved",
    "big data": "the picture is a data URL of 12 MB",
    "nested": "the picture is told of in the form of the documentation",
    "grid": "intermediate pictures and a grid of them are told of too",
    "other size": "the picture has half the size",
    "no picture": "the file is no picture",
    "no file": "there is no file where it says",
}


@dataclass
class Behaviour:
    """How it behaves; may be changed while it runs."""

    statuses: Sequence[str] = ("running",)  #: of its backends, look by look; the last one stays
    backends: Sequence[str] = ("running",)
    any_loading: bool = False
    live: int = 0  #: what others generate, that is, nobody in truth
    waiting: int = 0
    idle_s: float | None = None  #: None: as it is, or never used
    answers_after_s: float = 0.0
    hangs: bool = False  #: it takes requests, and does not answer
    forgets_sessions: bool = False
    wants_account: bool = False
    wants_key: bool = False
    is_plain: bool = False  #: it knows no other route than GetNewSession
    hides_global: bool = False
    hides_current: bool = False
    hides_backends: bool = False
    is_stranger: bool = False  #: another program: it says 200 and HTML to everything
    is_old: bool = False  #: 0.9.7 and before: redirects where newer ones say what is wrong
    forbids_generating: bool = False

    models: Sequence[str] = ("OfficialStableDiffusion/sd_xl_base_1.0.safetensors",)
    image_s: float = 0.0  #: what a picture takes
    load_s: float = 0.0  #: what a model takes that is not loaded
    steps: int = 4  #: how often it tells how far a picture is
    saves_files: bool = True
    appends_user: bool = True  #: pictures lie below `View/local/`, or else below `Output/`
    knows_outpath: bool = True  #: old ones do not know `overrideoutpathformat`, and ignore it
    lingers_s: float = 2.0  #: from its wish to close a socket to its end
    keep_alive_s: float = 30.0
    #: Which pictures go wrong, and how: by their number from 1, by a part of the prompt or of the
    #: path, or all of them by `*`. See `FAULTS`.
    faults: Mapping[str, str] = field(default_factory=dict[str, str])

    def save(self, file: Path) -> None:
        whole = file.with_suffix(".new")
        whole.write_text(json.dumps(asdict(self)), "utf-8")
        whole.replace(file)

    @classmethod
    def load(cls, file: Path) -> "Behaviour":
        known = {one.name for one in fields(cls)}
        told = json.loads(file.read_text("utf-8"))
        return cls(**{k: v for k, v in told.items() if k in known})

    def fault_of(self, number: int, *texts: str) -> str:
        """What goes wrong with the picture of this number, prompt and path; nothing: empty."""
        for which, what in self.faults.items():
            named = not which.isdecimal() and any(which in text for text in texts)
            if which == "*" or which == str(number) or named:
                return what
        return ""
