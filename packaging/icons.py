"""Draws the icon of the program in every form a system wants, from the one drawing.

    python packaging/icons.py FOLDER     (in an environment with PySide6)

The writers of `.ico` and `.icns` are pure: they take pictures and give bytes.
"""

import os
import struct
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import project

PNG_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_KINDS = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
"""Apple's names for pictures; `ic11` to `ic14` are for screens with two pixels a point."""

PNG_FROM = 256
"""From this size on an `.ico` holds PNG; below, some readers take bitmaps only."""


def ico(pictures: Mapping[int, bytes], pixels: Mapping[int, bytes]) -> bytes:
    """A Windows icon.

    Args:
        pictures: PNG data by edge length; used from 256 on.
        pixels: Rows from the top, blue green red alpha, by edge length; used below.
    """
    edges = sorted({*pictures, *pixels})
    bodies = [pictures[edge] if edge >= PNG_FROM else bitmap(edge, pixels[edge]) for edge in edges]
    offset = 6 + 16 * len(edges)
    head = struct.pack("<HHH", 0, 1, len(edges))
    for edge, body in zip(edges, bodies, strict=True):
        head += struct.pack("<BBBBHHII", edge % 256, edge % 256, 0, 0, 1, 32, len(body), offset)
        offset += len(body)
    return head + b"".join(bodies)


def bitmap(edge: int, pixels: bytes) -> bytes:
    """A bitmap as icons hold it: twice as high, rows from the bottom, an empty mask behind it."""
    rows = [pixels[row * edge * 4 : (row + 1) * edge * 4] for row in reversed(range(edge))]
    mask = bytes((edge + 31) // 32 * 4 * edge)
    head = struct.pack("<IiiHHIIiiII", 40, edge, 2 * edge, 1, 32, 0, len(pixels) + len(mask), 0, 0, 0, 0)
    return head + b"".join(rows) + mask


def icns(pictures: Mapping[int, bytes]) -> bytes:
    """A macOS icon from PNG data by edge length."""
    body = b"".join(
        kind + struct.pack(">I", len(pictures[edge]) + 8) + pictures[edge] for kind, edge in ICNS_KINDS.items()
    )
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def draw(edge: int) -> tuple[bytes, bytes]:
    """The drawing at one size: as PNG, and as blue green red alpha."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
    from PySide6.QtGui import QImage, QImageReader

    reader = QImageReader(str(project.ICON))
    reader.setScaledSize(QSize(edge, edge))
    image = reader.read()
    if image.isNull():
        raise SystemExit(f"the icon cannot be drawn: {reader.errorString()}")
    image.convertTo(QImage.Format.Format_ARGB32)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data()), bytes(image.constBits())


def main(folder: Path) -> None:
    """Write `desktop-chat.ico`, `desktop-chat.icns` and `EDGE.png` files."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    # Kept by a name: a test may have one already, and Qt wants just one.
    _app = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {edge: draw(edge) for edge in sorted({*PNG_SIZES, *ICO_SIZES, *ICNS_KINDS.values()})}
    for edge in PNG_SIZES:
        (folder / f"{edge}.png").write_bytes(drawn[edge][0])
    large = {edge: drawn[edge][0] for edge in ICO_SIZES if edge >= PNG_FROM}
    small = {edge: drawn[edge][1] for edge in ICO_SIZES if edge < PNG_FROM}
    (folder / "desktop-chat.ico").write_bytes(ico(large, small))
    (folder / "desktop-chat.icns").write_bytes(icns({edge: png for edge, (png, _) in drawn.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
