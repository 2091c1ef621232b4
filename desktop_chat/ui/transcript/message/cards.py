"""The parts that are not prose: reasoning, tool calls, notices, and the line at the end."""

from desktop_chat.core.calls import CallStatus
from desktop_chat.domain.blocks import Notice, Reasoning, ToolCall
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Ended, Message
from desktop_chat.markup.leaves import Code, Growing, Run, Text
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.messages import Explanation, explain, retry_text
from desktop_chat.ui.transcript.boxes.box import Ask, Box, Place, Shell, Toggle
from desktop_chat.ui.transcript.boxes.card import Button, ButtonsBox, LineBox, Piece
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.message.parts import Dirty, Page, Part, TextPart
from desktop_chat.ui.transcript.message.readable import readable
from desktop_chat.ui.transcript.words import call_sign, call_word, ended_words, span, tr

SHOWN_CHARACTERS = 160
"""Of a call's arguments on its one line."""
OPEN = (CallState.ARRIVING, CallState.ASKING, CallState.ANSWERING, CallState.RUNNING)
"""The card of such a call says what is waited for: not for the model."""


class ThoughtPart(Part):
    """What the model thought: one line, unfolded on demand.

    Args:
        page: What all parts share.
        key: Its message and its place among the parts.
        block: As it stands.
        gap: Above it.
        is_growing: More will be fed.
    """

    def __init__(
        self, page: Page, key: tuple[MessageId, int], block: Reasoning, gap: float, *, is_growing: bool
    ) -> None:
        super().__init__(page)
        self.key = key
        self.is_growing = is_growing
        self._gap = gap
        self._duration_ms = block.duration_ms
        self._began_ms = page.session.elapsed_ms if is_growing else 0
        base = Place(gap=page.look.step, left=3 * page.look.step, shell=Shell.BAR, is_first=False, tone="secondary")
        self._inner = TextPart(page, key, block.text, is_growing=is_growing, base=base)

    @property
    def source(self) -> str:
        return self._inner.source if self.key in self.page.unfolded else ""

    @property
    def has_more(self) -> bool:
        return self.key in self.page.unfolded and self._inner.has_more

    @property
    def is_folded(self) -> bool:
        return self.key not in self.page.unfolded

    def take_over(self, old: Part) -> None:
        if isinstance(old, ThoughtPart):
            self._began_ms = old._began_ms
            self._inner.take_over(old._inner)

    def renew(self, index: int) -> Box:
        if index:
            self.boxes[index] = self._inner.renew(index - 1)
        return self.boxes[index]

    def feed(self, text: str) -> None:
        """More came."""
        self._inner.feed(text)

    def finish(self, duration_ms: int | None) -> None:
        """The model stopped thinking."""
        self.is_growing = False
        self._duration_ms = duration_ms
        self._inner.finish()

    def tick(self) -> bool:
        """Time went by; tells whether its line changed."""
        return self.is_growing

    def update(self) -> Dirty:
        head = self._head()
        if self.key not in self.page.unfolded:
            self.boxes = [head]
            return Dirty(0)
        inner = self._inner.update()
        is_same = bool(self.boxes) and isinstance(self.boxes[0], LineBox) and self.boxes[0].pieces == head.pieces
        self.boxes = [self.boxes[0] if is_same else head, *self._inner.boxes]
        return Dirty(inner.index + 1, inner.y, inner.old) if is_same else Dirty(0)

    def _head(self) -> LineBox:
        is_open = self.key in self.page.unfolded
        if self.is_growing:
            seconds = max(0, self.page.session.elapsed_ms - self._began_ms) // 1000
            title = tr("Thinking… {n} s", n=seconds)
        elif self._duration_ms is None:
            title = tr("Thought")
        else:
            title = tr("Thought for {time}", time=span(self._duration_ms))
        look = self.page.look
        place = Place(gap=self._gap, left=3 * look.step, shell=Shell.BAR, is_last=not is_open)
        sign = Piece("▾" if is_open else "▸", "secondary", "text", label=_fold_label(is_open))
        return LineBox([sign, Piece(title, font="text")], look, place, act=Toggle(self.key[1]), height=look.line_px)


