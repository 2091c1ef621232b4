"""Title, place and shortcut of every action, as data.

To add an action, see `ids.py`. `tests/ui/test_actions.py` fails when two actions have one
shortcut, or an id has no line here; the README's table of keys is `key_table()`.
"""

from dataclasses import dataclass
from enum import StrEnum

from desktop_chat.ui.actions.ids import ActionId


class Menu(StrEnum):
    """A menu of the window, in order."""

    FILE = "file"
    CONVERSATION = "conversation"
    EDIT = "edit"
    MESSAGE = "message"
    GO = "go"
    VIEW = "view"
    HELP = "help"


MENU_TITLES = {
    Menu.FILE: "&File",
    Menu.CONVERSATION: "&Conversation",
    Menu.EDIT: "&Edit",
    Menu.MESSAGE: "&Message",
    Menu.GO: "&Go",
    Menu.VIEW: "&View",
    Menu.HELP: "&Help",
}


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action as a person meets it."""

    id: ActionId
    title: str
    menu: Menu | None = None
    """`None`: it has buttons, and no entry in a menu."""
    keys: tuple[str, ...] = ()
    """Shortcuts in Qt's portable notation; the first one is shown."""
    icon: str = ""
    checkable: bool = False
    begins_group: bool = False
    """A line stands above it in its menu."""
    hint: str = ""
    """Key for the table where the key is not a shortcut of the window."""


def _spec(action: ActionId, title: str, menu: Menu | None, *keys: str, **more: object) -> ActionSpec:
    return ActionSpec(action, title, menu, keys, **more)  # type: ignore[arg-type]  # fields by name


A, M = ActionId, Menu

