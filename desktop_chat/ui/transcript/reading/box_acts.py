"""What the buttons of code blocks and pictures do, and how a stretch of text comes into view.

Folding and wrapping change the height of a box: what is above it stays where it is, and when
the beginning of a long block is out of sight, folding brings it back.
"""

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QPoint, QPointF, QRectF, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolTip

from desktop_chat.markup.leaves import Text
from desktop_chat.ui.transcript.accessible.accessible import announce
from desktop_chat.ui.transcript.boxes.box import CodeDeed, CopyText, OnCode, OnPicture
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.pinned import PinnedBox
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox
from desktop_chat.ui.transcript.copying.saving import save_code
from desktop_chat.ui.transcript.page.selection import leaf_of
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

MARGIN_PX = 12
"""What is nearer to the edge, or beyond it, is brought to a third of the height."""
COPIED_MS = 1_600
"""How long a button says that it has copied."""


def do_with_code(view: "TranscriptView", row: int, act: OnCode) -> None:
    """Do what the button of a code block in a message stands for."""
    found = _code(view, row, act)
    if found is None:
        return
    index, box = found
    match act.deed:
        case CodeDeed.COPY:
            QGuiApplication.clipboard().setText(box.leaf.text)
            _say_copied(view, box)
        case CodeDeed.SAVE:
            save_code(view, box.leaf)
        case CodeDeed.WRAP:
            turn_wrap(view, box)
        case CodeDeed.FOLD:
            turn_fold(view, row, index, box)
        case _:
            assert_never(act.deed)


def copy_text(view: "TranscriptView", row: int, act: CopyText) -> None:
    """Copy a table or a formula as a whole, and say so beside it."""
    QGuiApplication.clipboard().setText(act.text)
    announce(view, tr("Copied"))
    column, page = view.column, view.viewport()
    for index, box in enumerate(column.item(row).boxes if column is not None else ()):
        hot = next((hot for hot in box.hot_spots() if hot.act == act), None) if box.is_laid_out else None
        if column is not None and hot is not None:
            corner = hot.rects[0].bottomLeft() + QPointF(
                view.column_left, column.place_of(row, index) - column.scroll_y
            )
            beside = QPoint(round(corner.x()), min(max(0, round(corner.y())), page.height() - MARGIN_PX))
            QToolTip.showText(page.mapToGlobal(beside), tr("Copied"), page, page.rect(), COPIED_MS)
            return


def do_with_picture(view: "TranscriptView", row: int, act: OnPicture) -> None:
    """Load a picture, or show it large."""
    view.gallery.do(act, _description(view, row, act.href))


def turn_wrap(view: "TranscriptView", box: CodeBox) -> None:
    """Wrap the long lines of one block, or have it scroll sideways again."""
    column = view.column
    if column is not None:
        anchor = column.anchor()
        column.sticks = False
        box.turn_wrap()
        column.restore(anchor)
        view.settle()
        view.viewport().update()


def turn_fold(view: "TranscriptView", row: int, index: int, box: CodeBox) -> None:
    """Show all of a long block, or only its beginning again."""
    column = view.column
    if column is None:
        return
    anchor = column.anchor()
    column.sticks = False
    box.turn_fold()
    column.bring(row, index)
    column.restore(anchor)
    top = column.place_of(row, index) + box.place.gap
    if box.is_folded and top < column.scroll_y:
        column.scroll_to(top)
    view.settle()
    view.viewport().update()


def unfold_for(view: "TranscriptView", row: int, index: int, offset: int) -> None:
    """Open a folded block if that is where an offset of its text is."""
    column = view.column
    if column is None:
        return
    boxes = column.item(row).boxes
    box = boxes[index] if index < len(boxes) else None
    if isinstance(box, CodeBox) and box.hides(offset):
        turn_fold(view, row, index, box)


def bring_into_view(view: "TranscriptView", row: int, index: int, mark: tuple[int, int]) -> None:
    """Scroll to a stretch of the text of a box, sideways as well, and open what hides it."""
    column = view.column
    assert column is not None
    unfold_for(view, row, index, mark[0])
    for _ in range(2):
        # What is on the way is only as tall as was guessed until it is seen once.
        box = column.bring(row, index)
        rects = box.rects(*mark)
        if rects:
            rect = rects[0]
        else:
            # A line of a long block that was never in view has no layout yet.
            text = box.text
            share = text.count("\n", 0, mark[0]) / (text.count("\n") + 1)
            rect = QRectF(0, box.content_top + share * (box.height - box.content_top), 1, view.look.line_px)
        y, height = column.place_of(row, index) + rect.top(), view.viewport().height()
        head = box.head if isinstance(box, PinnedBox) else 0.0
        if head + MARGIN_PX <= y - column.scroll_y <= height - rect.height() - MARGIN_PX:
            break
        view.glide.stop()
        view.move_to(round(min(max(0.0, y - height / 3), column.furthest)))
    if isinstance(box, SidewaysBox) and rects:
        window = box.window
        if rect.left() < window.left():
            box.scroll_sideways(rect.left() - window.left() - 20)
        elif rect.right() > window.right():
            box.scroll_sideways(rect.right() - window.right() + 20)


def _code(view: "TranscriptView", row: int, act: OnCode) -> tuple[int, CodeBox] | None:
    boxes = view.column.item(row).boxes if view.column is not None else []
    for index, box in enumerate(boxes):
        if isinstance(box, CodeBox) and box.view is act.view:
            return index, box
    return None


def _description(view: "TranscriptView", row: int, href: str) -> str:
    leaves = (leaf_of(box) for box in view.column.item(row).boxes) if view.column is not None else ()
    runs = (run for leaf in leaves if isinstance(leaf, Text) for run in leaf.runs)
    return next((run.text.strip() for run in runs if run.image and run.href == href), "")


def _say_copied(view: "TranscriptView", box: CodeBox) -> None:
    seen = box.view
    seen.is_copied = True
    announce(view, tr("Copied"))
    view.viewport().update()

    def forget() -> None:
        seen.is_copied = False
        view.viewport().update()

    QTimer.singleShot(COPIED_MS, view, forget)
