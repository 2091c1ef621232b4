"""What the person asks of the library from the sidebar; the actions of the window carry it out.

Nothing is changed here, and nothing looks different before the library says that it is.
"""

from PySide6.QtCore import QObject, Signal


class Wishes(QObject):
    """One signal for each thing that can be asked. Conversations come as a list of ids."""

    open_asked = Signal(str)
    """Conversation id."""
    new_asked = Signal()
    new_temporary_asked = Signal()
    new_in_folder_asked = Signal(str)
    """Folder id."""
    keep_asked = Signal(str)
    """A temporary conversation is to stay: its id."""
    renamed = Signal(str, str)
    """Conversation id, title."""
    pin_asked = Signal(list, bool)
    move_asked = Signal(list, object)
    """Conversation ids, folder id or `None`."""
    tag_asked = Signal(list, str, bool)
    archive_asked = Signal(list, bool)
    trash_asked = Signal(list)
    restore_asked = Signal(list)
    export_asked = Signal(list)
    folder_asked = Signal(object, list)
    """A new folder in a folder (or `None`), and conversations to put into it."""
    folder_renamed = Signal(str, str)
    """Folder id, name."""
    folder_moved = Signal(str, object, int)
    """Folder id, id of the folder it goes into or `None`, its place among the folders there."""
    folder_removed = Signal(str)
