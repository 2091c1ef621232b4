"""Saves a code block or a picture as a file, where the person wants it."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop_chat.domain.errors import PictureFailed
from desktop_chat.markup.leaves import Code
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.transcript.words import picture_words, tr

ENDINGS = {
    "python": "py", "py": "py", "javascript": "js", "js": "js", "typescript": "ts", "ts": "ts", "bash": "sh",
    "sh": "sh", "shell": "sh", "rust": "rs", "markdown": "md", "yaml": "yml", "kotlin": "kt", "ruby": "rb",
    "csharp": "cs", "c#": "cs", "c++": "cpp", "perl": "pl", "haskell": "hs", "text": "txt", "latex": "tex",
}  # fmt: skip
LONGEST_NAME = 60
Make = Callable[[], Coroutine[Any, Any, bytes]]
"""Makes what is saved, without keeping the window."""


def save_code(owner: QWidget, leaf: Code) -> QFileDialog:
    """Ask where to, and save a code block there."""
    name = f"code.{ending_of(leaf.language)}"
    return _ask(owner, tr("Save code"), name, lambda: asyncio.to_thread((leaf.text + "\n").encode, "utf-8", "replace"))


def save_picture(owner: QWidget, name: str, ending: str, make: Make) -> QFileDialog:
    """Ask where to, and save a picture there as it came."""
    return _ask(owner, tr("Save picture"), f"{file_name(name) or 'picture'}.{ending}", make)


async def write(owner: QWidget, path: Path, make: Make) -> None:
    """Write what is made; says so if that is not possible."""
    try:
        data = await make()
        await asyncio.to_thread(path.write_bytes, data)
    except (OSError, PictureFailed) as error:
        title = tr("The file was not saved")
        box = QMessageBox(QMessageBox.Icon.Warning, title, _reason(error), parent=owner)
        box.setInformativeText(str(path))
        box.open()


def _reason(error: OSError | PictureFailed) -> str:
    return picture_words(error, "") if isinstance(error, PictureFailed) else str(error.strerror)


def ending_of(language: str) -> str:
    """What the name of a file in a language ends with."""
    name = language.lower()
    return ENDINGS.get(name, name if name.isalnum() and len(name) <= 5 else "txt")


def file_name(text: str) -> str:
    """A text as the name of a file that every system takes."""
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in text)
    return " ".join(kept.split())[:LONGEST_NAME].strip()


def _ask(owner: QWidget, title: str, name: str, make: Make) -> QFileDialog:
    dialog = QFileDialog(owner, title)
    if dialog.directory() == QDir.current():
        # Nothing was saved yet, and the folder the program was started in means nothing to a person.
        dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda path: spawn(write(owner, Path(path), make), owner=owner))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
