"""Tables."""

from desktop_chat.markup.leaves import Table
from desktop_chat.markup.parser import parse
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Place
from desktop_chat.ui.transcript.boxes.sideways import BAR_PX
from desktop_chat.ui.transcript.boxes.table import TableBox, shared_widths
from desktop_chat.ui.transcript.look import Look


def table(text: str) -> Table:
    (leaf,) = parse(text)
    assert isinstance(leaf, Table)
    return leaf


def test_columns_that_fit_keep_their_natural_width() -> None:
    assert shared_widths([100, 50], 400, [40, 40]) == [100, 50]


def test_the_widest_column_gives_way_first() -> None:
    narrow, wide = shared_widths([100, 900], 400, [90, 90])

    assert narrow == 100
    assert 298 <= wide <= 300


def test_a_table_that_cannot_fit_keeps_its_least_widths() -> None:
    assert shared_widths([300, 300, 300], 200, [140, 140, 140]) == [140, 140, 140]


def test_a_table_that_grew_is_like_one_made_whole(theme: Theme) -> None:
    look = Look(theme)
    rows = ["| a | b |", "|---|--:|", *(f"| {'word ' * n} | {n} |" for n in range(30))]
    grown = TableBox(table("\n".join(rows[:3])), look, Place())
    grown.layout(300)

    for end in range(4, len(rows) + 1):
        assert grown.grow(table("\n".join(rows[:end]))) is not None
        grown.layout(300)
    whole = TableBox(table("\n".join(rows)), look, Place())

    assert whole.layout(300) == grown.height
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
