"""Photos taken in: checked, read for place and time, stripped, hashed by what they show.

The perceptual hash is the 64-bit difference hash (N. Krawetz, "Kind of Like That", 2013): pictures
that look alike differ in few bits.
"""

import base64
import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from apps.base import clock
from apps.base.models import Media
from apps.base.problems import TooLarge, UnsupportedMedia

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MAX_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo after intake. `content` holds no metadata; place is WGS84 degrees."""

    content: bytes
    format: str
    width_px: int
    height_px: int
    perceptual_hash: int
    taken_at: datetime | None
    taken_lon: float | None
    taken_lat: float | None


def read_photo(content: bytes) -> Photo:
    """Check and clean one photo.

    Raises:
        TooLarge: more bytes or pixels than allowed.
        UnsupportedMedia: not a whole JPEG, PNG or WebP picture.
    """
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(_("The photo is too large."))
    try:
        with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TooLarge(_("The photo has too many pixels."))
            exif = image.getexif()
            upright = ImageOps.exif_transpose(image)
            upright.load()
            format_ = image.format or ""
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnsupportedMedia(_("This is not a photo that can be read.")) from error
    lon, lat = _place(exif)
    return Photo(
        content=_written(upright, format_),
        format=format_,
        width_px=upright.width,
        height_px=upright.height,
        perceptual_hash=difference_hash(upright),
        taken_at=_taken_at(exif),
        taken_lon=lon,
        taken_lat=lat,
    )


def _written(image: Image.Image, format_: str) -> bytes:
    """Encode the bare pixels again: nothing but the picture survives."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    if image.mode == "P":
        bare.putpalette(image.getpalette() or [])
    if format_ == "JPEG" and bare.mode not in {"RGB", "L", "CMYK"}:
        bare = bare.convert("RGB")
    out = io.BytesIO()
    bare.save(out, format_, quality=90)
    return out.getvalue()


def difference_hash(image: Image.Image) -> int:
    """The 64-bit difference hash as a signed integer, as PostgreSQL's bigint holds it."""
    grey = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS), dtype=np.int16)
    bits = np.packbits(grey[:, 1:] > grey[:, :-1])
    return int.from_bytes(bits.tobytes(), "big", signed=True)


def hash_distance(one: int, other: int) -> int:
    """In how many of 64 bits two hashes differ; up to about 10 they show the same."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def _taken_at(exif: Image.Exif) -> datetime | None:
    """When the picture was taken: GPS time (UTC) if there, else camera time with its offset."""
    details = exif.get_ifd(ExifTags.IFD.Exif)
    written, offset = (
        details.get(ExifTags.Base.DateTimeOriginal),
        details.get(ExifTags.Base.OffsetTimeOriginal),
    )
    if not written or not offset:
        return None
    try:
        local = datetime.strptime(f"{written}{offset}", "%Y:%m:%d %H:%M:%S%z")
    except (ValueError, TypeError):
        return None
    return local.astimezone(UTC)


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    try:
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "S")
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "W")
    except (KeyError, ValueError, TypeError, ZeroDivisionError):
        return None, None
    inside = -90 <= lat <= 90 and -180 <= lon <= 180
    return (lon, lat) if inside else (None, None)


def _degrees(parts: tuple[float, float, float], side: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side == negative else value


def keep_photo(content: bytes) -> Media:
    """Take one photo in and store it. Raises as `read_photo`."""
    photo = read_photo(content)
    media = Media(
        content_type=FORMATS[photo.format],
        size_bytes=len(photo.content),
        width_px=photo.width_px,
        height_px=photo.height_px,
        sha256=hashlib.sha256(photo.content).hexdigest(),
        perceptual_hash=photo.perceptual_hash,
        taken_at=photo.taken_at,
        taken_lon=photo.taken_lon,
        taken_lat=photo.taken_lat,
        created_at=clock.now(),
    )
    media.file.save(
        f"{media.code}.{_EXTENSIONS[photo.format]}", ContentFile(photo.content), save=False
    )
    media.save(force_insert=True)
    return media


def shown_inline(media: Media, longest_px: int = 960) -> str:
    """A smaller copy as a data address, for staff pages: photos have no public address."""
    with media.file.open("rb") as file, Image.open(file) as image:
        small = image.convert("RGB")
    small.thumbnail((longest_px, longest_px))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"
