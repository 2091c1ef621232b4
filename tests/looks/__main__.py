"""Paints every leaf kind and every state of a card in both themes, to be looked at.

python -m tests.looks OUTDIR [SCALE]
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if len(sys.argv) > 2:
    os.environ["QT_SCALE_FACTOR"] = sys.argv[2]

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.ui.theme.apply import Theme
from tests.looks.pages import PAGES

SETTLED_MS = 60
"""What is looked for is found by then."""


def main(folder: Path) -> None:
    app = QApplication(sys.argv[:1])
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(app, choice="light")
    scale = f"-{sys.argv[2]}x" if len(sys.argv) > 2 else ""
    for choice in ("light", "dark"):
        theme.set(choice)
        for name, page in PAGES.items():
            widget = page(theme)
            widget.show()
            widget.activateWindow()
            QTest.qWaitForWindowActive(widget)
            QTest.qWait(SETTLED_MS)
            widget.grab()
            widget.grab().save(str(folder / f"{name}-{choice}{scale}.png"))
            widget.close()
            widget.deleteLater()


if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
    sys.exit(__doc__)
main(Path(sys.argv[1]))