CATALOG: tuple[ActionSpec, ...] = (
    _spec(A.CONVERSATION_NEW, "New conversation", M.FILE, "Ctrl+N", icon="new"),
    _spec(A.CONVERSATION_NEW_TEMPORARY, "New temporary conversation", M.FILE, "Ctrl+Shift+N", icon="clock"),
    _spec(A.FOLDER_NEW, "New folder", M.FILE),
    _spec(A.CONVERSATION_IMPORT, "Import…", M.FILE, "Ctrl+O", icon="folder", begins_group=True),
    _spec(A.CONVERSATION_EXPORT, "Export…", M.FILE, "Ctrl+E", icon="save"),
    _spec(A.CONVERSATION_PDF, "Save as PDF…", M.FILE),
    _spec(A.CONVERSATION_PRINT, "Print…", M.FILE, "Ctrl+P"),
    _spec(A.APP_PREFERENCES, "Preferences…", M.FILE, "Ctrl+,", icon="gear", begins_group=True),
    _spec(A.APP_ENDPOINTS, "Set up endpoints…", M.FILE, icon="server"),
    _spec(A.APP_QUIT, "Quit", M.FILE, "Ctrl+Q", begins_group=True),
    _spec(A.CONVERSATION_SEARCH, "Search conversations", M.CONVERSATION, "Ctrl+K", "Ctrl+Shift+F", icon="search"),
    _spec(A.CONVERSATION_PREVIOUS, "Previous conversation", M.GO, "Ctrl+PgUp"),
    _spec(A.CONVERSATION_NEXT, "Next conversation", M.GO, "Ctrl+PgDown"),
    _spec(A.CONVERSATION_OPEN, "Open", M.CONVERSATION, begins_group=True),
    _spec(A.CONVERSATION_RENAME, "Rename", M.CONVERSATION, "F2", icon="edit"),
    _spec(A.CONVERSATION_KEEP, "Keep this conversation", M.CONVERSATION, "Ctrl+Shift+K", icon="check"),
    _spec(A.CONVERSATION_PIN, "Pin", M.CONVERSATION, "Ctrl+Shift+P", icon="pin"),
    _spec(A.CONVERSATION_MOVE, "Move to folder", M.CONVERSATION, icon="folder"),
    _spec(A.CONVERSATION_TAGS, "Tags…", M.CONVERSATION, icon="tag"),
    _spec(A.CONVERSATION_ARCHIVE, "Archive", M.CONVERSATION, icon="archive"),
    _spec(A.CONVERSATION_SETTINGS, "Conversation settings…", M.CONVERSATION, "Ctrl+Shift+S", icon="settings"),
    _spec(A.FOLDER_MENU, "Folder", M.CONVERSATION, begins_group=True),
    _spec(
        A.CONVERSATION_TRASH, "Delete conversation", M.CONVERSATION, "Ctrl+Shift+Del", icon="trash", begins_group=True
    ),
    _spec(A.CONVERSATION_RESTORE, "Restore", M.CONVERSATION),
    _spec(A.EDIT_UNDO, "Undo", M.EDIT, "Ctrl+Z", icon="undo"),
    _spec(A.EDIT_REDO, "Redo", M.EDIT, "Ctrl+Shift+Z", "Ctrl+Y"),
    _spec(A.EDIT_FIND, "Find in conversation…", M.EDIT, "Ctrl+F", icon="search", begins_group=True),
    _spec(A.EDIT_FIND_NEXT, "Find next", M.EDIT, "F3"),
    _spec(A.EDIT_FIND_PREVIOUS, "Find previous", M.EDIT, "Shift+F3"),
    _spec(A.TURN_SEND, "Send", M.MESSAGE, icon="send", hint="Enter"),
    _spec(A.TURN_STOP, "Stop", M.MESSAGE, "Esc", icon="stop"),
    _spec(A.TURN_RETRY_NOW, "Retry now", M.MESSAGE, "Ctrl+Shift+R", icon="regenerate"),
    _spec(A.TURN_RESUME, "Resume", M.MESSAGE, "Ctrl+Shift+G", icon="play"),
    _spec(A.MESSAGE_PREVIOUS, "Previous message", M.GO, "Alt+Up", icon="chevron-up", begins_group=True),
    _spec(A.MESSAGE_NEXT, "Next message", M.GO, "Alt+Down", icon="chevron-down"),
    _spec(A.MESSAGE_PREVIOUS_CODE, "Previous code block", M.GO, "Alt+Shift+Up"),
    _spec(A.MESSAGE_NEXT_CODE, "Next code block", M.GO, "Alt+Shift+Down"),
    _spec(A.MESSAGE_PREVIOUS_HEADING, "Previous heading", M.GO, "Alt+PgUp"),
    _spec(A.MESSAGE_NEXT_HEADING, "Next heading", M.GO, "Alt+PgDown"),
    _spec(A.MESSAGE_PREVIOUS_VERSION, "Previous version", M.GO, "Alt+Left", icon="chevron-left", begins_group=True),
    _spec(A.MESSAGE_NEXT_VERSION, "Next version", M.GO, "Alt+Right", icon="chevron-right"),
    _spec(A.MESSAGE_COPY, "Copy message", M.MESSAGE, "Ctrl+Shift+C", icon="copy", begins_group=True),
    _spec(A.MESSAGE_EDIT, "Edit message", M.MESSAGE, icon="edit"),
    _spec(A.MESSAGE_EDIT_LAST, "Edit your last message", M.MESSAGE, "Ctrl+Shift+E", icon="edit"),
    _spec(A.MESSAGE_REGENERATE, "Regenerate", M.MESSAGE, "Ctrl+R", icon="regenerate"),
    _spec(A.MESSAGE_REPLY_WITH, "Reply again with…", M.MESSAGE, "Ctrl+Shift+M", icon="server"),
    _spec(A.MESSAGE_BRANCH, "Branch from here", M.MESSAGE, "Ctrl+Shift+B", icon="branch"),
    _spec(A.MESSAGE_CONTINUE, "Continue", M.MESSAGE, "Ctrl+G", icon="continue"),
    _spec(A.MESSAGE_INSPECT, "Show in inspector", M.MESSAGE, "Ctrl+Shift+I", icon="inspector"),
    _spec(A.MESSAGE_DELETE, "Delete message", M.MESSAGE, "Ctrl+Shift+D", icon="trash", begins_group=True),
    _spec(A.TOOL_ALLOW_ONCE, "Allow once", M.MESSAGE, "Ctrl+Shift+A", icon="check", begins_group=True),
    _spec(A.TOOL_ALLOW_IN_CONVERSATION, "Always allow in this conversation", M.MESSAGE, "Ctrl+Shift+L"),
    _spec(A.TOOL_DENY, "Deny", M.MESSAGE, "Ctrl+Shift+X", icon="cross"),
    _spec(A.TOOL_ANSWER, "Type the result…", M.MESSAGE, "Ctrl+Shift+T", icon="edit"),
    _spec(A.TOOL_CANCEL, "Cancel the call", M.MESSAGE, icon="cross"),
    _spec(A.MESSAGE_ERROR_DETAILS, "Error details…", None, icon="info"),
    _spec(A.VIEW_SIDEBAR, "Sidebar", M.VIEW, "Ctrl+B", icon="sidebar", checkable=True),
    _spec(A.VIEW_INSPECTOR, "Inspector", M.VIEW, "Ctrl+I", icon="inspector", checkable=True),
    _spec(A.VIEW_SORT, "Sort and folders", M.VIEW, icon="sort"),
    _spec(A.VIEW_COMPOSER, "Go to the message field", M.GO, "Ctrl+L", begins_group=True),
    _spec(A.VIEW_TEXT_LARGER, "Larger text", M.VIEW, "Ctrl++", "Ctrl+=", begins_group=True),
    _spec(A.VIEW_TEXT_SMALLER, "Smaller text", M.VIEW, "Ctrl+-"),
    _spec(A.VIEW_TEXT_RESET, "Normal text size", M.VIEW, "Ctrl+0"),
    _spec(A.VIEW_MENU, "Menu", None, "F10", icon="dots"),
    _spec(A.APP_ABOUT, "About Desktop Chat", M.HELP, icon="info"),
)

SPECS: dict[ActionId, ActionSpec] = {spec.id: spec for spec in CATALOG}


def key_table() -> str:
    """The table of keys for the README, in Markdown."""
    lines = ["| key | does |", "|---|---|"]
    for spec in CATALOG:
        keys = (spec.hint,) if spec.hint else spec.keys
        if keys:
            lines.append(f"| {' or '.join(f'`{key}`' for key in keys)} | {spec.title.rstrip('…')} |")
    return "\n".join(lines)
