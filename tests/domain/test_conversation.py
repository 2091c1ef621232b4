"""The tree of messages: whatever is done to it, it stays a tree and nothing is lost."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desktop_chat.core.history import History, shown
from desktop_chat.domain.blocks import Text, ToolCall
from desktop_chat.domain.codec import conversation_from_dict, conversation_to_dict
from desktop_chat.domain.conversation import TITLE_CHARACTERS, Conversation, title_from
from desktop_chat.domain.ids import CallId, ConversationId, MessageId
from desktop_chat.domain.message import Message, Role


def message(number: int, parent_id: MessageId | None, role: Role = Role.USER) -> Message:
    """A message that can be told from the others."""
    return Message(MessageId(f"m{number}"), parent_id, role, (Text(str(number)),), float(number))


def conversation(*messages: Message) -> Conversation:
    """A conversation of these messages."""
    made = Conversation(ConversationId("c"), "", 0.0, 0.0)
    for one in messages:
        made.add(one)
    return made


class Tree(RuleBasedStateMachine):
    """Adds, edits, deletes, restores, chooses, undoes and redoes in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation = conversation()
        self.history = History()
        self.made = 0

    def some(self, data: st.DataObject) -> MessageId:
        return data.draw(st.sampled_from(list(self.conversation.messages)))

    def new(self, parent_id: MessageId | None) -> Message:
        self.made += 1
        return message(self.made, parent_id)

    @rule()
    def send(self) -> None:
        new = self.new(self.conversation.last_id)
        self.conversation.add(new)
        assert self.conversation.path()[-1] == new

    @precondition(lambda self: self.conversation.messages)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        new = self.new(self.conversation.messages[self.some(data)].parent_id)
        before = shown(self.conversation)
        self.conversation.add(new)
        self.history.record(before, self.conversation)
        assert self.conversation.versions(new.id)[-1] == new.id

    @precondition(lambda self: self.conversation.messages)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        gone = self.some(data)
        before = shown(self.conversation)
        self.conversation.delete(gone)
        self.history.record(before, self.conversation)
        assert gone not in [m.id for m in self.conversation.path()]

    @precondition(lambda self: self.conversation.messages)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        back = self.some(data)
        before = shown(self.conversation)
        self.conversation.restore(back)
        self.history.record(before, self.conversation)
        assert back in [m.id for m in self.conversation.path()]

    @precondition(lambda self: self.conversation.messages)
    @rule(data=st.data())
    def choose(self, data: st.DataObject) -> None:
        chosen = self.some(data)
        before = shown(self.conversation)
        self.conversation.choose(chosen)
        self.history.record(before, self.conversation)
        assert chosen in self.conversation.deleted or chosen in [m.id for m in self.conversation.path()]

    @precondition(lambda self: self.conversation.messages)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        call = ToolCall(CallId("c"), "clock", "{}")
        ended = replace(self.conversation.messages[self.some(data)], blocks=(Text("0"), call))
        self.conversation.put(ended)
        assert ended in self.conversation.calling()

    @precondition(lambda self: self.conversation.messages)
    @rule(data=st.data(), count=st.integers(1, 3))
    def extend(self, data: st.DataObject, count: int) -> None:
        other = conversation(*self.conversation.messages.values())
        for _ in range(count):
            other.add(self.new(data.draw(st.sampled_from([None, *other.messages]))))
        path = self.conversation.path()
        assert len(self.conversation.extend(other)) == count
        assert self.conversation.path()[: len(path)] == path

    @precondition(lambda self: self.history.can_undo)
    @rule()
    def undo_and_redo(self) -> None:
        path = self.conversation.path()
        self.history.undo(self.conversation)
        self.history.redo(self.conversation)
        assert self.conversation.path() == path

    @precondition(lambda self: self.history.can_undo)
    @rule()
    def undo(self) -> None:
        self.history.undo(self.conversation)
        assert self.history.can_redo

    @invariant()
    def the_tree_is_whole(self) -> None:
        tree = self.conversation
        assert len(tree.messages) == self.made
        assert sorted(m for below in tree.children.values() for m in below) == sorted(tree.messages)
        for parent_id, child_id in tree.chosen.items():
            assert tree.messages[child_id].parent_id == parent_id
        seen: set[MessageId | None] = {None}
        for one in tree.messages.values():
            assert one.parent_id in seen
            seen.add(one.id)

    @invariant()
    def the_path_goes_downward_without_deleted_messages(self) -> None:
        tree = self.conversation
        path = tree.path()
        assert not {m.id for m in path} & tree.deleted
        assert tree.path_to(tree.last_id) == path

    @invariant()
    def the_kept_path_is_what_would_be_found_anew(self) -> None:
        anew = replace(self.conversation)
        assert self.conversation.path() == anew.path()
        assert self.conversation.last_id == anew.last_id
        assert self.conversation.calling() == anew.calling()

    @invariant()
    def it_survives_being_written_and_read(self) -> None:
        again = conversation_from_dict(conversation_to_dict(self.conversation))
        assert again.path() == self.conversation.path()
        assert again == self.conversation


TestTree = Tree.TestCase
TestTree.settings = settings(max_examples=30, stateful_step_count=30)


def test_a_path_that_somebody_holds_stays_what_it_was() -> None:
    tree = conversation(message(1, None), message(2, MessageId("m1")))
    held = tree.path()

    tree.add(message(3, MessageId("m2")))
    tree.put(replace(message(3, MessageId("m2")), role=Role.ASSISTANT))

    assert [m.text for m in held] == ["1", "2"]
    assert [m.role for m in tree.path()] == [Role.USER, Role.USER, Role.ASSISTANT]
    assert tree.path() is tree.path()


def test_the_shown_version_of_a_deleted_message_is_a_sibling() -> None:
    tree = conversation(message(1, None), message(2, MessageId("m1")), message(3, MessageId("m1")))

    tree.delete(MessageId("m3"))

    assert [m.text for m in tree.path()] == ["1", "2"]
    assert tree.versions(MessageId("m2")) == ("m2",)


def test_a_title_is_the_first_line_with_words() -> None:
    assert title_from("\n\n## Hello *there*  you\nmore") == "Hello *there* you"
    assert title_from("\n \n") == ""


def test_a_long_title_is_cut_at_a_word() -> None:
    title = title_from("word " * 40)

    assert len(title) <= TITLE_CHARACTERS
    assert title.endswith("word…")


def test_a_title_has_no_controls_and_keeps_joined_emoji() -> None:
    assert title_from("\x00\x1b[31m red\x07 \u202eabc\u2066 👩\u200d💻") == "[31m red abc 👩\u200d💻"
