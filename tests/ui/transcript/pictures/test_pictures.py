"""Pictures on the page: those in the text, and those on the web that are loaded once."""

import asyncio
import base64

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QGuiApplication

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.errors import PictureFailed, PictureProblem
from desktop_chat.domain.events import TextDelta
from desktop_chat.ui import aio
from desktop_chat.ui.transcript.boxes.box import Link, OnPicture, PictureDeed
from desktop_chat.ui.transcript.boxes.image import PictureBox
from desktop_chat.ui.transcript.page.selection import Position
from desktop_chat.ui.transcript.pictures import pictures
from desktop_chat.ui.transcript.pictures.pictures import PictureStore, Stage, decoded, fitting, measured
from desktop_chat.ui.transcript.reading.menu import open_menu
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.conftest import RunQt
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.drawn import address, picture
from tests.ui.transcript.told import ToldSession

CAT = "https://pictures.example/cat.png"


class ScriptedPictures:
    """The web, as far as a picture needs it."""

    def __init__(self, *answers: bytes | PictureFailed) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def load(self, url: str) -> bytes:
        self.asked.append(url)
        answer = self.answers.pop(0)
        if isinstance(answer, PictureFailed):
            raise answer
        return answer


def box_of(view: TranscriptView) -> PictureBox:
    view.grab()
    assert view.column is not None
    return next(b for item in view.column.live_items for b in item.boxes if isinstance(b, PictureBox))


def labels(view: TranscriptView) -> list[str]:
    return [spot.label for spot in box_of(view).hot_spots()]


async def settled() -> None:
    while aio.running():
        await asyncio.sleep(0)


async def left(view: TranscriptView) -> None:
    """The page is put away, so that nothing is painted, and asked for by that, once the loop has ended."""
    view.hide()
    await settled()


def test_a_picture_in_the_text_has_its_height_before_it_is_decoded(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(f"![A red one]({address(picture(300, 120))})"))
    view = make_view(session)
    box = box_of(view)

    assert box.height - box.place.gap == 120
    assert labels(view) == ["A red one, open picture"]


def test_a_wide_picture_fits_the_column(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(f"![]({address(picture(1400, 200))})"))
    box = box_of(make_view(session))

    assert box.height - box.place.gap == 100


def test_a_picture_of_any_length_is_copied_as_it_was_written(make_view: MakeView, session: ToldSession) -> None:
    noise = base64.b64encode(picture(40, 40, "BMP") * 12).decode()
    source = f"before\n\n![big](data:image/png;base64,{noise})\n\nafter"
    assert len(source) > 70_000
    session.replies(Text(source))
    view = make_view(session)
    view.reading.select_all()
    view.reading.copy_selection()

    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("text/markdown").data()).decode() == source
    assert len(data.text()) < 100


def test_a_picture_that_streams_shows_nothing_of_its_address(make_view: MakeView, session: ToldSession) -> None:
    source = f"see\n\n![dot]({address(picture(64, 64, 'BMP'))})\n\nthere"
    view = make_view(session)
    session.begins()
    seen = set()
    for at in range(0, len(source), 500):
        session.says(TextDelta(source[at : at + 500]))
        view.flush()
        assert view.column is not None
        seen |= {box.text[:9] for item in view.column.live_items for box in item.boxes if box.text}
    session.ends()
    view.flush()

    assert seen <= {"see", "![dot](", "▧ dot", "there"}
    assert box_of(view).height > 64


def test_nothing_is_asked_of_the_web_until_the_person_does(
    make_view: MakeView, session: ToldSession, run_qt: RunQt
) -> None:
    session.replies(Text(f"![A cat]({CAT})"))
    web = ScriptedPictures(picture(200, 100))
    view = make_view(session)
    view.gallery.take_loader(web)

    async def person() -> None:
        view.grab()
        await settled()
        assert web.asked == []
        assert labels(view) == ["A cat, Load once from pictures.example"]
        view.reading.do(0, box_of(view).hot_spots()[0].act)
        await left(view)

    run_qt(person())

    assert web.asked == [CAT]
    assert labels(view) == ["A cat, open picture"]
    assert box_of(view).height - box_of(view).place.gap == 100


