"""The look of the running program: palette first, style sheet second, fonts and sizes.

Fusion draws with our own palette, because the system's scheme does not reach it everywhere;
`system` only takes the system's scheme as a hint. The style sheet adds what a palette cannot
say. It is put together from all files of `resources/qss/`, where `@name` stands for a colour
of the theme, `@px(n)` for a length at 100 %, `@pt(n)` for a text size at 100 % and
`@icon(name)` for a file of `resources/icons/`.

Widgets ask for a look with the dynamic property `look`; `resources/qss/base.qss` lists them.
"""

import re
import tomllib
from dataclasses import fields
from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QToolTip, QWidget

from desktop_chat.runtime.resources import resource, resources_folder
from desktop_chat.ui.theme.tokens import CODE_PX, GROUP_HEAD_PX, MOTION_MS, SMALL_PX, TEXT_PX, Tokens

Role = Literal["text", "bold", "small", "group", "code", "title", "heading", "h1", "h2", "h3"]

SIZES: dict[str, float] = {
    "text": TEXT_PX,
    "bold": TEXT_PX,
    "small": SMALL_PX,
    "group": GROUP_HEAD_PX,
    "code": CODE_PX,
    "title": TEXT_PX,
    "heading": 22,
    "h1": 21,
    "h2": 17.5,
    "h3": 15.5,
}
WEIGHTS = {
    "bold": QFont.Weight.DemiBold,
    "group": QFont.Weight.DemiBold,
    "title": QFont.Weight.DemiBold,
    "heading": QFont.Weight.Bold,
    "h1": QFont.Weight.DemiBold,
    "h2": QFont.Weight.DemiBold,
    "h3": QFont.Weight.DemiBold,
}
SMALLEST_PX, LARGEST_PX = 11.0, 24.0


@cache
def read_tokens(name: str) -> Tokens:
    """Read a theme of `resources/themes/`."""
    values = tomllib.loads(resource(f"themes/{name}.toml").read_text(encoding="utf-8"))
    return Tokens(**{field.name: values[field.name] for field in fields(Tokens)})


