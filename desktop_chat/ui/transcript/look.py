"""Fonts, colours and measures of the page, worked out once per theme and text size."""

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap, QTextCharFormat, QTextOption

from desktop_chat.markup.leaves import Style
from desktop_chat.ui.theme.apply import Role, Theme
from desktop_chat.ui.theme.tokens import BIG_RADIUS_PX, LINE_HEIGHT, RADIUS_PX, STEP_PX
from desktop_chat.ui.transcript.boxes.formulas import Shape

MakeShape = Callable[[str, bool, float], Shape | None]
CODE_LINE_HEIGHT = 1.6
PILL_PX = 4
"""Room on each side of inline code."""
MOST_KEPT = 16
"""Drawings that are kept; headers of 700 x 30 pixels take 80 KB each."""


class Look:
    """What boxes need to know to lay out and paint.

    Args:
        theme: Where it all comes from; when it changes, a new `Look` is made.
        code_wrap: Long lines of code break instead of scrolling sideways.
        code_numbers: Lines of code are numbered.
        shape: Where the shapes of formulas come from: LaTeX, whether it stands for itself, and the size of the text.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        code_wrap: bool = False,
        code_numbers: bool = False,
        shape: MakeShape = lambda *_: None,
    ) -> None:
        self.theme = theme
        self.code_wrap = code_wrap
        self.code_numbers = code_numbers
        self.shape = shape
        self.has_long_numbers = False
        """There are items whose numbers need more room beside the column than anything else."""
        self.step = STEP_PX * theme.scale
        self.radius = RADIUS_PX * theme.scale
        self.big_radius = BIG_RADIUS_PX * theme.scale
        self.pill = PILL_PX * theme.scale
        self.indent = 24 * theme.scale
        self.quote_indent = 16 * theme.scale
        self.text_font = theme.font("text")
        self.bold_font = theme.font("bold")
        self.small_font = theme.font("small")
        self.code_font = theme.font("code")
        self.code_bold_font = QFont(self.code_font)
        self.code_bold_font.setWeight(QFont.Weight.DemiBold)
        self.line_px = round(theme.text_px * LINE_HEIGHT)
        self.small_line_px = round(QFontMetricsF(self.small_font).height() * 1.25)
        self.code_line_px = round(QFontMetricsF(self.code_font).height() * CODE_LINE_HEIGHT / 1.25)
        self.card_line_px = round(38 * theme.scale)
        self.head_line_px = round(30 * theme.scale)
        self.code_advance = QFontMetricsF(self.code_font).horizontalAdvance("0")
        self.text_advance = QFontMetricsF(self.text_font).averageCharWidth()
        self.scale = theme.scale
        self.color = _Colors(theme).__getitem__
        """A colour of the theme by its name; do not change it. Asked for so often that it is no method of ours."""
        self._formats: dict[tuple[int, Style, bool, str, bool], QTextCharFormat] = {}
        self._cursors: dict[float, tuple[QPixmap, float]] = {}
        self._code_options: dict[bool, QTextOption] = {}
        self._code_formats: dict[str, QTextCharFormat] = {}
        self._kept: dict[Hashable, Sequence[QPixmap]] = {}
        self._headings = {level: theme.font(role) for level, role in _HEADINGS.items()}

    @cached_property
    def selection(self) -> QColor:
        """Ground of selected text."""
        color = self.theme.color("accent")
        color.setAlphaF(0.30 if self.theme.is_dark else 0.22)
        return color

    @cached_property
    def mark(self) -> QColor:
        """Laid over what was found."""
        return self._veil("warn", 0.26 if self.theme.is_dark else 0.22)

    @cached_property
    def current_mark(self) -> QColor:
        """Laid over the hit that is looked at."""
        return self._veil("warn", 0.34)

    @cached_property
    def pill_ground(self) -> QColor:
        """Ground of inline code."""
        return self.color("code")

    def cursor(self, ratio: float) -> tuple[QPixmap, float]:
        """The writing cursor and its height; drawing its round corners at every flush costs as much as a line of text."""
        found = self._cursors.get(ratio)
        if found is None:
            width, height = round(8 * self.scale), round(15 * self.scale)
            made = QPixmap(round(width * ratio), round(height * ratio))
            made.setDevicePixelRatio(ratio)
            made.fill(Qt.GlobalColor.transparent)
            found = self._cursors[ratio] = made, made.deviceIndependentSize().height()
            with QPainter(made) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.color("accent"))
                painter.drawRoundedRect(0, 0, width, height, 2, 2)
        return found

    def kept(self, key: Hashable, make: Callable[[], Sequence[QPixmap]]) -> Sequence[QPixmap]:
        """What was drawn once under a key, and is the same until the look changes."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = make()
        return found

    def _veil(self, name: str, opacity: float) -> QColor:
        color = self.theme.color(name)
        color.setAlphaF(opacity)
        return color

    def font(self, level: int) -> QFont:
        """The font of a paragraph (0) or of a heading."""
        return self._headings.get(level, self.text_font)

    def math_px(self, level: int) -> float:
        """Size at which formulas look as large as the letters around them."""
        return round(QFontMetricsF(self.font(level)).xHeight() / 0.47, 1)

    def line_height(self, level: int) -> float:
        """Distance of two lines of a paragraph or heading."""
        if level == 0:
            return self.line_px
        return round(QFontMetricsF(self.font(level)).height() * 1.2)

    def format(
        self, level: int, style: Style, is_link: bool, color: str, *, is_spaced: bool = False
    ) -> QTextCharFormat:
        """How a run looks.

        Args:
            level: Of the heading it stands in; 0 for body text.
            style: Its style.
            is_link: It leads somewhere.
            color: The tone of the text around it, empty for body text.
            is_spaced: Room for the edge of a pill follows it.
        """
        key = (level, style, is_link, color, is_spaced)
        found = self._formats.get(key)
        if found is None:
            found = self._formats[key] = self._make_format(level, style, is_link, color)
            if is_spaced:
                found.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
                found.setFontLetterSpacing(self.pill)
        return found

    def code_option(self, *, wraps: bool) -> QTextOption:
        """How lines of code are laid out; do not change it."""
        found = self._code_options.get(wraps)
        if found is None:
            found = self._code_options[wraps] = QTextOption()
            found.setTextDirection(Qt.LayoutDirection.LeftToRight)
            found.setTabStopDistance(4 * self.code_advance)
            found.setWrapMode(QTextOption.WrapMode.WrapAnywhere if wraps else QTextOption.WrapMode.NoWrap)
        return found

    def code_format(self, color: str) -> QTextCharFormat:
        """How code of a colour looks; do not change it."""
        found = self._code_formats.get(color)
        if found is None:
            found = self._code_formats[color] = QTextCharFormat()
            found.setForeground(self.color(color))
        return found

    def _make_format(self, level: int, style: Style, is_link: bool, color: str) -> QTextCharFormat:
        font = QFont(self.font(level))
        if Style.CODE in style:
            font = self.code_font if level == 0 else _in_family_of(font, self.code_font)
        if Style.BOLD in style:
            font = QFont(font)
            font.setWeight(QFont.Weight.DemiBold)
        if Style.ITALIC in style:
            font = QFont(font)
            font.setItalic(True)
        made = QTextCharFormat()
        made.setFont(font)
        if Style.STRIKE in style:
            made.setFontStrikeOut(True)
        if Style.SUPERSCRIPT in style:
            made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        if is_link:
            made.setForeground(self.color("accent"))
        elif color:
            made.setForeground(self.color(color))
        return made


class _Colors(dict[str, QColor]):
    """Colours of a theme that were asked for.

    Args:
        theme: Has them.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def __missing__(self, name: str) -> QColor:
        found = self[name] = self._theme.color(name)
        return found


_HEADINGS: dict[int, Role] = {1: "h1", 2: "h2", 3: "h3", 4: "bold", 5: "bold", 6: "bold"}


def _in_family_of(font: QFont, other: QFont) -> QFont:
    made = QFont(font)
    made.setFamilies(other.families() or [other.family()])
    made.setFixedPitch(True)
    return made
