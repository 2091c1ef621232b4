"""What a person can have done, by name: every button, menu entry and shortcut is one of these.

To add an action: an id here, a line in `catalog.py`, a line in `enable.py`, a function in
`handlers.py`; `tests/ui/test_actions.py` fails until all four are there.
"""

from enum import StrEnum


class ActionId(StrEnum):
    """Names of actions, `area.verb`."""

    CONVERSATION_NEW = "conversation.new"
    CONVERSATION_SEARCH = "conversation.search"
    CONVERSATION_RENAME = "conversation.rename"
    CONVERSATION_PIN = "conversation.pin"
    CONVERSATION_TRASH = "conversation.trash"
    CONVERSATION_SETTINGS = "conversation.settings"
    CONVERSATION_PRINT = "conversation.print"
    CONVERSATION_PDF = "conversation.pdf"
    CONVERSATION_NEXT = "conversation.next"
    CONVERSATION_PREVIOUS = "conversation.previous"

    TURN_SEND = "turn.send"
    TURN_STOP = "turn.stop"
    TURN_RETRY_NOW = "turn.retry_now"
    """Skip the wait before a retry, or consent to it."""
    TURN_RESUME = "turn.resume"
    """Ask again for the tool calls nobody decided on."""

    MESSAGE_REGENERATE = "message.regenerate"
    MESSAGE_REPLY_WITH = "message.reply_with"
    """Regenerate with another model."""
    MESSAGE_INSPECT = "message.inspect"
    """Show its turn in the inspector."""
    MESSAGE_CONTINUE = "message.continue"
    MESSAGE_EDIT = "message.edit"
    MESSAGE_EDIT_LAST = "message.edit_last"
    MESSAGE_COPY = "message.copy"
    MESSAGE_DELETE = "message.delete"
    MESSAGE_PREVIOUS_VERSION = "message.previous_version"
    MESSAGE_NEXT_VERSION = "message.next_version"
    MESSAGE_PREVIOUS = "message.previous"
    MESSAGE_NEXT = "message.next"
    MESSAGE_NEXT_CODE = "message.next_code"
    MESSAGE_PREVIOUS_CODE = "message.previous_code"
    MESSAGE_NEXT_HEADING = "message.next_heading"
    MESSAGE_PREVIOUS_HEADING = "message.previous_heading"
    MESSAGE_ERROR_DETAILS = "message.error_details"

    TOOL_ALLOW_ONCE = "tool.allow_once"
    TOOL_ALLOW_IN_CONVERSATION = "tool.allow_in_conversation"
    TOOL_DENY = "tool.deny"
    TOOL_ANSWER = "tool.answer"
    """Type the result of the person's own function."""
    TOOL_CANCEL = "tool.cancel"

    EDIT_UNDO = "edit.undo"
    EDIT_REDO = "edit.redo"
    EDIT_FIND = "edit.find"
    """Find in the conversation that is shown."""
    EDIT_FIND_NEXT = "edit.find_next"
    EDIT_FIND_PREVIOUS = "edit.find_previous"

    VIEW_SIDEBAR = "view.sidebar"
    VIEW_INSPECTOR = "view.inspector"
    VIEW_MENU = "view.menu"
    VIEW_COMPOSER = "view.composer"
    VIEW_TEXT_LARGER = "view.text_larger"
    VIEW_TEXT_SMALLER = "view.text_smaller"
    VIEW_TEXT_RESET = "view.text_reset"

    APP_PREFERENCES = "app.preferences"
    APP_ENDPOINTS = "app.endpoints"
    """Preferences, opened at the endpoints."""
    APP_ABOUT = "app.about"
    APP_QUIT = "app.quit"
