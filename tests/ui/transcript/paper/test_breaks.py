"""Where pages of paper end."""

from itertools import pairwise
from typing import NamedTuple

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSizeF
from PySide6.QtWidgets import QApplication

from desktop_chat.domain.blocks import Block, Notice, Text, ToolCall
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended
from desktop_chat.ui.transcript.boxes.box import Box, Shell
from desktop_chat.ui.transcript.boxes.card import ButtonsBox, LineBox
from desktop_chat.ui.transcript.boxes.image import PictureBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.paper.breaks import breaks
from desktop_chat.ui.transcript.paper.printing import DPI, SMALLEST, Paper, pdf_writer
from tests.ui.conftest import RunQt
from tests.ui.transcript.drawn import address, picture
from tests.ui.transcript.told import ToldSession

ROWS = "| a | b |\n|---|---|\n" + "\n".join(f"| {n} | row |" for n in range(90))
TALL_ROW = "| a | b |\n|---|---|\n| x | " + "words and more words " * 900 + "|\n| y | z |"
WIDE = "|" + " a longer name |" * 14 + "\n" + "|---" * 14 + "|\n" + ("|" + " value |" * 14 + "\n") * 3
FORMULAS = "with $\\frac{\\frac{1}{2}}{\\frac{3}{4}}$ between words " * 200
PICTURES = "\n\n".join([f"![One]({address(picture(300, 400))})"] * 5)


class Piece(NamedTuple):
    """What was drawn of a box on a page."""

    page: int
    box: Box
    start: float
    end: float
    zoom: float


class NotedPaper(Paper):
    """Notes what is drawn where."""

    def __init__(self, session: ToldSession, app: QApplication) -> None:
        self._buffer = QBuffer()
        self._buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        device = pdf_writer(self._buffer, "Title")
        device.setResolution(DPI)
        super().__init__(device, QSizeF(640, 900), session, app, lambda _: None)
        self.pieces: list[Piece] = []
        self.cuts: set[tuple[int, float]] = set()

    def _paint(self, box: Box, start: float, end: float, zoom: float) -> None:
        super()._paint(box, start, end, zoom)
        assert self._y <= self._height + 1
        self.cuts |= {(id(box), at) for at in (box.place.gap, 0.0, box.height, *breaks(box))}
        if isinstance(box, TableBox):
            assert box.extent <= box.window.width() + 1
            self.cuts |= {(id(box), at) for at in (box.content_top, box.content_top + box.row_tops[1])}
        self.pieces.append(Piece(self._number, box, start, end, zoom))


@pytest.fixture
def paper_of(run_qt: RunQt, qapp: QApplication, session: ToldSession):
    """Draws one reply."""

    def draw(*blocks: Block, ended: Ended = Ended.COMPLETE) -> NotedPaper:
        session.replies(*blocks, ended=ended)

        async def work() -> NotedPaper:
            paper = NotedPaper(session, qapp)
            await paper.draw()
            return paper

        return run_qt(work())

    return draw


@pytest.mark.parametrize(
    "text", [ROWS, TALL_ROW, WIDE, FORMULAS, PICTURES], ids=["rows", "tall row", "wide", "formulas", "pictures"]
)
def test_pages_end_between_lines_rows_and_pictures(paper_of, text: str) -> None:
    paper = paper_of(Text("Words.\n\n" + text))

    assert {(id(p.box), at) for p in paper.pieces for at in (p.start, p.end)} <= paper.cuts


def test_the_head_of_a_table_is_on_each_of_its_pages(paper_of) -> None:
    paper = paper_of(Text(ROWS))

    pieces = [piece for piece in paper.pieces if isinstance(piece.box, TableBox)]
    pages = {piece.page for piece in pieces}
    heads = {piece.page for piece in pieces if piece.start <= piece.box.content_top}
    assert len(pages) > 2
    assert heads == pages


