"""Formulas as shapes: LaTeX is set in a worker, once for each formula and size.

Until a shape is there, or where there is none because the source is wrong, the source is shown.
A shape has no colour, so that it looks right in every theme, on the screen and on paper.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainterPath

from desktop_chat.runtime.turns import short_turns
from desktop_chat.ui.aio import spawn

MOST_KEPT = 2_000
"""Shapes; some 5 KB each."""
AFTER_PAINT_MS = 60
"""Until the first formula of all is worked at."""
AT_ONCE = 8
"""Formulas set before the page is told, so that it moves once for all of them."""
ALIGNED = (r"\split", r"\align", r"\align*", r"\eqalign")
ROW_SPACING = "0.6em"

_ELEMENT = re.compile(r"<(path|rect)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_STEP = re.compile(r"([A-Z])|(-?[\d.]+(?:e-?\d+)?)")
_ROOM = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}

Key = tuple[str, bool, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """A formula to fill with a colour; its baseline begins at (0, 0)."""

    path: QPainterPath
    width: float
    ascent: float
    descent: float


class Formulas(QObject):
    """Shapes for the boxes of one page.

    Args:
        on_ready: Called when formulas that were asked for in vain can be drawn.
        parent: Owns it.
    """

    def __init__(self, on_ready: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._on_ready = on_ready
        self._shapes: dict[Key, Shape | None] = {}
        self._waiting: list[Key] = []
        self._is_working = False

    def shape(self, tex: str, is_display: bool, size: float) -> Shape | None:
        """The shape of a formula; `None` if there is none, or none yet."""
        key = (tex, is_display, size)
        if key not in self._shapes:
            if asyncio._get_running_loop() is None:
                return None
            self._shapes[key] = None
            self._waiting.append(key)
            if not self._is_working:
                self._is_working = True
                if _library.cache_info().currsize:
                    self._begin()
                else:  # Its fonts are half a second of Python: not beside the paint that opens a conversation.
                    QTimer.singleShot(AFTER_PAINT_MS, self, self._begin)
        return self._shapes[key]

    def _begin(self) -> None:
        if asyncio._get_running_loop() is not None:  # Else the program ended meanwhile.
            spawn(self._work(), owner=self)

    async def _work(self) -> None:
        try:
            while self._waiting:
                keys, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                with short_turns():  # The fonts of formulas are read by much Python.
                    made = await asyncio.to_thread(_shapes_of, keys)
                self._shapes.update(zip(keys, made, strict=True))
                if any(made):
                    self._on_ready()
        finally:
            self._is_working = False
        while len(self._shapes) > MOST_KEPT:
            del self._shapes[next(iter(self._shapes))]


def _shapes_of(keys: list[Key]) -> list[Shape | None]:
    return [shape_of(*key) for key in keys]


def shape_of(tex: str, is_display: bool, size: float) -> Shape | None:
    """Set a formula, for a worker: 10 to 50 ms, and half a second the first time. `None` if it cannot be read."""
    library = _library()
    try:
        svg = library.Latex(tex, size=size, inline=not is_display).svg()
    except its_errors():
        return None
    return shape_from(svg)


@cache
def _library() -> Any:
    library = import_module("ziamath")
    library.config.svg2 = False
    known = import_module("latex2mathml.commands").CONVERSION_MAP
    for name in ALIGNED:
        # As written, three points are all there is between the lowest letter of a row and the highest of the next.
        element, attributes = known[name]
        known[name] = element, {**attributes, "rowspacing": ROW_SPACING}
    return library


@cache
def its_errors() -> tuple[type[Exception], ...]:
    """The library is written for good LaTeX; whatever it says of other LaTeX costs the drawing only."""
    own = vars(import_module("latex2mathml.exceptions")).values()
    return (
        *(kind for kind in own if isinstance(kind, type) and issubclass(kind, Exception)),
        ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError, ValueError,
    )  # fmt: skip


def shape_from(svg: str) -> Shape | None:
    """Read the few elements that formulas are drawn with."""
    box = re.search(r'viewBox="([^"]*)"', svg)
    if box is None:
        return None
    left, top, width, height = (float(part) for part in box[1].split())
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for element in _ELEMENT.finditer(svg):
        values = dict(_ATTRIBUTE.findall(element[2]))
        if element[1] == "path":
            _draw(path, values.get("d", ""))
        else:
            rect = QRectF(*(float(values.get(name, 0)) for name in ("x", "y", "width", "height")))
            stroke = float(values.get("stroke-width", 1)) if values.get("fill") == "none" else 0.0
            for side in _frame(rect, stroke) if stroke else (rect,):
                path.addRect(side)
    return Shape(path.translated(-left, 0), width, max(0.0, -top), max(0.0, top + height))


def _frame(rect: QRectF, pen: float) -> tuple[QRectF, ...]:
    return (
        QRectF(rect.left(), rect.top(), rect.width(), pen),
        QRectF(rect.left(), rect.bottom() - pen, rect.width(), pen),
        QRectF(rect.left(), rect.top(), pen, rect.height()),
        QRectF(rect.right() - pen, rect.top(), pen, rect.height()),
    )


def _draw(path: QPainterPath, steps: str) -> None:
    command = ""
    numbers: list[float] = []
    for letter, number in _STEP.findall(steps):
        if letter:
            command = letter
            if letter == "Z":
                path.closeSubpath()
            continue
        numbers.append(float(number))
        if len(numbers) == _ROOM.get(command, 2):
            match command:
                case "M":
                    path.moveTo(*numbers)
                case "L":
                    path.lineTo(*numbers)
                case "Q":
                    path.quadTo(*numbers)
                case "C":
                    path.cubicTo(*numbers)
            numbers.clear()
