"""Every preference: its type, default, title, help, limits, and the page it is on.

To add one: write a field of `Preferences` with `preference(...)`. The preferences dialog
draws it, the settings file keeps it, `tests/settings/test_schema.py` checks it.
Keys of endpoints are not preferences: they are in the OS keyring and never here.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from typing import Any

from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.function import OwnFunction
from desktop_chat.domain.ids import EndpointId


class Page(StrEnum):
    """A page of the preferences dialog, in its order there."""

    GENERAL = "general"
    ENDPOINTS = "endpoints"
    TOOLS = "tools"
    APPEARANCE = "appearance"
    STORAGE = "storage"
    UPDATES = "updates"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a preference may have."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Spec:
    """What is known about a preference besides its type."""

    page: Page
    title: str
    help: str
    default: Any
    choices: tuple[Choice, ...] = ()
    low: int | None = None
    high: int | None = None
    unit: str = ""
    """Stands behind a number, e.g. `px`."""
    is_drawn: bool = True
    """False: a hand-made page or another place of the window shows it."""


def preference(page: Page, title: str, help_text: str, default: Any, **limits: Any) -> Any:
    """A field of `Preferences`; `limits` are fields of `Spec`."""
    return field(default=default, metadata={"spec": Spec(page, title, help_text, default, **limits)})


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the person chose."""

    send_key: str = preference(
        Page.GENERAL,
        "Send with",
        "The other one starts a new line. Shift+Enter always does.",
        "enter",
        choices=(Choice("enter", "Enter"), Choice("ctrl_enter", "Ctrl+Enter")),
    )
    default_endpoint_id: EndpointId | None = preference(  # noqa: RUF009 - it returns a field, as `field` does
        Page.GENERAL, "Default endpoint", "Answers in new conversations.", None, is_drawn=False
    )
    default_model: str = preference(
        Page.GENERAL,
        "Default model",
        "Used in new conversations; empty means the endpoint's own default.",
        "",
        is_drawn=False,
    )
    endpoints: tuple[Endpoint, ...] = preference(
        Page.ENDPOINTS, "Endpoints", "Where answers come from, in your order.", (), is_drawn=False
    )
    functions: tuple[OwnFunction, ...] = preference(
        Page.TOOLS,
        "Your functions",
        "Offered to models; when one is called, you type or paste its result.",
        (),
        is_drawn=False,
    )
    tools_off: frozenset[str] = preference(
        Page.TOOLS, "Tools not offered", "Built-in tools that models are not told of.", frozenset(), is_drawn=False
    )
    theme: str = preference(
        Page.APPEARANCE,
        "Theme",
        "System follows the setting of your desktop.",
        "system",
        choices=(Choice("system", "System"), Choice("light", "Light"), Choice("dark", "Dark")),
    )
    text_px: int = preference(
        Page.APPEARANCE, "Text size", "Of conversations and of everything around them.", 14, low=11, high=24, unit="px"
    )
    column_px: int = preference(
        Page.APPEARANCE,
        "Column width",
        "The widest a line of a conversation gets.",
        700,
        low=500,
        high=1200,
        unit="px",
    )
    code_wrap: bool = preference(Page.APPEARANCE, "Wrap long lines of code", "Otherwise code scrolls sideways.", False)
    code_line_numbers: bool = preference(
        Page.APPEARANCE, "Number lines of code", "Numbers are not copied with the code.", False
    )
    reduce_motion: bool = preference(
        Page.APPEARANCE,
        "Reduce motion",
        "The page jumps instead of gliding, and the sign at the end of a growing reply does not blink.",
        False,
    )
    updates_weekly: bool = preference(
        Page.UPDATES,
        "Look once a week",
        "Asks the feed below for the newest version, and says nothing about you. Nothing is downloaded.",
        False,
    )
    updates_address: str = preference(
        Page.UPDATES, "Feed", "An https address. Empty: that of whoever made this build.", ""
    )
    updates_key: str = preference(
        Page.UPDATES, "Key of the feed", "What it is signed with: an Ed25519 public key in base64.", ""
    )


FIELDS: Mapping[str, "Field[Any]"] = {f.name: f for f in fields(Preferences)}
"""All preferences by name, in the order in which they are drawn."""

SPECS: Mapping[str, Spec] = {name: f.metadata["spec"] for name, f in FIELDS.items()}
