"""Errors about stored profiles."""

from storyloom.errors import Conflict, NotFound


class ProfileNotFound(NotFound):
    """There is no such stored profile."""

    code = "profile_not_found"

    def __init__(self, key: str) -> None:
        """Say which one, as it was asked for."""
        super().__init__(f"There is no stored profile '{key}'")


class LogoNotFound(NotFound):
    """The profile has no logo."""

    code = "logo_not_found"


class ProfileChanged(Conflict):
    """The profile is not as the request expects it: somebody else has changed it since."""

    code = "profile_changed"
    http_status = 412


class ProfileNotOurs(Conflict):
    """The name belongs to a preset that cannot be changed here."""

    code = "profile_not_ours"


class TooManyProfiles(Conflict):
    """An organisation keeps as many profiles as it may."""

    code = "too_many_profiles"
