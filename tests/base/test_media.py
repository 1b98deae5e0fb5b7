"""Photos: read, stripped, hashed, or refused."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from apps.base.media import difference_hash, hash_distance, keep_photo, read_photo
from apps.base.models import Media
from apps.base.problems import TooLarge, UnsupportedMedia


def picture(size: tuple[int, int] = (320, 240)) -> Image.Image:
    image = Image.new("RGB", size, "#88aacc")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 120, 200, 230), fill="#443322")
    draw.ellipse((200, 20, 300, 110), fill="#eecc22")
    return image


def encoded(image: Image.Image, format_: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def located() -> bytes:
    """A photo taken at 37°25'45.12"N 127°15'18"E, on 1 March 2026 at nine in Korea."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 25.0, 45.12), 3: "E", 4: (127.0, 15.0, 18.0)})
    exif.get_ifd(0x8769).update({0x9003: "2026:03:01 09:00:00", 0x9011: "+09:00"})
    exif[0x0112] = 6  # turned by a quarter
    return encoded(picture(), exif=exif)


def test_it_reads_place_and_time_before_it_strips_them() -> None:
    photo = read_photo(located())
    assert photo.taken_lat == pytest.approx(37.4292, abs=1e-6)
    assert photo.taken_lon == pytest.approx(127.255, abs=1e-6)
    assert photo.taken_at == datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
    with Image.open(io.BytesIO(photo.content)) as clean:
        assert not clean.getexif()
        assert clean.size == (240, 320), "turned upright"


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_it_takes_the_usual_formats(format_: str) -> None:
    assert read_photo(encoded(picture(), format_)).format == format_


def test_a_comment_hidden_in_a_png_does_not_survive() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "my phone is 010-1234-5678")
    assert b"010-1234" not in read_photo(encoded(picture(), "PNG", pnginfo=info)).content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 this is a program",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded(picture())[:400],
        encoded(picture(), "GIF"),
    ],
    ids=["nothing", "program", "svg", "torn", "gif"],
)
def test_it_refuses_what_is_no_photo(content: bytes) -> None:
    with pytest.raises(UnsupportedMedia):
        read_photo(content)


def test_it_refuses_too_many_bytes_and_too_many_pixels(settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    with pytest.raises(TooLarge):
        read_photo(encoded(picture()))
    settings.MAX_UPLOAD_BYTES = 10_000_000
    with pytest.raises(TooLarge):
        read_photo(encoded(Image.new("1", (10_000, 6_000)), "PNG"))


def test_the_same_scene_brighter_and_smaller_has_nearly_the_same_hash() -> None:
    scene = picture()
    changed = ImageEnhance.Brightness(scene.resize((160, 120))).enhance(1.3)
    assert hash_distance(difference_hash(scene), difference_hash(changed)) <= 8
    upside_down = scene.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    assert hash_distance(difference_hash(scene), difference_hash(upside_down)) > 10


@pytest.mark.django_db
def test_a_kept_photo_is_a_row_and_a_clean_file(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    media = keep_photo(located())
    stored = Media.objects.get(code=media.code)
    assert stored.content_type == "image/jpeg"
    assert b"Exif" not in Path(stored.file.path).read_bytes()
