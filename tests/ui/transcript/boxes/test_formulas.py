"""Formulas are drawn as shapes, and their source stays what is selected and copied."""

import asyncio

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.markup.leaves import Run, Style
from desktop_chat.markup.leaves import Text as TextLeaf
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Place, State
from desktop_chat.ui.transcript.boxes.formula import FormulaBox, lacks_shapes
from desktop_chat.ui.transcript.boxes.formulas import Formulas, Shape, shape_of
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.page.selection import Position
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession


def test_a_formula_becomes_a_shape_on_its_baseline() -> None:
    shape = shape_of(r"\frac{a}{b}", False, 16.0)

    assert shape is not None and shape.width > 5 and shape.ascent > 5 and shape.descent > 2
    assert shape.path.boundingRect().width() <= shape.width


@pytest.mark.parametrize("source", [r"\frac{", r"\begin{pmatrix}1\end{pmatrix}^{-1}", "", "{" * 500])
def test_what_cannot_be_read_has_no_shape(source: str) -> None:
    assert shape_of(source, False, 16.0) is None


def test_rows_of_aligned_formulas_do_not_touch() -> None:
    one = shape_of(r"\begin{aligned} x &= \frac{a}{b} \end{aligned}", True, 16.0)
    two = shape_of(r"\begin{aligned} x &= \frac{a}{b} \\ y &= \frac{c}{b} \end{aligned}", True, 16.0)

    assert one is not None and two is not None
    assert two.path.boundingRect().height() > 2 * one.path.boundingRect().height() + 6


def test_the_text_of_a_drawn_formula_is_its_source(theme: Theme) -> None:
    runs = (Run("so "), Run("$x^2$", Style.MATH), Run(" it is"))
    box = TextBox(TextLeaf(runs), Look(theme, shape=shape_of), Place())
    box.layout(600)
    without = TextBox(TextLeaf(runs), Look(theme), Place())
    without.layout(600)

    assert box.text == "so $x^2$ it is" and box.part(3, 8) == "$x^2$"
    assert not box.lacks_shapes and without.lacks_shapes
    (drawn,), (source,) = box.rects(3, 8), without.rects(3, 8)
    assert 5 < drawn.width() < source.width()
    assert box.hit(drawn.right() + 20, box.height / 2) > 8


def test_a_part_of_a_drawn_formula_is_seen_as_all_of_it(theme: Theme) -> None:
    look = Look(theme, shape=shape_of)
    box = TextBox(TextLeaf((Run("so "), Run("$x^2 + y$", Style.MATH), Run(" it is"))), look, Place())
    box.layout(400)

    assert box.rects(5, 6) == box.rects(3, 12)
    assert box.rects(0, 6) == box.rects(0, 12)
    assert box.rects(8, 14) == box.rects(3, 14)


