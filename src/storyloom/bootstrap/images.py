"""Where pictures are kept."""

from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.imaging.ports import ImageStore
from storyloom.settings import Settings


def images_of(settings: Settings) -> ImageStore:
    """Open the image store that the settings choose; raises `Misconfigured`."""
    if settings.images_url is not None:
        return ObstoreImageStore.at(settings.images_url.get_secret_value())
    return ObstoreImageStore.in_folder(settings.data_dir / "images")
