"""The copies of the library: a list, one made now, the way back to one, and a check of all."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QLocale, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontMetrics, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.core.backup_place import BackupInfo, BackupKind, Finding
from desktop_chat.core.backups import Backups
from desktop_chat.domain.errors import ChatError, StoreDamaged
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.dates import day_and_time_text
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.messages import explain
from desktop_chat.ui.numbers import conversations_text, count_text, messages_text
from desktop_chat.ui.preferences.form import Note, tr
from desktop_chat.ui.preferences.questions import ask_to_restore
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row

MADE, KIND, CONVERSATIONS, MESSAGES, SIZE = range(5)
ROWS_SEEN = 5
COLUMN_GAP_PX = 24
InfoRole = int(Qt.ItemDataRole.UserRole)

Work = Callable[[], Awaitable[None]]


class BackupsPanel(QWidget):
    """Part of the Storage page.

    Args:
        backups: What is shown and done.
        theme: Colours and fonts.
    """

    restored = Signal()
    """Another library is in use now; whoever shows a conversation has to open it again."""

    def __init__(self, backups: Backups, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backups = backups
        self._theme = theme
        self._is_busy = False
        self._pressed: QPushButton | None = None
        """What began the work that runs: it stays enabled, so that the keyboard stays on it."""
        self._findings: list[Finding] = []
        self._build()
        self._connect()

    def refresh(self) -> None:
        """Look again which copies there are."""
        self._do(self._list, tr("The backups could not be listed."))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.checked.hide()

    def _build(self) -> None:
        about = Note(self)
        about.show_note(
            tr(
                "One is made each day by itself; seven days and four weeks are kept, and the last three from before "
                "an update. Those you make yourself, and those from before a restore, stay until you delete them."
            )
        )
        self.list = QTreeWidget(self)
        self.list.setProperty("look", "found")
        self.list.setAccessibleName(tr("Backups"))
        self.list.header().setAccessibleName(tr("Backups"))
        self.list.setRootIsDecorated(False)
        self.list.setItemsExpandable(False)
        self.list.setUniformRowHeights(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setTabKeyNavigation(False)
        self.list.setHeaderLabels([tr("Made"), tr("Kind"), tr("Conversations"), tr("Messages"), tr("Size")])
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.make_button = button(tr("&Back up now"))
        self.restore_button = button(tr("&Restore…"))
        self.verify_button = button(tr("&Verify"), name=tr("Verify the conversations and the backups"))
        name = tr("Open the folder: {what}").format(what=tr("Backups"))
        self.folder_button = button(tr("Open folder"), "link", name=name)
        self.state = Note(self)
        self.checked = TextPanel(self._theme, tr("What the check found"), most_lines=8, parent=self)
        self.checked.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(about)
        layout.addWidget(self.list)
        layout.addLayout(
            button_row(self.make_button, self.restore_button, self.verify_button, None, self.folder_button)
        )
        layout.addWidget(self.state)
        layout.addWidget(self.checked)
        self._fit()

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._show_what_can_be_done)
        self.list.itemActivated.connect(self._on_restore_clicked)
        self.make_button.clicked.connect(self._on_make_clicked)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.verify_button.clicked.connect(self._on_verify_clicked)
        self.folder_button.clicked.connect(self._on_folder_clicked)
        self._theme.changed.connect(self._fit)
        Bridge(self._backups.changes, self).changed.connect(self._on_backups_changed)
        self._show_what_can_be_done()

    def _fit(self) -> None:
        header, metrics = self.list.header(), QFontMetrics(self._theme.font("text"))
        header.setStretchLastSection(False)
        header.setFixedHeight(self._theme.px(32))
        header.setSectionResizeMode(MADE, QHeaderView.ResizeMode.Stretch)
        for column, contents in _WIDEST.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            texts = (self.list.headerItem().text(column), *contents())
            widest = max(map(metrics.horizontalAdvance, texts))
            header.resizeSection(column, widest + self._theme.px(COLUMN_GAP_PX))
            if column != KIND:
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                self.list.headerItem().setTextAlignment(column, right)
        row = metrics.height() + self._theme.px(9)
        self.list.setMinimumHeight(header.height() + ROWS_SEEN * row)

    @property
    def chosen(self) -> BackupInfo | None:
        """The copy that is chosen."""
        item = self.list.currentItem()
        info = item.data(MADE, InfoRole) if item is not None else None
        return info if isinstance(info, BackupInfo) else None

    async def _list(self) -> None:
        self._show(await self._backups.list())

    async def _make(self) -> None:
        made = await self._backups.make()
        self._show(await self._backups.list())
        self._choose(made)
        self.state.show_note(tr("✓ Backed up and checked: {what}").format(what=_counts(made)), "ok")

    async def _restore(self, info: BackupInfo) -> None:
        try:
            await self._backups.restore(info)
        finally:
            # Also when it failed: the sessions have ended, and what was in use is read anew.
            self.restored.emit()
        self._show(await self._backups.list())
        self.state.show_note(
            tr("✓ The backup of {when} is in use now.").format(when=day_and_time_text(info.made_at)), "ok"
        )

    async def _verify(self) -> None:
        self._findings = []
        self.checked.show_text("")
        self.checked.show()
        await self._backups.verify(self._on_found)
        bad = sum(finding.is_bad and not finding.is_newer for finding in self._findings)
        if not bad and any(finding.is_newer for finding in self._findings):
            self.state.show_note(tr("✗ Written by a newer Desktop Chat: use that one. Nothing is damaged."), "bad")
        elif bad:
            words = tr("✗ 1 thing is not sound") if bad == 1 else tr("✗ {n} things are not sound").format(n=bad)
            self.state.show_note(words, "bad")
        else:
            self.state.show_note(tr("✓ Everything is sound."), "ok")

    def _do(self, work: Work, failed: str, said: str = "", pressed: QPushButton | None = None) -> None:
        if self._is_busy:
            return
        self._is_busy, self._pressed = True, pressed
        if pressed is not None:
            self.state.show_note(said)
        self._show_what_can_be_done()
        spawn(self._carry_out(work, failed), owner=self)

    async def _carry_out(self, work: Work, failed: str) -> None:
        try:
            await work()
        except ChatError as error:
            why = tr("It is damaged") if isinstance(error, StoreDamaged) else explain(error).title
            self.state.show_note(f"✗ {failed} {why} ({error}).", "bad")
        finally:
            self._is_busy, self._pressed = False, None
            self._show_what_can_be_done()

    def _show(self, infos: tuple[BackupInfo, ...]) -> None:
        chosen = self.chosen
        self.list.clear()
        for info in infos:
            texts = [_begun(day_and_time_text(info.made_at)), kind_text(info.kind), *_figures(info)]
            item = QTreeWidgetItem(self.list, texts)
            item.setData(MADE, InfoRole, info)
            item.setToolTip(MADE, info.path.name)
            item.setData(MADE, Qt.ItemDataRole.AccessibleTextRole, f"{texts[MADE]}, {texts[KIND]}, {_counts(info)}")
            for column in (CONVERSATIONS, MESSAGES, SIZE):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if chosen is not None:
            self._choose(chosen)
        elif infos:
            self._choose(infos[0])

    def _choose(self, info: BackupInfo) -> None:
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None and item.data(MADE, InfoRole).path == info.path:
                self.list.setCurrentItem(item)

    def _show_what_can_be_done(self) -> None:
        info = self.chosen
        can_restore = info is not None and info.conversations >= 0
        for one, is_able in ((self.make_button, True), (self.verify_button, True), (self.restore_button, can_restore)):
            one.setEnabled(self._pressed in (None, one) and is_able)

    def _on_make_clicked(self) -> None:
        self.checked.hide()
        self._do(self._make, tr("No backup was made."), tr("Making a backup …"), self.make_button)

    def _on_restore_clicked(self) -> None:
        info = self.chosen
        if info is None or not self.restore_button.isEnabled():
            return

        def restore() -> None:
            self.checked.hide()  # It was about what is replaced.
            failed, said = tr("The backup was not used; nothing was changed."), tr("Going back to the backup …")
            self._do(lambda: self._restore(info), failed, said, self.restore_button)

        ask_to_restore(self, day_and_time_text(info.made_at), _counts(info), on_restore=restore)

    def _on_verify_clicked(self) -> None:
        said = tr("Checking the conversations and the backups …")
        self._do(self._verify, tr("The check could not be made."), said, self.verify_button)

    def _on_found(self, finding: Finding) -> None:
        self._findings.append(finding)
        signs = (f"{'✗' if one.is_bad else '✓'} {one.part}: {one.text}" for one in self._findings)
        self.checked.show_text("\n".join(signs))

    def _on_folder_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._backups.folder)))

    def _on_backups_changed(self) -> None:
        if self.isVisible():
            self.refresh()


def kind_text(kind: BackupKind) -> str:
    """Why a copy was made."""
    return {
        BackupKind.DAILY: tr("Daily"),
        BackupKind.WEEKLY: tr("Weekly"),
        BackupKind.MIGRATION: tr("Before an update"),
        BackupKind.MANUAL: tr("By hand"),
        BackupKind.RESTORE: tr("Before a restore"),
    }[kind]


def size_text(size: int) -> str:
    """A size as people write it."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def _figures(info: BackupInfo) -> list[str]:
    counts = [count_text(count) if count >= 0 else tr("not readable") for count in _both(info)]
    return [*counts, size_text(info.bytes)]


def _counts(info: BackupInfo) -> str:
    if info.conversations < 0:
        return tr("not readable")
    return ", ".join((conversations_text(info.conversations), messages_text(info.messages), size_text(info.bytes)))


def _both(info: BackupInfo) -> tuple[int, int]:
    return info.conversations, info.messages


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


_WIDEST: dict[int, Callable[[], tuple[str, ...]]] = {
    KIND: lambda: tuple(map(kind_text, BackupKind)),
    CONVERSATIONS: lambda: (tr("not readable"),),
    MESSAGES: lambda: (tr("not readable"),),
    SIZE: lambda: ("0000.0 MB",),
}
"""What a column has to have room for, besides its title."""
