"""A photo that came by a channel, handed on to a complaint."""

from apps.base.models import Media
from apps.base.problems import NotFound
from apps.complaints.services.photos import take_photo


def complaint_photo(media: str) -> str:
    """The token by which a complaint claims the photo. Raises NotFound."""
    kept = Media.objects.filter(code=media).first()
    if kept is None:
        raise NotFound
    with kept.file.open("rb") as file:
        return take_photo(content=file.read()).token
