"""Tells PySide6 and Qt, before they begin, what this program can do without.

PySide6 reads the source of every module that is imported after it to look for
`from __feature__ import …`, which nobody here writes: 15 ms and 4 MB at the start. A frozen
program does without that part of it, see `packaging/prepared.py`.

Qt spreads the filling of every larger shape over threads and waits for them. Shapes here
are small, and on a busy computer the wait is long.

Imported before every other module of the window.
"""

import os
import sys
from types import ModuleType

import PySide6.QtCore  # noqa: F401 - has to be there before the lines below


def _asks_for_features(_module: ModuleType) -> bool:
    return False


# WORKAROUND PySide6 6.11: it has no switch for this.
_feature = sys.modules.get("shibokensupport.feature")
if _feature is not None:
    _feature._mod_uses_pyside = _asks_for_features  # type: ignore[attr-defined]

os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
