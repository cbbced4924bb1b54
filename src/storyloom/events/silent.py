"""No events, where nobody could ask for them."""

from storyloom.events.schemas import Draft


class Silent:
    """Forgets what happens."""

    def emit(self, *drafts: Draft) -> None:
        """Do nothing."""
