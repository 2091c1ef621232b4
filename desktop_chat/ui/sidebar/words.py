"""What the sidebar says of a conversation or a folder, on the screen and to a screen reader."""

from time import time

from PySide6.QtCore import QCoreApplication

from desktop_chat.core.ports import Folder, Row
from desktop_chat.ui import numbers
from desktop_chat.ui.dates import day_text
from desktop_chat.ui.sidebar.tallies import Tally

KEPT_DAYS = 30
"""In the trash; the library empties it by the same number."""
DAY_S = 86_400


def tr(sentence: str, /, **values: object) -> str:
    """Translate a sentence of the sidebar and fill in its `{names}`."""
    translated = QCoreApplication.translate("Sidebar", sentence)
    return translated.format(**values) if values else translated


def title_of(row: Row) -> str:
    """The title of a conversation, or what stands in its place."""
    if row.title:
        return row.title
    return tr("Temporary conversation") if row.is_temporary else tr("New conversation")


def spoken_row(row: Row) -> str:
    """A conversation and all its marks, for a screen reader."""
    said = [title_of(row)]
    if row.is_running:
        said.append(tr("answering"))
    if row.is_unread:
        said.append(tr("new answer"))
    if row.is_temporary:
        said.append(tr("temporary"))
    if row.pinned:
        said.append(tr("pinned"))
    if row.tags:
        said.append(tr("tagged {tags}", tags=", ".join(row.tags)))
    if row.trashed_at is not None:
        said.append(trash_words(row))
    return ", ".join(said)


def spoken_folder(folder: Folder, tally: Tally, *, is_collapsed: bool) -> str:
    """A folder and what is in it, for a screen reader."""
    state = tr("collapsed") if is_collapsed else tr("expanded")
    said = [tr("Folder {name}", name=folder.name), count_text(tally.conversations), state]
    if tally.running:
        said.append(tr("answering"))
    if tally.unread:
        said.append(tr("new answer"))
    return ", ".join(said)


def count_text(count: int) -> str:
    """A number of conversations in words."""
    return tr("1 conversation") if count == 1 else tr("{count} conversations", count=numbers.count_text(count))


def trash_words(row: Row) -> str:
    """When a conversation was deleted, and when it goes for good."""
    if row.trashed_at is None:
        return ""
    went, goes = row.trashed_at, row.trashed_at + KEPT_DAYS * DAY_S
    if goes < time():
        # The trash is emptied at the start, and the program may run for weeks.
        return tr("Deleted {day}, kept until the next start", day=day_text(went))
    return tr("Deleted {day}, kept until {end}", day=day_text(went), end=day_text(goes))


def role_text(role: str) -> str:
    """Who wrote a message, in a word."""
    names = {
        "user": tr("You"),
        "assistant": tr("Answer"),
        "system": tr("System prompt"),
        "tool": tr("Tool"),
    }
    return names.get(role, role)