class Theme(QObject):
    """Colours and fonts of the moment; one for the whole program, passed in constructors.

    Args:
        app: Is styled at once and whenever something changes.
        choice: `light`, `dark`, or `system`.
        text_px: Size of body text; everything else keeps its proportion to it.
        is_paper: It is for a page that is printed: nothing on the screen is styled.
    """

    changed = Signal()
    """Colours or sizes are others now; palette and style sheet are already set."""

    def __init__(
        self, app: QApplication, *, choice: str = "system", text_px: float = TEXT_PX, is_paper: bool = False
    ) -> None:
        super().__init__(app)
        self.is_paper = is_paper
        self._app = app
        self._choice = choice
        self._text_px = text_px
        self._is_still = False
        self._fonts: dict[str, QFont] = {}
        self._colors: dict[str, QColor] = {}
        self.tokens = read_tokens(self._wanted())
        if is_paper:
            return
        # The style is built once; exchanging it would polish every widget anew.
        app.setStyle(QStyleFactory.create("Fusion"))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._apply()

    @property
    def text_px(self) -> float:
        """Size of body text, as the person chose it."""
        return self._text_px

    @property
    def choice(self) -> str:
        """What the person chose; `tokens.name` says which theme that is now."""
        return self._choice

    @property
    def is_dark(self) -> bool:
        """True while the dark theme is shown."""
        return self.tokens.name == "dark"

    @property
    def scale(self) -> float:
        """Factor of everything that grows with the text."""
        return self._text_px / TEXT_PX

    @property
    def motion_ms(self) -> int:
        """How long a transition takes; 0 where the person, or the system, asks for reduced motion."""
        return 0 if self._is_still or _motion_is_reduced() else MOTION_MS

    def px(self, length: float) -> int:
        """A length given at 100 % in the pixels of now."""
        return round(length * self.scale)

    def color(self, name: str) -> QColor:
        """A colour by the name of its token."""
        found = self._colors.get(name)
        if found is None:
            found = self._colors[name] = QColor(getattr(self.tokens, name))
        return QColor(found)

    def font(self, role: Role = "text") -> QFont:
        """The font of a role: text, bold, small, group, code, title, heading, or h1 to h3 inside an answer."""
        found = self._fonts.get(role)
        if found is None:
            found = self._fonts[role] = self._make_font(role)
        return QFont(found)

    def set(self, choice: str) -> None:
        """Show the `light` or the `dark` theme, or follow the `system`."""
        if choice != self._choice:
            self._choice = choice
            self._refresh()

    def set_motion(self, *, is_reduced: bool) -> None:
        """Whether the person wants nothing to glide or blink."""
        self._is_still = is_reduced

    def set_text_px(self, text_px: float) -> None:
        """Change the size of body text, and everything else with it."""
        text_px = min(LARGEST_PX, max(SMALLEST_PX, text_px))
        if text_px != self._text_px:
            self._text_px = text_px
            self._fonts.clear()
            self._restyle()

    def repolish(self, widget: QWidget) -> None:
        """Have the style sheet look at a widget again after its `look` changed."""
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()

    def _on_scheme_changed(self) -> None:
        if self._choice == "system":
            self._refresh()

    def _wanted(self) -> str:
        if self._choice in ("light", "dark"):
            return self._choice
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def _refresh(self) -> None:
        if self._wanted() != self.tokens.name:
            self.tokens = read_tokens(self._wanted())
            self._colors.clear()
            self._restyle()

    def _restyle(self) -> None:
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        palette = make_palette(self.tokens)
        self._app.setFont(self.font("text"))
        self._app.setPalette(palette)
        QToolTip.setPalette(palette)
        QToolTip.setFont(self.font("small"))
        self._app.setStyleSheet(fill(read_style_sheet(), self.tokens, self.scale, self._points_per_px()))

    def _points_per_px(self) -> float:
        screen = self._app.primaryScreen()
        return 72.0 / (screen.logicalDotsPerInchY() if screen else 96.0)

    def _make_font(self, role: str) -> QFont:
        # Point sizes, because `setPixelSize` takes whole pixels only and small text is 12.5.
        kind = QFontDatabase.SystemFont.FixedFont if role == "code" else QFontDatabase.SystemFont.GeneralFont
        font = QFontDatabase.systemFont(kind)
        font.setPointSizeF(SIZES[role] * self.scale * self._points_per_px())
        font.setWeight(WEIGHTS.get(role, QFont.Weight.Normal))
        if role == "code":
            font.setStyleHint(QFont.StyleHint.Monospace)
            font.setFixedPitch(True)
        else:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font


def make_palette(tokens: Tokens) -> QPalette:
    """The palette Fusion draws with."""
    role = QPalette.ColorRole
    pairs = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.card,
        role.AlternateBase: tokens.code,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.faint,
        role.Button: tokens.card,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.ToolTipBase: tokens.card,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.card,
        role.Midlight: tokens.line,
        role.Mid: tokens.line,
        role.Dark: tokens.line,
        role.Shadow: tokens.line,
    }
    palette = QPalette()
    for name, value in pairs.items():
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.faint))
    palette.setColor(QPalette.ColorGroup.Inactive, role.Highlight, QColor(tokens.accent))
    return palette


@cache
def read_style_sheet() -> str:
    """All of `resources/qss/`, `base.qss` first, the rest by name; not filled in yet."""
    files = sorted((resources_folder() / "qss").glob("*.qss"), key=lambda path: (path.name != "base.qss", path.name))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def fill(sheet: str, tokens: Tokens, scale: float, points_per_px: float) -> str:
    """Put colours and lengths into a style sheet.

    Raises:
        AttributeError: The sheet names a colour that is none.
    """

    def value(found: re.Match[str]) -> str:
        name, number = found["name"], found["number"]
        if number is None:
            return str(getattr(tokens, name))
        if name == "icon":
            return resource(f"icons/{number}.svg").as_posix()
        if name == "px":
            return f"{round(float(number) * scale)}px"
        return f"{float(number) * scale * points_per_px:.2f}pt"

    return re.sub(r"@(?P<name>[a-z_]+)(?:\((?P<number>[\w.-]+)\))?", value, sheet)


def _motion_is_reduced() -> bool:
    # `QStyleHints.accessibility().motionPreference` is new in Qt 6.12; before it, Qt does not tell.
    accessibility = QGuiApplication.styleHints().accessibility()
    preference = getattr(accessibility, "motionPreference", None)
    return preference is not None and "Reduce" in getattr(preference(), "name", "")
