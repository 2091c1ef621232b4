"""What the context menu offers for a code block or a table under the pointer."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from desktop_chat.markup.leaves import Code
from desktop_chat.markup.table_text import as_csv, as_tsv
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.column import Seen
    from desktop_chat.ui.transcript.view import TranscriptView

ENDINGS = {
    "python": "py", "py": "py", "javascript": "js", "js": "js", "typescript": "ts", "ts": "ts", "bash": "sh",
    "sh": "sh", "shell": "sh", "rust": "rs", "markdown": "md", "yaml": "yml", "kotlin": "kt", "ruby": "rb",
    "csharp": "cs", "c#": "cs", "c++": "cpp", "perl": "pl", "haskell": "hs", "text": "txt", "latex": "tex",
}  # fmt: skip
Add = Callable[[str, Callable[[], object]], None]


def add_entries(view: "TranscriptView", seen: "Seen", add: Add) -> bool:
    """Add what can be done with a box; tells whether it was anything."""
    clipboard = QGuiApplication.clipboard()
    box = seen.box
    if isinstance(box, CodeBox):
        add(tr("Copy code"), lambda: clipboard.setText(box.leaf.text))
        add(tr("Save code…"), lambda: save_code(view, box.leaf))
        add(tr("Scroll long lines") if box.wraps else tr("Wrap long lines"), lambda: turn_wrap(view, seen))
        return True
    if isinstance(box, TableBox):
        table = box.leaf
        source = seen.item.part_of(seen.index).source[table.start : table.end]
        add(tr("Copy table as Markdown"), lambda: clipboard.setText(source))
        add(tr("Copy table as CSV"), lambda: clipboard.setText(as_csv(table)))
        add(tr("Copy table as TSV"), lambda: clipboard.setText(as_tsv(table)))
        return True
    return False


def turn_wrap(view: "TranscriptView", seen: "Seen") -> None:
    """Wrap the long lines of one block, or have it scroll sideways again."""
    if isinstance(seen.box, CodeBox) and view.column is not None:
        anchor = view.column.anchor()
        seen.box.turn_wrap()
        view.column.restore(anchor)
        view.viewport().update()


def save_code(view: "TranscriptView", leaf: Code) -> QFileDialog:
    """Ask where to, and save a code block there."""
    dialog = QFileDialog(view, tr("Save code"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(f"code.{ending_of(leaf.language)}")
    dialog.fileSelected.connect(lambda path: spawn(write_code(view, Path(path), leaf), owner=view))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


async def write_code(view: "TranscriptView", path: Path, leaf: Code) -> None:
    """Write it; says so if that is not possible."""
    try:
        await asyncio.to_thread(path.write_bytes, (leaf.text + "\n").encode("utf-8", "replace"))
    except OSError as error:
        box = QMessageBox(QMessageBox.Icon.Warning, tr("The code was not saved"), str(error.strerror), parent=view)
        box.setInformativeText(str(path))
        box.open()


def ending_of(language: str) -> str:
    """What the name of a file in a language ends with."""
    name = language.lower()
    return ENDINGS.get(name, name if name.isalnum() and len(name) <= 5 else "txt")
