"""How far a SwarmUI is, by what it says of itself."""

from storyloom.automation.launching import port_of
from storyloom.automation.ports import SwarmLook
from storyloom.automation.schemas import Phase, SwarmStarted


def phase_of(look: SwarmLook) -> Phase:
    """How far a SwarmUI is that answers."""
    if look.is_usable:
        return Phase.READY
    return Phase.LOADING_BACKENDS if look.is_loading else Phase.NO_BACKENDS


def started_at(message: str, url: str, look: SwarmLook) -> SwarmStarted:
    """What is answered to whoever wants one that answers."""
    return SwarmStarted(
        message=message,
        port=port_of(url),
        api_url=url,
        phase=phase_of(look),
        backend_status=look.backend_status,
    )
