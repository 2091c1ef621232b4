"""A bridge repeats a feed until its owner is gone."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from desktop_chat.domain.feed import Feed
from desktop_chat.ui.bridge import Bridge


def test_what_is_published_arrives_as_a_signal(qapp: QApplication) -> None:
    feed: Feed[str] = Feed()
    owner = QObject()
    heard: list[object] = []
    Bridge(feed, owner).changed.connect(heard.append)

    feed.publish("one")

    assert heard == ["one"]


def test_a_dead_owner_hears_nothing(qapp: QApplication) -> None:
    feed: Feed[str] = Feed()
    owner = QObject()
    heard: list[object] = []
    Bridge(feed, owner).changed.connect(heard.append)

    delete(owner)
    feed.publish("one")

    assert heard == []


def test_a_closed_bridge_hears_nothing(qapp: QApplication) -> None:
    feed: Feed[str] = Feed()
    owner = QObject()
    heard: list[object] = []
    bridge = Bridge(feed, owner)
    bridge.changed.connect(heard.append)

    bridge.close()
    feed.publish("one")

    assert heard == []


def test_what_is_left_out_is_not_repeated(qapp: QApplication) -> None:
    feed: Feed[object] = Feed()
    owner = QObject()
    heard: list[object] = []
    Bridge(feed, owner, without=(int,)).changed.connect(heard.append)

    feed.publish(1)
    feed.publish("one")

    assert heard == ["one"]
