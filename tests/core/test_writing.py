"""Versions of messages as the person wrote them."""

from desktop_chat.core.writing import edited_question, edited_reply
from desktop_chat.domain.blocks import Image, Text
from desktop_chat.domain.ids import MessageId, PictureId
from desktop_chat.domain.message import Message, Role

CAT = Image(PictureId("0" * 64), "image/png", 3, 2, "cat.png")


def test_pictures_stay_with_what_is_edited() -> None:
    asked = Message(MessageId("q"), None, Role.USER, (CAT, Text("What is it?")), 1.0)
    said = Message(MessageId("a"), asked.id, Role.ASSISTANT, (Text("A cat."), CAT), 2.0)

    assert edited_question(asked, "Who is it?", 3.0).blocks == (CAT, Text("Who is it?"))
    assert edited_reply(said, "A dog.", 3.0).blocks == (Text("A dog."), CAT)
