"""Both themes can be read by everybody, and everything grows with the text."""

import re
from dataclasses import fields

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.runtime.resources import resources_folder
from desktop_chat.ui.preferences.questions import ask_to_remove
from desktop_chat.ui.theme.apply import Theme, fill, make_palette, read_style_sheet, read_tokens
from desktop_chat.ui.theme.icons import app_icon, dress, icon, pixmap
from desktop_chat.ui.theme.tokens import Tokens

GROUNDS = ("window", "side", "card")
PAIRS = [
    *[(ink, ground) for ink in ("text", "secondary", "faint", "accent", "ok", "warn", "bad") for ground in GROUNDS],
    *[("text", ground) for ground in ("user", "code", "code_head", "accent_weak")],
    *[("secondary", ground) for ground in ("user", "code", "code_head", "accent_weak")],
    *[(ink, "code") for ink in ("keyword", "string", "function", "number", "comment")],
    ("on_accent", "accent"),
    ("window", "text"),
    ("accent", "accent_weak"),
]
AA = 4.5


def luminance(color: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]} on {pair[1]}")
def test_text_can_be_read_on_its_ground(name: str, pair: tuple[str, str]) -> None:
    tokens = read_tokens(name)

    assert contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])) >= AA


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_colour_is_written_out(name: str) -> None:
    tokens = read_tokens(name)

    values = [getattr(tokens, field.name) for field in fields(Tokens) if field.name != "name"]
    assert all(re.fullmatch(r"#[0-9A-F]{6}", value) for value in values)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_style_sheet_is_filled_in_whole(name: str) -> None:
    filled = fill(read_style_sheet(), read_tokens(name), 1.0, 0.75)

    assert "@" not in re.sub(r"/\*.*?\*/", "", filled, flags=re.DOTALL)


def test_the_palette_has_the_colours_of_the_theme(qapp: QApplication) -> None:
    tokens = read_tokens("dark")

    palette = make_palette(tokens)

    assert palette.color(QPalette.ColorRole.Window) == QColor(tokens.window)
    assert palette.color(QPalette.ColorRole.Highlight) == QColor(tokens.accent)


def test_another_theme_is_told_and_shown(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.set("dark")

    assert theme.is_dark
    assert QApplication.palette().color(QPalette.ColorRole.Window) == theme.color("window")


def test_everything_grows_with_the_text(theme: Theme) -> None:
    before = theme.font("small").pointSizeF(), theme.px(100)

    theme.set_text_px(21)

    assert theme.font("small").pointSizeF() == pytest.approx(before[0] * 1.5)
    assert theme.px(100) == before[1] * 1.5


def test_the_text_never_gets_unreadably_small(theme: Theme) -> None:
    theme.set_text_px(1)

    assert theme.text_px == 11


@pytest.mark.parametrize("name", sorted(path.stem for path in (resources_folder() / "icons").glob("*.svg")))
def test_every_icon_can_be_drawn(name: str, qapp: QApplication) -> None:
    image = pixmap(name, QColor("red"), 24, 2.0).toImage()

    assert image.width() == 48
    assert any(image.pixelColor(x, y).alpha() for x in range(48) for y in range(48))


def test_an_icon_follows_the_theme_and_its_state(theme: Theme, qtbot: QtBot) -> None:
    def inks(mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> set[str]:
        image = made.pixmap(24, mode, state).toImage()
        solid = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return {color.name() for color in solid if color.alpha() == 255}

    made = icon("stop", theme)

    assert theme.color("secondary").name() in inks()
    assert theme.color("accent").name() in inks(state=QIcon.State.On)
    theme.set("dark")
    assert theme.color("secondary").name() in inks()


def test_an_icon_has_all_the_pixels_of_a_dense_screen(theme: Theme, qtbot: QtBot) -> None:
    drawn = icon("stop", theme).pixmap(QSize(18, 18), 2.0)

    assert (drawn.width(), drawn.devicePixelRatio()) == (36, 2.0)


def test_a_button_keeps_its_newest_icon_and_grows(theme: Theme, qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)

    dress(button, "plus", theme)
    dress(button, "gear", theme, size_px=18)
    theme.set_text_px(21)

    assert button.iconSize().width() == 27
    assert not button.icon().isNull()


def test_a_copied_icon_may_be_changed(theme: Theme, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    dress(button, "gear", theme)

    copied = QIcon(button.icon())
    copied.addPixmap(pixmap("plus", QColor("red")))

    assert not button.icon().pixmap(16, 16).isNull()


def test_the_program_has_an_icon(qapp: QApplication) -> None:
    assert not app_icon().pixmap(64, 64).isNull()


def test_a_button_with_the_keyboard_has_one_ring(theme: Theme, qtbot: QtBot) -> None:
    button = QPushButton("Try")
    window = _window_with(button, qtbot)
    inside = button.rect().adjusted(3, 3, -3, -3)

    before = button.grab(inside).toImage()
    button.setFocus()
    ring, after = button.grab().toImage(), button.grab(inside).toImage()

    assert window.focusWidget() is button
    assert after == before
    assert theme.color("accent").name() in _inks(ring)


@pytest.mark.parametrize("look", ["nav", "checks"])
def test_the_row_with_the_keyboard_has_a_ring_and_only_then(look: str, theme: Theme, qtbot: QtBot) -> None:
    rows = QListWidget()
    rows.setProperty("look", look)
    rows.addItems(["General", "Endpoints"])
    rows.setCurrentRow(0)
    window = _window_with(rows, qtbot)
    accent = theme.color("accent").name()

    assert accent not in _inks(rows.grab().toImage())
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.focusWidget() is rows
    assert accent in _inks(rows.grab().toImage())


@pytest.mark.parametrize("name", ["plain-down", "plain-up"])
def test_an_arrow_of_a_field_can_be_seen(name: str, qapp: QApplication) -> None:
    image = pixmap(name, QColor("black"), 12, 1.0).toImage()

    assert max(color.alpha() for color in _colors(image)) > 200


def test_a_question_looks_like_the_rest(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    box = ask_to_remove(window, "Remove it?", "It is gone then.", on_remove=lambda: None)

    assert all(button.icon().isNull() for button in box.buttons())
    remove = next(button for button in box.buttons() if button.text() == "Remove")
    assert theme.color("bad").name() in _inks(remove.grab().toImage())
    box.close()


def _window_with(widget: QWidget, qtbot: QtBot) -> QWidget:
    """A window with the widget, and a button beside it that has the keyboard."""
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    other = QPushButton("Other")
    column.addWidget(widget)
    column.addWidget(other)
    holder.resize(200, 200)
    other.setFocus()
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    return holder


def _colors(image: QImage) -> list[QColor]:
    return [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]


def _inks(image: QImage) -> set[str]:
    return {color.name() for color in _colors(image)}
