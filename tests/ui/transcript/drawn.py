"""Pictures for tests, drawn here and now."""

import base64

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    """A red picture of a size, as a file."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)
    return bytes(data.data())


def address(data: bytes) -> str:
    """A picture as it stands in a text."""
    return "data:image/png;base64," + base64.b64encode(data).decode()
