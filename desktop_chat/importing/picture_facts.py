"""What the first bytes of a file say of the picture in it: its kind and its size, whatever its name promises.

Nothing is decoded, so a file that would unpack to more than any screen shows is refused by
what it says of itself.
"""

from dataclasses import dataclass

HEAD_BYTES = 256 * 1024
"""Enough for what cameras put in front of a size."""
MAX_PIXELS = 50_000_000
"""What the window would not draw is not taken over."""
_JPEG_SIZES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_TURNED = {5, 6, 7, 8}
"""Values of EXIF for a picture that lies on its side."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a picture is."""

    media_type: str
    width: int
    height: int


def facts_of(head: bytes) -> Facts | None:
    """Kind and size; `None` if these are not the first bytes of a picture that can be shown."""
    found: Facts | None = None
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR" and len(head) >= 24:
        found = Facts("image/png", _big(head[16:20]), _big(head[20:24]))
    elif head[:6] in (b"GIF87a", b"GIF89a") and len(head) >= 10:
        found = Facts("image/gif", _small(head[6:8]), _small(head[8:10]))
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP" and len(head) >= 30:
        found = _webp(head)
    elif head[:3] == b"\xff\xd8\xff":
        found = _jpeg(head)
    is_fine = found is not None and found.width > 0 < found.height and found.width * found.height <= MAX_PIXELS
    return found if is_fine else None


def _webp(head: bytes) -> Facts | None:
    match head[12:16]:
        case b"VP8X":
            return Facts("image/webp", 1 + _small(head[24:27]), 1 + _small(head[27:30]))
        case b"VP8L" if head[20] == 0x2F:
            bits = _small(head[21:25])
            return Facts("image/webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        case b"VP8 " if head[23:26] == b"\x9d\x01\x2a":
            return Facts("image/webp", _small(head[26:28]) & 0x3FFF, _small(head[28:30]) & 0x3FFF)
        case _:
            return None


def _jpeg(head: bytes) -> Facts | None:
    at, is_turned = 2, False
    while at + 9 < len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF:  # Filling.
            at += 1
            continue
        if marker in _JPEG_SIZES:
            height, width = _big(head[at + 5 : at + 7]), _big(head[at + 7 : at + 9])
            return Facts("image/jpeg", height, width) if is_turned else Facts("image/jpeg", width, height)
        length = _big(head[at + 2 : at + 4])
        if length < 2:
            return None
        if marker == 0xE1 and head[at + 4 : at + 10] == b"Exif\0\0":
            is_turned = _orientation(head[at + 10 : at + 2 + length]) in _TURNED
        at += 2 + length
    return None


def _orientation(exif: bytes) -> int:
    read = {b"II": _small, b"MM": _big}.get(exif[:2])
    if read is None or len(exif) < 14:
        return 1
    start = read(exif[4:8])
    for entry in range(min(read(exif[start : start + 2]), 200)):
        at = start + 2 + 12 * entry
        if read(exif[at : at + 2]) == 0x0112:
            return read(exif[at + 8 : at + 10])
    return 1


def _big(some: bytes) -> int:
    return int.from_bytes(some, "big")


def _small(some: bytes) -> int:
    return int.from_bytes(some, "little")
