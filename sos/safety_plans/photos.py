"""A photo as evidence: drawn anew, so that nothing but the picture stays. Where and when it was taken, by which phone, is gone. Pure."""

import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from sos.safety_plans.errors import PlanRefusal

LARGEST: Final = 12_000_000
"""Bytes that are accepted."""
_MOST_PIXELS: Final = 60_000_000
_SIDE: Final = 1600


class NoPhoto(PlanRefusal):
    """Not a picture, or too large."""


def without_metadata(photo: bytes) -> bytes:
    """The picture as JPEG, at most 1600 pixels a side, turned upright, without any metadata. Raises NoPhoto."""
    if len(photo) > LARGEST:
        raise NoPhoto("a photo of at most 12 MB")
    try:
        with Image.open(io.BytesIO(photo)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise NoPhoto("a photo of at most 60 megapixels")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NoPhoto("this file is not a photo that can be read") from None
    picture.thumbnail((_SIDE, _SIDE))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=80)
    return written.getvalue()
