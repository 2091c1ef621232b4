"""The pictures of one page: the first one brings the store, opening one brings the viewer."""

from typing import TYPE_CHECKING, TypeGuard

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from desktop_chat.ui.aio import spawn
from desktop_chat.ui.transcript.boxes.box import Box, OnPicture, PictureDeed
from desktop_chat.ui.transcript.copying.saving import save_picture

if TYPE_CHECKING:
    # Loaded with the first picture: the start of the program need not wait for them.
    from desktop_chat.core.ports import Pictures
    from desktop_chat.ui.transcript.boxes.image import PictureBox
    from desktop_chat.ui.transcript.pictures.kept import KeptOf
    from desktop_chat.ui.transcript.pictures.pictures import PictureStore
    from desktop_chat.ui.transcript.pictures.viewer import PictureViewer
    from desktop_chat.ui.transcript.view import TranscriptView


class Gallery(QObject):
    """Pictures for the boxes of a page.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        super().__init__(view)
        self._view = view
        self._store: PictureStore | None = None
        self._loader: Pictures | None = None
        self._kept: KeptOf | None = None

    @property
    def store(self) -> "PictureStore | None":
        """What was loaded, if there was a picture at all."""
        return self._store

    def take_loader(self, loader: "Pictures", kept: "KeptOf | None" = None) -> None:
        """What gets pictures from the web, and those that are kept with a conversation."""
        self._loader, self._kept = loader, kept
        if self._store is not None:
            self._store.loader, self._store.kept = loader, kept

    def forget_texts(self) -> None:
        """Another conversation is shown."""
        if self._store is not None:
            self._store.forget_texts()

    def start(self) -> "PictureStore":
        """The store, made when it is first wanted."""
        if self._store is None:
            from desktop_chat.ui.transcript.pictures.pictures import PictureStore

            self._store = PictureStore(self)
            self._store.loader, self._store.kept = self._loader, self._kept
            self._store.changed.connect(self._on_store_changed)
            self._store.drawn.connect(self._view.viewport().update)
        return self._store

    def do(self, act: OnPicture, alt: str = "") -> "PictureViewer | None":
        """Load a picture, or open it in the viewer."""
        store = self.start()
        if act.deed is PictureDeed.LOAD:
            store.load(act.href, act.address)
            return None
        from desktop_chat.ui.transcript.pictures.viewer import PictureViewer

        viewer = PictureViewer(self._view.theme, store, act.href, alt, self._view.window())
        viewer.open()
        return viewer

    def copy(self, href: str) -> None:
        """Put a picture on the clipboard."""
        spawn(self._copy(href), owner=self)

    async def _copy(self, href: str) -> None:
        image = await self.start().image(href)
        if image is not None:
            QGuiApplication.clipboard().setImage(image)

    def save(self, href: str, alt: str) -> None:
        """Ask where to, and save a picture as it came."""
        store = self.start()
        save_picture(self._view, alt, store.picture(href).ending or "png", lambda: store.data(href))

    def _on_store_changed(self) -> None:
        self._view.lay_out_again(has_pictures)
        self._view.viewport().update()


def has_pictures(box: Box) -> "TypeGuard[PictureBox]":
    """Whether a box shows pictures."""
    from desktop_chat.ui.transcript.boxes.image import PictureBox

    return isinstance(box, PictureBox)
