"""Pictures that belong to a message: seen, opened, saved and printed from the bytes of the store."""

import asyncio
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.blocks import Image, Text
from desktop_chat.domain.ids import MessageId, PictureId
from desktop_chat.domain.message import Message, Role
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui import aio
from desktop_chat.ui.dialogs.paper import pdf_of
from desktop_chat.ui.transcript.boxes.box import OnPicture, PictureDeed
from desktop_chat.ui.transcript.boxes.image import PictureBox
from desktop_chat.ui.transcript.pictures.kept import address_of, facts_of
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.conftest import RunQt
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.drawn import picture
from tests.ui.transcript.told import ToldSession

DATA = picture(300, 120)
RED = Image(PictureId("ab" * 32), "image/png", 300, 120, "red.png")
GONE = Image(PictureId("cd" * 32), "image/png", 40, 30, "gone.png")


async def kept(wanted: PictureId) -> bytes | None:
    return DATA if wanted == RED.picture else None


class NoWeb:
    async def load(self, url: str) -> bytes:
        raise AssertionError(url)


def boxes(view: TranscriptView) -> list[PictureBox]:
    view.grab()
    assert view.column is not None
    return [b for item in view.column.live_items for b in item.boxes if isinstance(b, PictureBox)]


def asks(session: ToldSession, *images: Image) -> None:
    message = Message(MessageId("q"), None, Role.USER, (*images, Text("What is this?")), 0.0)
    session.conversation.add(message)


async def left(view: TranscriptView) -> None:
    view.hide()
    while aio.running():
        await asyncio.sleep(0)


def test_an_address_says_what_is_known_of_a_picture() -> None:
    assert facts_of(address_of(RED)) == (RED.picture, 300, 120, "png")
    assert facts_of("kept:nonsense/3x4.png") is None


def test_a_picture_of_the_person_and_one_of_a_reply_have_their_height_at_once(
    make_view: MakeView, session: ToldSession
) -> None:
    asks(session, RED)
    session.replies(RED, Text("Red."))
    shown = boxes(make_view(session))

    assert [box.hot_spots()[0].label for box in shown] == ["red.png, open picture"] * 2
    assert [box.height >= 120 for box in shown] == [True, True]


def test_a_picture_is_drawn_from_the_store(make_view: MakeView, session: ToldSession, run_qt: RunQt) -> None:
    session.replies(RED)
    view = make_view(session)

    async def scene() -> QImage:
        view.gallery.take_loader(NoWeb(), kept)
        (box,) = boxes(view)
        while view.gallery.start().pixmap(box.hrefs[0], view.gallery.start().picture(box.hrefs[0]).size) is None:
            await asyncio.sleep(0)
        seen = view.grab().toImage()
        await left(view)
        return seen

    seen = run_qt(scene())
    reds = [(x, y) for x in range(0, seen.width(), 10) for y in range(0, seen.height(), 10) if is_red(seen, x, y)]
    assert len(reds) > 100


def is_red(image: QImage, x: int, y: int) -> bool:
    color = image.pixelColor(x, y)
    return (color.red(), color.green(), color.blue()) == (255, 0, 0)


def test_a_picture_whose_bytes_are_gone_says_so(make_view: MakeView, session: ToldSession, run_qt: RunQt) -> None:
    session.replies(GONE)
    view = make_view(session)

    async def scene() -> str:
        view.gallery.take_loader(NoWeb(), kept)
        (box,) = boxes(view)
        assert await view.gallery.start().image(box.hrefs[0]) is None
        tip = box.tip_at(box.content_left + 5, box.content_top + 5)
        await left(view)
        return tip

    assert run_qt(scene()).startswith("gone.png\n")


def test_a_picture_opens_copies_and_is_saved_as_it_came(
    make_view: MakeView, session: ToldSession, run_qt: RunQt, tmp_path: Path
) -> None:
    session.replies(RED)
    view = make_view(session)

    async def scene() -> None:
        view.gallery.take_loader(NoWeb(), kept)
        href = address_of(RED)
        viewer = view.gallery.do(OnPicture(PictureDeed.OPEN, href), "red.png")
        assert viewer is not None
        while viewer.canvas.image is None:
            await asyncio.sleep(0)
        viewer.close()
        view.gallery.copy(href)
        view.gallery.save(href, "red.png")
        (dialog,) = [d for d in QApplication.topLevelWidgets() if isinstance(d, QFileDialog) and d.isVisible()]
        dialog.fileSelected.emit(str(tmp_path / "saved.png"))
        dialog.close()
        await left(view)

    run_qt(scene())
    assert (tmp_path / "saved.png").read_bytes() == DATA
    assert QGuiApplication.clipboard().image().width() == 300


def test_a_pdf_has_the_pictures(session: ToldSession, run_qt: RunQt, tmp_path: Path) -> None:
    asks(session, RED)
    toolbox = Toolbox((), SettingsStore(tmp_path / "settings.json"))

    with_it = run_qt(pdf_of(session.conversation, toolbox, lambda _: None, kept))
    without = run_qt(pdf_of(session.conversation, toolbox, lambda _: None))

    assert b"/Width 300" in with_it
    assert b"/Width 300" not in without


def test_a_copy_names_the_picture(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("Before."), RED, Text("After."))
    view = make_view(session)
    view.reading.select_all()
    view.reading.copy_selection()

    markdown = bytes(QGuiApplication.clipboard().mimeData().data("text/markdown").data()).decode()
    assert markdown == "Before.\n\n[Image: red.png]\n\nAfter."