def test_another_host_is_asked_only_after_it_was_named(
    make_view: MakeView, session: ToldSession, run_qt: RunQt
) -> None:
    there = "https://elsewhere.example/cat.png"
    session.replies(Text(f"![A cat]({CAT})"))
    web = ScriptedPictures(PictureFailed(PictureProblem.ELSEWHERE, address=there), picture(20, 10))
    view = make_view(session)
    view.gallery.take_loader(web)

    async def person() -> None:
        view.reading.do(0, box_of(view).hot_spots()[0].act)
        await settled()
        assert labels(view) == ["A cat, Load from elsewhere.example from pictures.example"]
        view.reading.do(0, box_of(view).hot_spots()[0].act)
        await left(view)

    run_qt(person())

    assert web.asked == [CAT, there]
    assert labels(view) == ["A cat, open picture"]


def test_what_goes_wrong_is_said_in_its_place_and_can_be_tried_again(
    make_view: MakeView, session: ToldSession, run_qt: RunQt
) -> None:
    session.replies(Text(f"![A cat]({CAT})"))
    web = ScriptedPictures(b"<html>", PictureFailed(PictureProblem.TOO_SLOW), picture(200, 50))
    view = make_view(session)
    view.gallery.take_loader(web)
    said = []

    async def person() -> None:
        for _ in range(3):
            view.reading.do(0, box_of(view).hot_spots()[0].act)
            await settled()
            said.append(box_of(view).tip_at(100, box_of(view).content_top + 5))
        await left(view)

    run_qt(person())

    assert said == [
        "A cat\nWhat is there is not a picture that can be shown.",
        "A cat\npictures.example took too long.",
        "A cat",
    ]


@pytest.mark.parametrize(
    ("source", "stage"),
    [
        ("sandbox:/mnt/data/plot.png", Stage.STRANGE),
        ("plot.png", Stage.STRANGE),
        ("file:///etc/passwd", Stage.STRANGE),
        (CAT, Stage.AWAY),
        ("https://", Stage.STRANGE),
        ("https://[::1", Stage.STRANGE),
        ("data:image/png;base64,AAAA", Stage.FAILED),
        ("data:image/png;base64,A", Stage.FAILED),
        ("data:image/png", Stage.FAILED),
        ("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>", Stage.FAILED),
    ],
)
def test_an_address_says_what_can_be_done_with_it(qapp: object, source: str, stage: Stage) -> None:
    assert PictureStore().picture(source).stage is stage


@pytest.mark.parametrize("kind", ["PNG", "JPG", "GIF", "BMP", "WEBP"])
def test_every_common_format_is_drawn(qapp: object, kind: str) -> None:
    if kind == "GIF":
        data = base64.b64decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=")
        assert measured(data) == (QSize(1, 1), "gif")
        return
    data = picture(30, 20, kind)

    assert measured(data)[0] == QSize(30, 20)
    assert decoded(data, QSize(15, 10)).size() == QSize(15, 10)
    assert decoded(data, QSize(60, 40)).size() == QSize(30, 20)


def test_a_bomb_is_not_decoded(qapp: object) -> None:
    # A header that promises 40,000 by 40,000 pixels, followed by next to nothing.
    data = bytearray(picture(10, 10))
    data[16:24] = (40_000).to_bytes(4, "big") * 2
    data[29:33] = (__import__("zlib").crc32(bytes(data[12:29]))).to_bytes(4, "big")

    with pytest.raises(PictureFailed) as caught:
        measured(bytes(data))

    assert caught.value.problem is PictureProblem.TOO_LARGE


def test_a_damaged_picture_says_so(make_view: MakeView, session: ToldSession, run_qt: RunQt) -> None:
    whole = picture(200, 100)
    session.replies(Text(f"![x]({address(whole[: len(whole) // 2])})"))
    view = make_view(session)

    async def person() -> None:
        view.grab()
        await left(view)

    run_qt(person())

    assert labels(view) == []
    assert "not a picture" in box_of(view).tip_at(100, box_of(view).content_top + 5)