class CallPart(Part):
    """A tool call: its state on one line; what waits for the person is always open.

    Args:
        page: What all parts share.
        key: Its message and its place among the parts.
        block: As it stands.
        gap: Above it.
    """

    def __init__(self, page: Page, key: tuple[MessageId, int], block: ToolCall, gap: float) -> None:
        super().__init__(page)
        self.key = key
        self.call_id = block.call_id
        self._block = block
        self._gap = gap
        self._pieces = [block.arguments_json]

    @property
    def is_folded(self) -> bool:
        status = self._status
        is_waiting = status is not None and status.state in (CallState.ASKING, CallState.ANSWERING)
        return not is_waiting and self.key not in self.page.unfolded

    def feed(self, text: str) -> None:
        """More of its arguments came."""
        self._pieces.append(text)

    def take(self, block: ToolCall) -> None:
        """The call as it stands now."""
        self._block = block
        self._pieces = [block.arguments_json]

    def tick(self) -> bool:
        """Time went by; tells whether its line changed."""
        status = self._status
        return status is not None and status.state is CallState.RUNNING

    @property
    def _status(self) -> CallStatus | None:
        return self.page.session.calls.get(self.call_id)

    @property
    def arguments(self) -> str:
        """As received."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def build(self) -> list[Box]:
        status = self._status
        state = status.state if status else CallState.ARRIVING
        is_waiting = state in (CallState.ASKING, CallState.ANSWERING)
        is_open = is_waiting or self.key in self.page.unfolded
        boxes: list[Box] = [self._head(state, status, is_open=is_open, is_waiting=is_waiting)]
        if is_open:
            boxes += self._inside(state, status)
        return _in_card(boxes)

    def _head(self, state: CallState, status: CallStatus | None, *, is_open: bool, is_waiting: bool) -> LineBox:
        look = self.page.look
        sign, tone = call_sign(state)
        name = self._block.name or (status.call.name if status else "") or tr("tool call")
        word = call_word(state) if state is CallState.DONE else ""  # The others say it on the right.
        pieces = [Piece(sign, tone, "text", label=word), Piece(name, "text", "code_bold")]
        if not is_open:
            shown = " ".join(self.arguments[:SHOWN_CHARACTERS].split())
            pieces.append(Piece(shown, "secondary", "code", may_shorten=True))
        right = self._right(state, status, tone)
        if not is_waiting:
            right.append(Piece("▾" if is_open else "▸", "secondary", "small", label=_fold_label(is_open)))
        act = None if is_waiting else Toggle(self.key[1])
        return LineBox(pieces, look, _card_place(self.page, self._gap), right=right, act=act, height=look.card_line_px)

    def _right(self, state: CallState, status: CallStatus | None, tone: str) -> list[Piece]:
        word = Piece(call_word(state), tone if state is not CallState.ARRIVING else "secondary")
        match state:
            case CallState.DONE:
                # Of a call that came with an import nobody knows how long it took.
                return [Piece(span(status.duration_ms))] if status and status.duration_ms else []
            case CallState.RUNNING:
                since = self.page.session.elapsed_ms - (status.started_ms or 0) if status else 0
                cancel = Piece(tr("Cancel"), "accent", act=Ask(ActionId.TOOL_CANCEL, self.call_id))
                clock = [Piece(tr("{n} s", n=since // 1000))] if since >= 1000 else []
                return [word, *clock, cancel]
            case _:
                return [word]

    def _inside(self, state: CallState, status: CallStatus | None) -> list[Box]:
        page, step = self.page, self.page.look.step
        inside = _card_place(page, 0)
        boxes: list[Box] = []
        if state is CallState.ASKING and status and status.summary:
            boxes.append(TextBox(Text((Run(status.summary),)), page.look, inside))
        if state not in (CallState.ASKING, CallState.ANSWERING):
            boxes.append(LineBox([Piece(tr("Arguments"), "faint")], page.look, inside))
        below = _card_place(page, step)
        boxes.append(_code(page, readable(self.arguments), "json", below))
        result = status.result if status else None
        if result is not None:
            title = tr("Error") if result.is_error else tr("Result")
            boxes.append(LineBox([Piece(title, "faint")], page.look, _card_place(page, 2 * step)))
            pretty = readable(result.text)
            boxes.append(_code(page, pretty, "json" if pretty[:1] in ("{", "[") else "", below))
        if buttons := self._buttons(state):
            boxes.append(ButtonsBox(buttons, page.look, _card_place(page, 2 * step)))
        return boxes

    def _buttons(self, state: CallState) -> list[Button]:
        if state is CallState.ASKING:
            return [
                Button(tr("Allow once"), Ask(ActionId.TOOL_ALLOW_ONCE, self.call_id), is_primary=True),
                Button(tr("Always allow in this conversation"), Ask(ActionId.TOOL_ALLOW_IN_CONVERSATION, self.call_id)),
                Button(tr("Deny"), Ask(ActionId.TOOL_DENY, self.call_id)),
            ]
        if state is CallState.ANSWERING:
            return [
                Button(tr("Type the result…"), Ask(ActionId.TOOL_ANSWER, self.call_id), is_primary=True),
                Button(tr("Cancel"), Ask(ActionId.TOOL_CANCEL, self.call_id)),
            ]
        return []


class NoticePart(Part):
    """What went wrong, in words for people, and what can be done.

    Args:
        page: What all parts share.
        key: Its message and its place among the parts.
        block: What the reply kept of the error.
        gap: Above it.
    """

    def __init__(self, page: Page, key: tuple[MessageId, int], block: Notice, gap: float) -> None:
        super().__init__(page)
        self.key = key
        self._words: Explanation = explain(block)
        self._gap = gap

    def build(self) -> list[Box]:
        page, look, words = self.page, self.page.look, self._words
        inside = _card_place(page, 0)
        right = []
        is_open = self.key in page.unfolded
        if words.detail:
            title = tr("Hide details") if is_open else tr("Details")
            right.append(Piece(title, "secondary", act=Toggle(self.key[1])))
        title_pieces = [Piece("✗", "bad", "text", label=tr("Error")), Piece(words.title, "text", "bold")]
        head = LineBox(title_pieces, look, _card_place(page, self._gap), right=right, height=look.card_line_px)
        boxes: list[Box] = [head, TextBox(Text((Run(words.text),)), look, inside)]
        if is_open:
            boxes.append(_code(page, words.detail, "", _card_place(page, 2 * look.step)))
        buttons = [
            Button(action_word(action), Ask(action, self.key[0]), is_primary=index == 0)
            for index, action in enumerate(words.actions)
        ]
        if buttons:
            boxes.append(ButtonsBox(buttons, look, _card_place(page, 3 * look.step)))
        return _in_card(boxes)


class FootPart(Part):
    """The line below a reply: what is waited for, or how it ended.

    Args:
        page: What all parts share.
        message: The reply as it stands.
        is_draft: It is being written.
    """

    def __init__(self, page: Page, message: Message, *, is_draft: bool) -> None:
        super().__init__(page)
        self.message = message
        self.is_draft = is_draft
        self.is_silent = True
        """Nothing grows at the moment, so what is waited for is said."""

    def tick(self) -> bool:
        """Time went by; tells whether its line changed."""
        return self.is_draft and (self.is_silent or self.page.session.waiting is not None)

    def build(self) -> list[Box]:
        pieces = self._running() if self.is_draft else self._ended()
        if not pieces:
            return []
        look = self.page.look
        return [LineBox(pieces, look, Place(gap=2 * look.step), height=look.line_px)]

    def _running(self) -> list[Piece]:
        session = self.page.session
        if waiting := session.waiting:
            left = self.page.retry_left_s(waiting)
            text = retry_text(waiting.error, waiting.attempt, waiting.of, left, needs_consent=waiting.needs_consent)
            now = tr("Retry anyway") if waiting.needs_consent else tr("Retry now")
            return [
                Piece("↻", "warn", "text", label=tr("Retry")),
                Piece(text, "text", may_shorten=True),
                Piece(now, "accent", act=Ask(ActionId.TURN_RETRY_NOW, self.message.id)),
                Piece(tr("Stop"), "accent", act=Ask(ActionId.TURN_STOP, self.message.id)),
            ]
        if not self.is_silent or any(status.state in OPEN for status in session.calls.values()):
            return []
        draft = session.draft
        rounds = draft.message().rounds if draft and draft.is_empty else ()
        since = session.elapsed_ms - (rounds[-1].started_ms if rounds else 0) if draft and draft.is_empty else 0
        what = tr("Waiting for the model…")
        if since >= 1000 and not rounds:
            # Nothing was sent yet: the keyring may be asking the person for its password.
            what = tr("Waiting for the key…") if self.message.model else tr("Waiting for the list of models…")
        return [Piece(what if since < 1000 else tr("{what} {n} s", what=what, n=since // 1000))]

    def _ended(self) -> list[Piece]:
        sign, text = ended_words(self.message.ended)
        has_words = any(not isinstance(block, Reasoning) for block in self.message.blocks)
        if self.message.ended is Ended.COMPLETE and not has_words:
            sign, text = "⚠", tr("The model answered nothing.")
        if not text or any(isinstance(block, Notice) for block in self.message.blocks[-1:]):
            return []
        pieces = [Piece(sign, "warn", "small", label=""), Piece(text, "secondary", may_shorten=True)]
        match self.message.ended:
            case Ended.WAITING:
                wanted = [ActionId.TURN_RESUME]
            case _ if not has_words or self.message.ended is Ended.FILTERED:
                wanted = [ActionId.MESSAGE_REGENERATE]
            case _:
                wanted = [ActionId.MESSAGE_CONTINUE, ActionId.MESSAGE_REGENERATE]
        return pieces + [Piece(action_word(a), "accent", act=Ask(a, self.message.id)) for a in wanted]


def action_word(action: ActionId) -> str:
    """What the button of an action says inside the page."""
    match action:
        case ActionId.MESSAGE_REGENERATE:
            return tr("Regenerate")
        case ActionId.MESSAGE_CONTINUE:
            return tr("Continue")
        case ActionId.TURN_RESUME:
            return tr("Resume")
        case ActionId.APP_ENDPOINTS:
            return tr("Open endpoints")
        case ActionId.MESSAGE_REPLY_WITH:
            return tr("Choose a model")
        case ActionId.CONVERSATION_SETTINGS:
            return tr("Conversation settings")
        case _:
            return str(action)


def _card_place(page: Page, gap: float) -> Place:
    pad = 3 * page.look.step
    return Place(gap=gap, left=pad, right=pad, shell=Shell.CARD)


def _in_card(boxes: list[Box]) -> list[Box]:
    """Say of each box where in the outline it stands; on paper there are no buttons."""
    boxes = [box for box in boxes if not (isinstance(box, ButtonsBox) and box.look.theme.is_paper)]
    last, step = len(boxes) - 1, boxes[0].look.step
    for index, box in enumerate(boxes):
        p = box.place
        bottom = 3 * step if last and index == last else 0
        box.stand(Place(
            gap=p.gap, left=p.left, right=p.right, bottom=bottom, shell=p.shell,
            is_first=index == 0, is_last=index == last, tone=p.tone,
        ))  # fmt: skip
    return boxes


def _code(page: Page, text: str, language: str, place: Place) -> CodeBox:
    return CodeBox(Code(Growing(text.split("\n")), language), page.look, place, page.make_highlight, has_header=False)


def _fold_label(is_open: bool) -> str:
    return tr("Fold") if is_open else tr("Unfold")
