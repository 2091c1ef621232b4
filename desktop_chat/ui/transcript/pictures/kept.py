"""Pictures that are kept with a conversation, as addresses of the page: what is known of each stands in it."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from desktop_chat.domain.blocks import Image
from desktop_chat.domain.ids import PictureId

KeptOf = Callable[[PictureId], Coroutine[Any, Any, bytes | None]]
"""Gets the bytes of one; `None` if they are not there. Raises `StoreError`."""
HIGHEST_PX = 460
"""Of any picture in the column; the viewer shows it larger."""
SCHEME = "kept:"
_ADDRESS = re.compile(r"kept:([0-9a-f]{64})/(\d{1,6})x(\d{1,6})\.([a-z]{3,4})")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


def address_of(image: Image) -> str:
    """What stands for a picture on the page."""
    ending = _ENDINGS.get(image.media_type, "png")
    return f"{SCHEME}{image.picture}/{image.width}x{image.height}.{ending}"


def facts_of(address: str) -> tuple[PictureId, int, int, str] | None:
    """Id, width, height and ending of a picture; `None` if it is no such address."""
    found = _ADDRESS.fullmatch(address)
    return (PictureId(found[1]), int(found[2]), int(found[3]), found[4]) if found else None
