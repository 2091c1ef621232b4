"""The pictures of one page: the first one brings the store, opening one brings the viewer."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_chat.ui.transcript.boxes.box import Box, OnPicture, PictureDeed

if TYPE_CHECKING:
    # Loaded with the first picture: the start of the program need not wait for them.
    from desktop_chat.core.ports import Pictures
    from desktop_chat.ui.transcript.picture_viewer import PictureViewer
    from desktop_chat.ui.transcript.pictures import PictureStore
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

    def take_loader(self, loader: "Pictures") -> None:
        """What gets pictures from the web."""
        self._loader = loader
        if self._store is not None:
            self._store.loader = loader

    def forget_texts(self) -> None:
        """Another conversation is shown."""
        if self._store is not None:
            self._store.forget_texts()

    def start(self) -> "PictureStore":
        """The store, made when it is first wanted."""
        if self._store is None:
            from desktop_chat.ui.transcript.pictures import PictureStore

            self._store = PictureStore(self)
            self._store.loader = self._loader
            self._store.changed.connect(self._on_store_changed)
            self._store.drawn.connect(self._view.viewport().update)
        return self._store

    def do(self, act: OnPicture, alt: str = "") -> "PictureViewer | None":
        """Load a picture, or open it in the viewer."""
        store = self.start()
        if act.deed is PictureDeed.LOAD:
            store.load(act.href, act.address)
            return None
        from desktop_chat.ui.transcript.picture_viewer import PictureViewer

        viewer = PictureViewer(self._view.theme, store, act.href, alt, self._view.window())
        viewer.open()
        return viewer

    def _on_store_changed(self) -> None:
        self._view.lay_out_again(_shows_pictures)
        self._view.viewport().update()


def _shows_pictures(box: Box) -> bool:
    from desktop_chat.ui.transcript.boxes.image import PictureBox

    return isinstance(box, PictureBox)
