"""A conversation on paper."""

import re
import zlib
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from desktop_chat.domain.blocks import Reasoning, Text
from desktop_chat.ui.transcript.boxes.formulas import Shape
from desktop_chat.ui.transcript.paper import printing
from desktop_chat.ui.transcript.paper.printing import draw_on, write_pdf
from tests.ui.conftest import RunQt
from tests.ui.transcript.drawn import address, picture
from tests.ui.transcript.told import ToldSession

LINES = "\n".join(f"line({n})" for n in range(200))
PARAGRAPHS = "\n\n".join("Words and more words. " * 60 for _ in range(12))
TABLE = "| a | b |\n|---|---|\n" + "\n".join(f"| {n} | row |" for n in range(90))


def pages(pdf: bytes) -> list[bytes]:
    """What is drawn on each page."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(match[1])
        except zlib.error:
            continue
        if b" Tf" in content or b" Tj" in content:
            found.append(content)
    return found


@pytest.mark.parametrize(
    ("text", "least"),
    [("Short.", 1), (PARAGRAPHS, 3), (f"```\n{LINES}\n```", 3), (TABLE, 3), ("# Title\n\n" + "- item\n" * 150, 3)],
    ids=["short", "paragraphs", "code", "table", "list"],
)
def test_what_is_long_goes_over_several_pages(
    run_qt: RunQt, qapp: QApplication, session: ToldSession, tmp_path: Path, text: str, least: int
) -> None:
    session.asks("\n".join(f"pasted {n}" for n in range(50)))
    session.replies(Reasoning("Hm.", 100), Text(text))
    path = tmp_path / "it.pdf"

    run_qt(write_pdf(path, session, qapp, lambda _: None))

    pdf = path.read_bytes()
    assert pdf.startswith(b"%PDF")
    count = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    assert count >= least
    assert len(pages(pdf)) >= count


def test_the_screen_keeps_its_theme(run_qt: RunQt, qapp: QApplication, session: ToldSession, tmp_path: Path) -> None:
    session.asks("hi")
    sheet, palette = qapp.styleSheet(), qapp.palette()

    run_qt(write_pdf(tmp_path / "it.pdf", session, qapp, lambda _: None))

    assert (qapp.styleSheet(), qapp.palette()) == (sheet, palette)


def test_a_file_that_cannot_be_written_is_told(
    run_qt: RunQt, qapp: QApplication, session: ToldSession, tmp_path: Path
) -> None:
    session.asks("hi")

    with pytest.raises(OSError, match=r"."):
        run_qt(write_pdf(tmp_path / "gone" / "it.pdf", session, qapp, lambda _: None))


def test_a_printer_draws_the_same_pages(
    run_qt: RunQt, qapp: QApplication, session: ToldSession, tmp_path: Path
) -> None:
    session.asks("hi")
    session.replies(Text(PARAGRAPHS))
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))

    run_qt(draw_on(printer, session, qapp, lambda _: None))
    run_qt(write_pdf(tmp_path / "saved.pdf", session, qapp, lambda _: None))

    printed, saved = (
        len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / name).read_bytes()))
        for name in ("printed.pdf", "saved.pdf")
    )
    assert printed == saved >= 3


def test_formulas_are_drawn_on_paper(
    run_qt: RunQt, qapp: QApplication, session: ToldSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.replies(Text("so $x^2$ and\n\n$$\\frac{1}{2}$$\n\n| a |\n|---|\n| $y_1$ |"))
    drawn: list[str] = []
    real = printing.shape_of

    def noted(tex: str, is_display: bool, size: float) -> Shape | None:
        drawn.append(tex)
        return real(tex, is_display, size)

    monkeypatch.setattr(printing, "shape_of", noted)

    run_qt(write_pdf(tmp_path / "it.pdf", session, qapp, lambda _: None))

    assert sorted(drawn) == ["\\frac{1}{2}", "x^2", "y_1"]


def test_pictures_are_on_paper(run_qt: RunQt, qapp: QApplication, session: ToldSession, tmp_path: Path) -> None:
    session.replies(Text(f"![A red one]({address(picture(300, 120))})\n\n![Away](https://example.org/cat.png)"))

    run_qt(write_pdf(tmp_path / "it.pdf", session, qapp, lambda _: None))

    assert b"/Subtype /Image" in (tmp_path / "it.pdf").read_bytes()