def test_a_formula_from_right_to_left_is_drawn_in_its_place(theme: Theme) -> None:
    box = TextBox(TextLeaf((Run("שלום "), Run("$x$", Style.MATH))), Look(theme, shape=shape_of), Place())
    box.layout(200)
    (word,), (room,) = box.rects(0, 4), box.rects(5, 8)
    image = QImage(200, int(box.height), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    box.paint(painter, 0, 0, QRectF(image.rect()), State())
    painter.end()
    pixels = [image.pixelColor(x, y) for x in range(int(room.left()), int(room.right())) for y in range(image.height())]

    assert room.right() < word.left()
    assert any(pixel.lightness() < 200 for pixel in pixels)


def test_a_tall_formula_makes_its_line_tall_and_a_wide_one_is_made_to_fit(theme: Theme) -> None:
    look = Look(theme, shape=shape_of)
    tall = TextBox(TextLeaf((Run(r"$$\frac{\frac{a}{b}}{\frac{c}{d}}$$", Style.MATH),)), look, Place())
    wide = TextBox(TextLeaf((Run("$$" + "a+" * 60 + "b$$", Style.MATH),)), look, Place())

    assert tall.layout(600) > 2 * look.line_px
    wide.layout(300)
    assert wide.rects(0, wide.length)[0].width() <= 300


def test_formulas_are_set_in_a_worker_and_the_page_is_told(qtbot: QtBot, theme: Theme) -> None:
    view = TranscriptView(theme)
    qtbot.addWidget(view)
    told = asyncio.Event()

    async def wait() -> Shape | None:
        formulas = Formulas(told.set, view)
        assert formulas.shape("x", False, 16.0) is None
        await told.wait()
        return formulas.shape("x", False, 16.0)

    assert asyncio.run(wait()) is not None


def test_the_page_draws_what_it_showed_as_source(make_view: MakeView) -> None:
    session = ToldSession()
    session.replies(Text("so $x^2$ it is"))
    view = make_view(session)
    assert view.column is not None
    boxes = [box for item in view.column.live_items for box in item.boxes if isinstance(box, TextBox)]
    assert any(box.lacks_shapes for box in boxes)

    view.look.shape = shape_of
    view.lay_out_again(lacks_shapes)

    assert not any(box.lacks_shapes for box in boxes)


def test_the_page_draws_the_formulas_of_a_table_and_copies_their_source(make_view: MakeView) -> None:
    session = ToldSession()
    session.replies(Text("| a | b |\n|---|---|\n| $\\frac{a}{b}$ | two |\n\nbelow"))
    view = make_view(session)
    assert view.column is not None
    boxes = [box for item in view.column.live_items for box in item.boxes]
    box = next(box for box in boxes if isinstance(box, TableBox))
    assert lacks_shapes(box)
    below = view.column.place_of(len(view.column.rows) - 1, boxes.index(box) + 1)

    view.look.shape = shape_of
    view.lay_out_again(lacks_shapes)
    view.grab()

    assert not lacks_shapes(box)
    assert box.text == "a\tb\n$\\frac{a}{b}$\ttwo"
    assert box.whole(6, 7) == (4, 17) and box.whole(0, 2) == (0, 2) and box.whole(1, 6) == (1, 17)
    assert box.rects(6, 7) == box.rects(4, 17)
    assert view.column.place_of(len(view.column.rows) - 1, boxes.index(box) + 1) != below


WIDE = "$$" + " + ".join(f"a_{{{n}}} x^{{{n}}}" for n in range(40)) + "$$"


def wide_one(view: TranscriptView) -> FormulaBox:
    """The wide formula of a page, drawn."""
    view.look.shape = shape_of
    view.lay_out_again(lacks_shapes)
    view.grab()
    assert view.column is not None
    return next(b for item in view.column.live_items for b in item.boxes if isinstance(b, FormulaBox))


def test_a_drawn_formula_is_one_step_and_one_word(make_view: MakeView) -> None:
    session = ToldSession()
    session.replies(Text("so $x^2 + y$ it is"))
    view = make_view(session)
    view.look.shape = shape_of
    view.lay_out_again(lacks_shapes)
    view.grab()
    assert view.column is not None
    index, box = next((i, box) for i, box in enumerate(view.column.item(0).boxes) if "x^2" in box.text)
    selection = view.reading.selection

    selection.start(Position(0, index, 3))
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert selection.bounds == (Position(0, index, 3), Position(0, index, 12))
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert selection.is_empty

    middle = box.rects(3, 12)[0].center()
    top = view.column.place_of(0, index) - view.column.scroll_y
    point = QPoint(round(view.column_left + middle.x()), round(top + middle.y()))
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert selection.bounds == (Position(0, index, 3), Position(0, index, 12))


def test_a_formula_wider_than_the_column_scrolls(make_view: MakeView) -> None:
    session = ToldSession()
    session.replies(Text(WIDE))
    view = make_view(session)
    box = wide_one(view)
    before = box.rects(0, 1)[0].left()

    assert box.overflow > 0
    assert box.scroll_sideways(100)

    assert box.rects(0, 1)[0].left() == before - 100
    box.scroll_sideways(1e6)
    assert box.scroll_x == box.overflow
    assert box.hit(10, box.content_top + 5) <= box.length


def test_the_keyboard_reaches_a_wide_formula_and_copies_it(make_view: MakeView, qtbot: QtBot) -> None:
    session = ToldSession()
    session.replies(Text(WIDE))
    view = make_view(session)
    box = wide_one(view)

    assert view.reading.focus_next(True)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert box.scroll_x > 0
    qtbot.keyClick(view, Qt.Key.Key_Return)

    assert QGuiApplication.clipboard().text() == WIDE.strip("$")


def test_a_wide_formula_is_made_to_fit_on_paper(qapp: QApplication) -> None:
    paper = Theme(qapp, choice="light", is_paper=True)
    look = Look(paper, shape=shape_of)
    box = FormulaBox(TextLeaf((Run(WIDE, Style.MATH),)), look, Place())

    box.layout(400)

    assert box.overflow == 0
    paper.deleteLater()
