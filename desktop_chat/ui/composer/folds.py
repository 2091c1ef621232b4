"""Large pastes inside the editor, shown as one small chip each and sent in full.

Text of megabytes, or one line of that length, is nothing a text layout can show while
somebody types. It is kept aside and stands in the document as one character with a format
that names it: it moves, is undone, cut and sent like a letter, and costs as much.
"""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.utf16 import cut

FOLD_CHARACTERS = 200_000
"""From here on a paste is folded; inserting it took 6 ms in lines of 80, measured."""
FOLD_LINE_CHARACTERS = 20_000
"""A line from which each key takes a noticeable time: 4 ms, measured."""
EDGE_CHARACTERS = 2_000
"""What stays readable before and behind a fold that is made of a whole text."""
FOLD_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 1
FOLD_PROPERTY = QTextFormat.Property.UserProperty.value + 1
MARK = "\ufffc"


class Piece(NamedTuple):
    """A stretch of a text: as typed, or to be folded."""

    text: str
    is_folded: bool


def is_large(text: str) -> bool:
    """Whether a text should not be laid out."""
    if len(text) > FOLD_CHARACTERS:
        return True
    return len(text) > FOLD_LINE_CHARACTERS and max(map(len, text.splitlines()), default=0) > FOLD_LINE_CHARACTERS


def pieces(text: str) -> list[Piece]:
    """Cut a whole text so that its large middle is folded and its ends can be edited."""
    if not is_large(text):
        return [Piece(text, is_folded=False)] if text else []
    begin = text.rfind("\n", 0, EDGE_CHARACTERS) + 1
    end = text.find("\n", len(text) - EDGE_CHARACTERS)
    end = len(text) if end < begin else end
    cut = ((text[:begin], False), (text[begin:end], True), (text[end:], False))
    return [Piece(part, is_folded) for part, is_folded in cut if part]


def size_words(text: str) -> str:
    """How large a text is, for people: bytes and lines."""
    size = QLocale().formattedDataSize(len(text.encode(errors="replace")), 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    lines = text.count("\n") + 1
    if lines == 1:
        return QCoreApplication.translate("Composer", "{size}, 1 line").format(size=size)
    count = count_text(lines)
    return QCoreApplication.translate("Composer", "{size}, {count} lines").format(size=size, count=count)


class Folds:
    """The folded texts of one document. They are kept as long as it lives, for undo."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        self._document = document
        self._texts: list[str] = []
        self._whole: str | None = None
        """All of it, which several ask for when megabytes are sent."""
        self._words: list[str] = []
        self._chips = FoldChips(self._words, theme, document)
        document.documentLayout().registerHandler(FOLD_OBJECT, self._chips)
        # The signal without "d" comes first: nobody is told of a change before this.
        document.contentsChange.connect(self._on_contents_change)

    def insert(self, cursor: QTextCursor, text: str) -> None:
        """Put a text in as one chip."""
        look = QTextCharFormat()
        look.setObjectType(FOLD_OBJECT)
        look.setProperty(FOLD_PROPERTY, len(self._texts))
        self._texts.append(text)
        self._words.append(QCoreApplication.translate("Composer", "Pasted text · {size}").format(size=size_words(text)))
        cursor.insertText(MARK, look)
        cursor.setCharFormat(QTextCharFormat())

    def forget(self) -> None:
        """Let go of all texts; only after the document's undo history is gone."""
        self._texts.clear()
        self._whole = None
        self._words.clear()

    @property
    def is_empty(self) -> bool:
        """True if nothing was ever folded here."""
        return not self._texts

    def unfold(self, begin: int = 0, end: int | None = None) -> str:
        """The text of the document between two positions, folded texts in full."""
        last = self._document.characterCount() - 1 if end is None else end
        if self.is_empty:
            return self._plain(begin, last)
        if (begin, last) != (0, self._document.characterCount() - 1):
            return self._between(begin, last)
        if self._whole is None:
            self._whole = self._between(begin, last)
        return self._whole

    def _on_contents_change(self) -> None:
        self._whole = None

    def _between(self, begin: int, last: int) -> str:
        parts = []
        block = self._document.findBlock(begin)
        while block.isValid() and block.position() <= last:
            parts.append(self._of_block(block, begin, last))
            block = block.next()
        return "\n".join(parts)

    def _plain(self, begin: int, end: int) -> str:
        if begin == 0 and end == self._document.characterCount() - 1:
            return self._document.toPlainText()
        cursor = QTextCursor(self._document)
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selection().toPlainText()

    def _of_block(self, block: QTextBlock, begin: int, end: int) -> str:
        if MARK not in block.text():
            start = block.position()
            return cut(block.text(), max(0, begin - start), end - start)
        parts = []
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            start, folded = fragment.position(), self._of(fragment.charFormat())
            text = cut(fragment.text(), max(0, begin - start), max(0, end - start))
            # What is typed behind a chip may have its format too; only the mark stands for the text.
            parts.append(text if folded is None else text.replace(MARK, folded))
            iterator += 1
        return "".join(parts)

    def _of(self, look: QTextCharFormat) -> str | None:
        if look.objectType() != FOLD_OBJECT:
            return None
        number = look.property(FOLD_PROPERTY)
        return self._texts[number] if isinstance(number, int) and number < len(self._texts) else None


class FoldChips(QPyTextObject):
    """Draws a folded text as a chip in its line."""

    def __init__(self, words: list[str], theme: Theme, parent: QTextDocument) -> None:
        super().__init__(parent)
        self._words = words
        self._theme = theme

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:  # noqa: A002 - as Qt has it
        metrics = QFontMetricsF(self._theme.font("small"))
        return QSizeF(metrics.horizontalAdvance(self._words_of(format)) + self._theme.px(18), metrics.height() + 4)

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,
        format: QTextFormat,  # noqa: A002 - as Qt has it
    ) -> None:
        theme = self._theme
        # The line puts the chip on its base line; its own words stand there, not its edge.
        box = QRectF(rect).adjusted(2.5, 0.5, -2.5, -0.5).translated(0, QFontMetricsF(theme.font("small")).descent())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("line"))
        painter.setBrush(theme.color("code"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("small"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._words_of(format))
        painter.restore()

    def _words_of(self, look: QTextFormat) -> str:
        number = look.property(FOLD_PROPERTY)
        return self._words[number] if isinstance(number, int) and number < len(self._words) else ""
