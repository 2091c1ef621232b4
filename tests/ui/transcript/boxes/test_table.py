"""Tables."""

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from desktop_chat.markup.leaves import Table
from desktop_chat.markup.parser import parse
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Place, State
from desktop_chat.ui.transcript.boxes.columns import shared_widths
from desktop_chat.ui.transcript.boxes.formulas import shape_of
from desktop_chat.ui.transcript.boxes.sideways import BAR_PX
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.look import Look


def table(text: str) -> Table:
    (leaf,) = parse(text)
    assert isinstance(leaf, Table)
    return leaf


def laid_out(theme: Theme, text: str) -> TableBox:
    box = TableBox(table(text), Look(theme), Place())
    box.layout(780)
    return box


def painted(box: TableBox, state: State) -> QImage:
    image = QImage(300, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        box.paint(painter, 0, 0, QRectF(image.rect()), state)
    return image


def test_columns_that_fit_keep_their_natural_width() -> None:
    assert shared_widths([100, 50], 400, [40, 40]) == [100, 50]


def test_the_widest_column_gives_way_first() -> None:
    narrow, wide = shared_widths([100, 900], 400, [90, 90])

    assert narrow == 100
    assert 298 <= wide <= 300


def test_a_table_that_cannot_fit_keeps_its_least_widths() -> None:
    assert shared_widths([300, 300, 300], 200, [140, 140, 140]) == [140, 140, 140]


def grown_and_whole(look: Look, *below: str) -> tuple[TableBox, TableBox]:
    """A table to which one row after the other came, and the same one made at once."""
    rows = ["| a | b |", "|---|--:|", *below]
    grown = TableBox(table("\n".join(rows[:3])), look, Place())
    grown.layout(300)
    for end in range(4, len(rows) + 1):
        assert grown.grow(table("\n".join(rows[:end]))) is not None
        grown.layout(300)
    whole = TableBox(table("\n".join(rows)), look, Place())
    whole.layout(300)
    return grown, whole


def test_a_table_that_grew_is_like_one_made_whole(theme: Theme) -> None:
    grown, whole = grown_and_whole(Look(theme), *(f"| {'word ' * n} | {n} |" for n in range(30)))

    assert whole.height == grown.height
    assert whole.text == grown.text


def test_a_hit_is_found_where_its_rectangle_is(theme: Theme) -> None:
    box = TableBox(table("| one | two |\n|---|---|\n| three | four |"), Look(theme), Place())
    box.layout(600)
    at = box.text.index("four")

    (rect,) = box.rects(at, at + 4)

    assert box.hit(rect.left() + 1, rect.center().y()) == at
    assert box.hit(rect.right() + 1, rect.center().y()) == at + 4


def test_the_bar_of_a_wide_table_hides_none_of_its_last_row(theme: Theme) -> None:
    wide = TableBox(table("| " + " | ".join(["a long head"] * 12) + " |\n" + "|-" * 12 + "|\n"), Look(theme), Place())
    wide.layout(400)

    assert wide.overflow > 0
    assert wide.height >= wide.content_top + wide.row_tops[-1] + BAR_PX


FORMULAS = (
    "| name | formula | amount |\n|---|---|--:|\n| plain | none | 1 |\n"
    r"| tall | $$\sum_{n=1}^{\infty} \frac{1}{n^2}$$ | $x$ |"
    "\n"
)


def test_a_cell_with_a_formula_makes_room_for_it(theme: Theme) -> None:
    drawn, source = TableBox(table(FORMULAS), Look(theme, shape=shape_of), Place()), table(FORMULAS)
    shown = TableBox(source, Look(theme), Place())
    drawn.layout(600)
    shown.layout(600)

    assert drawn.text == shown.text
    assert shown.lacks_shapes and not drawn.lacks_shapes
    heights = [b - a for a, b in zip(drawn.row_tops, drawn.row_tops[1:], strict=False)]
    assert heights[0] == heights[1] < heights[2]
    assert drawn.extent < shown.extent
    assert [run.text for run in drawn.formulas] == [r"$$\sum_{n=1}^{\infty} \frac{1}{n^2}$$", "$x$"]


def test_cells_beside_a_formula_stand_on_its_line(theme: Theme) -> None:
    box = TableBox(table(FORMULAS), Look(theme, shape=shape_of), Place())
    box.layout(600)
    starts = [box.text.index(word) for word in ("tall", "$$", "$x$")]
    tops = [box.rects(at, at + 3)[0].top() for at in starts]

    assert max(tops) - min(tops) <= 1
    assert tops[0] > box.content_top + box.row_tops[2] + box.look.step * 2
    for at in starts:
        rect = box.rects(at, at + 3)[0]
        assert box.hit(rect.left() + 1, rect.center().y()) == at


def test_a_formula_that_is_ready_later_changes_the_table(theme: Theme) -> None:
    look = Look(theme)
    box, whole = (TableBox(table(FORMULAS), made, Place()) for made in (look, Look(theme, shape=shape_of)))
    box.layout(600)
    look.shape = shape_of

    box.drop()

    assert box.layout(600) == whole.layout(600)
    assert box.row_tops == whole.row_tops
    assert box.extent == whole.extent


def test_a_wrapped_cell_is_as_high_as_its_formulas(theme: Theme) -> None:
    text = "| a | b |\n|---|---|\n| " + "word " * 40 + r"| " + r"so $$\frac{a}{b}$$ and " * 12 + "|"
    box = TableBox(table(text), Look(theme, shape=shape_of), Place())
    plain = TableBox(table(text.replace(r"$$\frac{a}{b}$$", "nothing")), Look(theme), Place())

    assert box.layout(400) > plain.layout(400)
    rects = box.rects(box.text.index("so "), box.length)
    assert all(rect.bottom() <= box.content_top + box.row_tops[-1] for rect in rects)
    narrow = box.row_tops[-1]
    assert box.layout(5000) < narrow
    assert box.layout(400) > narrow - 1


def test_a_table_with_formulas_that_grew_is_like_one_made_whole(theme: Theme) -> None:
    rows = (f"| $x^{n}$ {'word ' * n} | $$\\frac{{1}}{{{n}}}$$ |" for n in range(12))
    grown, whole = grown_and_whole(Look(theme, shape=shape_of), *rows)

    assert whole.height == grown.height
    assert whole.row_tops == grown.row_tops


def test_inline_code_in_a_cell_stands_on_a_pill(theme: Theme) -> None:
    box = laid_out(theme, "| a | `Head` |\n|---|--:|\n| with `code` in | `12` |\n| plain | 12 |")
    image = QImage(780, round(box.height), QImage.Format.Format_RGB32)
    image.fill(theme.color("window"))
    painter = QPainter(image)
    box.paint(painter, 0, 0, QRectF(image.rect()), State())
    painter.end()

    ground = box.look.pill_ground
    seen = {
        word: image.pixelColor(box.rects(at, at + len(word))[0].topLeft().toPoint() + QPoint(-2, 10)) == ground
        for word in ("Head", "code", "plain")
        for at in [box.text.index(word)]
    }
    assert seen == {"Head": True, "code": True, "plain": False}


def test_a_cell_has_room_for_the_edges_of_its_pills(theme: Theme) -> None:
    box = laid_out(theme, "| a |\n|---|\n| `one` and `two` and `three` |")

    tops = {round(rect.top()) for rect in box.rects(2, len(box.text))}
    assert len(tops) == 1


RTL = "| الاسم | العدد | ملاحظة |\n|---|---|:-:|\n| قراءة | 12 | نص |\n| كتابة | x | نص |\n"


def test_a_table_from_right_to_left_begins_at_the_right(theme: Theme) -> None:
    box = laid_out(theme, RTL)

    rects = [box.rects(at, at + len(word))[0] for word in ("الاسم", "العدد", "ملاحظة") for at in [box.text.index(word)]]
    (number,) = box.rects(at := box.text.index("12"), at + 2)

    assert rects[0].left() > rects[1].right() > rects[1].left() > rects[2].right()
    assert 780 - 3 * box.look.step < rects[0].right() <= 780
    assert abs(number.right() - rects[1].right()) < 2
    assert box.window.right() == 780


def test_a_hit_in_a_table_from_right_to_left_is_found_where_its_rectangle_is(theme: Theme) -> None:
    box = laid_out(theme, RTL)

    for word in ("قراءة", "12", "x"):
        at = box.text.index(word)
        (rect,) = box.rects(at, at + len(word))
        assert at <= box.hit(rect.center().x(), rect.center().y()) <= at + len(word)


def test_a_wide_table_from_right_to_left_is_scrolled_to_its_first_column(theme: Theme) -> None:
    text = "| " + " | ".join(["عنوان طويل"] * 12) + " |\n" + "|-" * 12 + "|\n"
    box = TableBox(table(text), Look(theme), Place())
    box.layout(400)

    (first, *_) = box.rects(0, 5)
    assert box.overflow > 0
    assert 300 < first.right() <= 400
    assert box.scroll_sideways(-50)


def test_what_is_selected_is_seen_on_inline_code(theme: Theme) -> None:
    box = TableBox(table("| head |\n|---|\n| `code` |"), Look(theme), Place())
    box.layout(300)
    (rect,) = box.rects(box.text.index("code"), len(box.text))
    corner = rect.toRect().topLeft() + QPoint(1, 4)

    plain, selected = (painted(box, state) for state in (State(), State(selected=(0, len(box.text)))))

    assert plain.pixelColor(corner) != selected.pixelColor(corner)