def zooms(paper: NotedPaper) -> list[float]:
    return [piece.zoom for piece in paper.pieces if isinstance(piece.box, TableBox)]


def test_a_table_of_ten_columns_wraps_its_cells_and_can_be_read(paper_of) -> None:
    row = "|" + "|".join(f" some words of column {n} that go on " for n in range(10)) + "|\n"
    paper = paper_of(Text(row + "|---" * 10 + "|\n" + row * 3))

    assert min(zooms(paper)) >= SMALLEST


def test_words_are_broken_before_a_table_becomes_too_small_to_read(paper_of) -> None:
    row = "|" + "|".join(f" unbreakable_name_of_column_{n} " for n in range(10)) + "|\n"
    paper = paper_of(Text(row + "|---" * 10 + "|\n" + row * 3))

    assert [zoom == pytest.approx(SMALLEST, rel=0.01) for zoom in zooms(paper)] == [True]


def test_a_table_of_too_many_columns_goes_on_below_itself_with_the_first_column_again(paper_of) -> None:
    head = "|" + "|".join(f" name {n} " for n in range(60)) + "|\n"
    rows = "".join("|" + "|".join(f" {row} in {n} " for n in range(60)) + "|\n" for row in range(3))
    paper = paper_of(Text(head + "|---" * 60 + "|\n" + rows))

    boxes = list(dict.fromkeys(piece.box for piece in paper.pieces if isinstance(piece.box, TableBox)))
    heads = [box.text.split("\n")[0].split("\t") for box in boxes]
    assert min(zooms(paper)) >= SMALLEST
    assert {names[0] for names in heads} == {"name 0"}
    assert [name for names in heads for name in names[1:]] == [f"name {n}" for n in range(1, 60)]
    assert all(box.text.count("\n") == 3 for box in boxes)


def test_a_long_table_on_paper_has_rows_as_tall_as_their_text(paper_of) -> None:
    row = "| " + "some words that go on and on " * 6 + "|" + " short |\n"
    paper = paper_of(Text("| a | b |\n|---|---|\n" + row * 150))

    (box,) = {piece.box for piece in paper.pieces if isinstance(piece.box, TableBox)}
    lines = box._layout_of(1, 0).lineCount()
    assert lines > 1
    assert box.row_tops[-1] - box.row_tops[1] == 150 * (lines * box.look.line_px + 2 * box.row_pad)


def test_the_name_of_who_speaks_is_above_what_is_said(paper_of, session: ToldSession) -> None:
    for n in range(60):
        session.replies(Text("Words.\n\n" * (1 + n % 3)))
    paper = paper_of(Text("The end."))

    names = [(a.page, b.page) for a, b in pairwise(paper.pieces) if isinstance(a.box, LineBox)]
    assert len({page for page, _ in names}) > 3
    assert all(name == said for name, said in names)


def test_pictures_are_whole(paper_of) -> None:
    paper = paper_of(Text(PICTURES))

    boxes = [piece.box for piece in paper.pieces if isinstance(piece.box, PictureBox)]
    assert len(boxes) == len(set(map(id, boxes))) == 5


def test_a_card_is_whole_and_has_nothing_to_press(paper_of) -> None:
    call = ToolCall(CallId("a"), "get_weather", "{}")
    filler = Text("- item\n" * 34)

    paper = paper_of(filler, call, Notice("RateLimited", "slow down", 12.0), ended=Ended.FAILED)

    inside = [piece for piece in paper.pieces if piece.box.place.shell is Shell.CARD]
    first = next(i for i, piece in enumerate(inside) if i and piece.box.place.is_first)
    assert len({piece.page for piece in inside[:first]}) == 1
    assert len({piece.page for piece in inside[first:]}) == 1
    assert not any(isinstance(piece.box, ButtonsBox) for piece in paper.pieces)
    signs = {part.text for _, box, *_ in inside if isinstance(box, LineBox) for part in (*box.pieces, *box.right)}
    assert not signs & {"▸", "▾", "Details"}
