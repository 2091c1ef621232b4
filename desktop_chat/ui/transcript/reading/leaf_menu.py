"""What the context menu offers for a code block, a table or a picture under the pointer."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from desktop_chat.markup.leaves import Table
from desktop_chat.markup.table_text import as_csv, as_tsv
from desktop_chat.ui.transcript.boxes.box import OnPicture, PictureDeed
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.copying.saving import save_code
from desktop_chat.ui.transcript.message.parts import Part
from desktop_chat.ui.transcript.pictures.gallery import has_pictures
from desktop_chat.ui.transcript.reading.box_acts import turn_fold, turn_wrap
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.page.anchors import Seen
    from desktop_chat.ui.transcript.view import TranscriptView

Add = Callable[[str, Callable[[], object]], None]


def add_entries(view: "TranscriptView", seen: "Seen", point: QPointF, add: Add) -> bool:
    """Add what can be done with a box, at a point of it; tells whether it was anything."""
    clipboard = QGuiApplication.clipboard()
    box = seen.box
    if isinstance(box, CodeBox):
        add(tr("Copy code"), lambda: clipboard.setText(box.leaf.text))
        add(tr("Save code…"), lambda: save_code(view, box.leaf))
        add(tr("Scroll long lines") if box.wraps else tr("Wrap long lines"), lambda: turn_wrap(view, box))
        if box.can_fold:
            add(
                tr("Show all lines") if box.is_folded else tr("Show less"),
                lambda: turn_fold(view, seen.row, seen.index, box),
            )
        return True
    if isinstance(box, TableBox):
        table = box.leaf
        part = seen.item.part_of(seen.index)
        add(tr("Copy table as Markdown"), lambda: clipboard.setText(table_source(part, table)))
        add(tr("Copy table as CSV"), lambda: clipboard.setText(as_csv(table)))
        add(tr("Copy table as TSV"), lambda: clipboard.setText(as_tsv(table)))
        return True
    found = box.picture_at(point.x(), point.y()) if has_pictures(box) else None
    if found is not None:
        _add_picture(view, *found, add)
        link = box.link_at(point.x(), point.y()) if has_pictures(box) else ""
        if link:
            add(tr("Open link"), lambda: view.link_asked.emit(link))
            add(tr("Copy link address"), lambda: clipboard.setText(link))
    return found is not None


def table_source(part: Part, table: Table) -> str:
    """A table as Markdown: as it came, but without the quotes and list items around it."""
    if not table.frames:
        return part.written(table.start, table.end)
    # Here, because an empty window is painted without the parser.
    from desktop_chat.markup.written import written

    return part.put_back(written(table))


def _add_picture(view: "TranscriptView", href: str, alt: str, add: Add) -> None:
    picture = view.gallery.start().picture(href)
    if picture.is_here:
        add(tr("Open picture"), lambda: view.gallery.do(OnPicture(PictureDeed.OPEN, href), alt))
        add(tr("Copy picture"), lambda: view.gallery.copy(href))
        add(tr("Save picture…"), lambda: view.gallery.save(href, alt))
    elif picture.host:
        add(tr("Load once"), lambda: view.gallery.do(OnPicture(PictureDeed.LOAD, href)))
    if picture.host:
        add(tr("Copy address of the picture"), lambda: QGuiApplication.clipboard().setText(href))