def test_a_sentence_keeps_its_words_above_its_picture(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(f"Look at ![this]({CAT}) and [that](https://example.org)."))
    view = make_view(session)
    box = box_of(view)

    assert labels(view) == ["that", "this, Load once from pictures.example"]
    end = box.hit(400, box.content_top + 5)
    assert box.rects(0, 4)[0].top() < box.hot_spots()[1].rects[0].top()
    view.reading.selection.anchor, view.reading.selection.head = Position(0, 1, 0), Position(0, 1, end)
    assert view.reading.copy_selection()


def test_small_sizes_are_made_of_large_pictures_and_never_the_other_way(qapp: object) -> None:
    assert fitting(QSize(4000, 1000), 700, 460) == QSize(700, 175)
    assert fitting(QSize(100, 4000), 700, 460).height() == 460
    assert fitting(QSize(10, 10), 700, 460) == QSize(10, 10)


def test_pictures_of_a_text_go_with_it(qapp: object) -> None:
    store = PictureStore()
    short = store.take_out(f"![a]({address(picture(64, 64, 'BMP'))})")
    href = short[5:-1]
    assert store.picture(href).is_here

    store.forget_texts()

    assert not store.picture(href).is_here
    assert store.put_back(short) == short
    assert pictures.short_name(1) in store.take_out(f"![a]({address(picture(65, 64, 'BMP'))})")


def test_a_click_on_a_picture_opens_it(make_view: MakeView, session: ToldSession, run_qt: RunQt) -> None:
    session.replies(Text(f"![A red one]({address(picture(300, 120))})"))
    view = make_view(session)

    async def person() -> None:
        act = box_of(view).hot_spots()[0].act
        assert isinstance(act, OnPicture) and act.deed is PictureDeed.OPEN
        viewer = view.gallery.do(act, "A red one")
        assert viewer is not None
        await settled()
        assert viewer.canvas.image is not None
        assert viewer.canvas.accessibleName() == "A red one"
        viewer.close()
        await left(view)

    run_qt(person())


def test_the_menu_offers_what_can_be_done_with_a_picture(
    make_view: MakeView, session: ToldSession, run_qt: RunQt
) -> None:
    session.replies(Text(f"![A red one]({address(picture(300, 120))})\n\n![A cat]({CAT})"))
    view = make_view(session)
    found: list[list[str]] = []

    async def person() -> None:
        assert view.column is not None
        for seen in list(view.column.seen(0, 600)):
            if isinstance(seen.box, PictureBox):
                menu = open_menu(view, QPoint(view.column_left + 20, round(seen.y + seen.box.content_top + 10)))
                assert menu is not None
                found.append([action.text() for action in menu.actions()][:4])
                if "Copy picture" in found[-1]:
                    next(a for a in menu.actions() if a.text() == "Copy picture").trigger()
                menu.close()
        await left(view)

    run_qt(person())

    assert found[0][:3] == ["Open picture", "Copy picture", "Save picture…"]
    assert found[1][:2] == ["Load once", "Copy address of the picture"]
    assert QGuiApplication.clipboard().image().size() == QSize(300, 120)


def test_a_picture_with_a_link_leads_there_by_the_line_below_it_and_by_the_menu(
    make_view: MakeView, session: ToldSession
) -> None:
    session.asks("hi")
    session.replies(Text(f"[![A cat]({CAT})](https://cats.example/all)"))
    view = make_view(session)
    box = box_of(view)
    asked: list[str] = []
    view.link_asked.connect(asked.append)

    spot = next(spot for spot in box.hot_spots() if isinstance(spot.act, Link))
    view.reading.do(1, spot.act)
    assert view.column is not None
    y = view.column.place_of(1, view.column.item(1).boxes.index(box)) - view.column.scroll_y
    menu = open_menu(view, QPoint(view.column_left + 20, round(y + box.content_top) + 10))
    assert menu is not None
    next(entry for entry in menu.actions() if entry.text() == "Open link").trigger()

    assert spot.label == "Link to cats.example"
    assert box.height >= spot.rects[0].bottom()
    assert asked == ["https://cats.example/all"] * 2


def test_a_picture_among_words_keeps_its_link_on_them(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text(f"See [![A cat]({CAT})](https://cats.example/all) here."))
    view = make_view(session)

    acts = [spot.act for spot in box_of(view).hot_spots()]

    assert Link("https://cats.example/all") in acts
