"""The installed PySide6 gives borrowed references back as it should."""

import sys

import pytest
from PySide6.QtWidgets import QWidget


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True cannot be freed there")
def test_calls_into_qt_do_not_use_up_none(qtbot: object) -> None:
    """PySide6 6.12.0 loses one reference to None with every call that returns it, and aborts after about 5,000."""
    widget = QWidget()
    before = sys.getrefcount(None)

    for _ in range(100):
        widget.setWindowTitle("a")

    assert abs(sys.getrefcount(None) - before) < 20
    widget.deleteLater()
