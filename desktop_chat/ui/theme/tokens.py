"""Names of colours and sizes; the values are in `resources/themes/`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Colours are `#RRGGBB`; a test holds every pair in use to WCAG AA."""

    name: str
    """`light` or `dark`."""
    window: str
    """Ground of the transcript."""
    side: str
    """Ground of sidebar, inspector and the navigation of dialogs."""
    card: str
    """Inputs, cards, composer."""
    text: str
    secondary: str
    """Labels and metadata."""
    faint: str
    """Placeholders and group heads."""
    line: str
    """Borders, one pixel."""
    accent: str
    """Selection, primary button, live marks."""
    accent_weak: str
    """Ground of a selected row."""
    on_accent: str
    """Text on `accent`."""
    user: str
    """Ground of the person's message."""
    code: str
    code_head: str
    ok: str
    warn: str
    bad: str
    keyword: str
    string: str
    function: str
    number: str
    comment: str


TEXT_PX = 14
LINE_HEIGHT = 1.55
SMALL_PX = 12.5
GROUP_HEAD_PX = 11
CODE_PX = 12.5
SIDEBAR_PX = 268
INSPECTOR_PX = 336
HEADER_PX = 50
COLUMN_PX = 700
COMPOSER_PX = 736
RADIUS_PX = 8
BIG_RADIUS_PX = 14
STEP_PX = 4
MOTION_MS = 150
