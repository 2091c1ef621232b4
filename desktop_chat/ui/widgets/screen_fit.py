"""Keeps a window within the screen it opens on."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

SHARE = 0.92
"""Of the screen, at most: its frame needs room, too."""


def fitting(window: QWidget, wanted: QSize) -> QSize:
    """A size that is wanted, or as much of it as the screen of a window has."""
    screen = window.screen() or QGuiApplication.primaryScreen()
    return wanted.boundedTo(screen.availableSize() * SHARE) if screen is not None else wanted
