"""The pages of the gallery."""

import base64
from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QWidget

from desktop_chat.domain.blocks import Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import CallState, RetryScheduled
from desktop_chat.domain.errors import PictureFailed, PictureProblem, Unreachable
from desktop_chat.domain.events import ReasoningDelta, TextDelta, ToolCallDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.formula import lacks_shapes
from desktop_chat.ui.transcript.boxes.formulas import Shape, shape_of
from desktop_chat.ui.transcript.boxes.image import PictureBox
from desktop_chat.ui.transcript.code.highlight import Highlighter
from desktop_chat.ui.transcript.page.selection import Position
from desktop_chat.ui.transcript.pictures.pictures import Stage, _key, data_of, decoded, fitting
from desktop_chat.ui.transcript.view import TranscriptView
from tests.looks.texts import LEAVES, WEATHER
from tests.ui.transcript.told import ToldSession


def shown(theme: Theme, session: ToldSession, height: int, *, unfold: bool = False) -> TranscriptView:
    """A page that shows a session from its end."""
    view = TranscriptView(theme)
    lexers = Highlighter()
    lexers.warm()
    view.colors._highlighter = lexers
    view.resize(780, height)
    view.show_session(session)
    if unfold and view.column is not None:
        for row in range(len(view.column.rows)):
            item = view.column.item(row)
            for part in range(1, len(item.message.blocks) + 1):
                item.toggle(part)
            view.refresh(item)
    # A long message is read in slices: it is looked at when all of it was.
    while view.column is not None and any(item.has_more for item in view.column.live_items):
        view.flush()
    return view


def weather(theme: Theme) -> QWidget:
    """The picture of the design."""
    session = ToldSession()
    session.asks("What's the weather in Berlin this week? Give me a table, and the Python to plot it.")
    call = ToolCall(CallId("a"), "get_weather", '{"location": "Berlin", "days": 3}')
    session.calls_stand(call, CallState.DONE, duration_ms=412, result=ToolResult(call.call_id, "{}", duration_ms=412))
    session.begins(Reasoning("I should ask the tool.", 2100), call, ToolResult(call.call_id, "{}", duration_ms=412))
    session.says(TextDelta(WEATHER + "Save it as `forecast.py` and run it; the plot opens in a "))
    return shown(theme, session, 700)


def leaves(theme: Theme) -> QWidget:
    """Every kind of leaf."""
    session = ToldSession()
    session.asks("Show me everything.")
    session.replies(Text(LEAVES))
    return shown(theme, session, 1560)


def cards(theme: Theme) -> QWidget:
    """Tool calls in every state."""
    session = ToldSession()
    session.asks("Use your tools.\n\nAll of them.")
    session.begins()
    session.elapsed_ms = 3400
    for index, state in enumerate(CallState):
        call = ToolCall(CallId(f"call{index}"), "get_weather", '{"location": "Berlin", "days": 3, "unit": "celsius"}')
        session.says(ToolCallDelta(index, call.call_id, call.name, call.arguments_json))
        facts: dict[str, object] = {"summary": "Looks up the weather in Berlin for 3 days.", "started_ms": 0}
        if state is CallState.DONE:
            facts = {"duration_ms": 412, "result": ToolResult(call.call_id, '{"temperature": 14}')}
        session.calls_stand(call, state, **facts)
    return shown(theme, session, 1000)


def open_cards(theme: Theme) -> QWidget:
    """Unfolded reasoning, calls and errors."""
    session = ToldSession()
    session.asks("And unfolded?")
    good = ToolCall(CallId("a"), "get_weather", '{"location": "Berlin", "days": 3}')
    bad = ToolCall(CallId("b"), "calculate", '{"expression": "1 / 0"}')
    session.replies(
        Reasoning("The user wants **flat** cost per token.\n\n- one document relayouts tables\n- boxes do not", 2100),
        good,
        ToolResult(good.call_id, '{"temperature": 14, "sky": "clear"}', duration_ms=412),
        bad,
        ToolResult(bad.call_id, "division by zero", is_error=True),
        Text("So much for that."),
        Notice("RateLimited", "429 Too Many Requests: slow down, please", 12.0),
        ended=Ended.FAILED,
    )
    return shown(theme, session, 1150, unfold=True)


def endings(theme: Theme) -> QWidget:
    """How replies can end, and what is waited for."""
    session = ToldSession()
    for ended in (Ended.STOPPED, Ended.INTERRUPTED, Ended.LENGTH, Ended.FILTERED):
        session.asks("Go on.")
        session.replies(Text("Once upon a"), ended=ended)
    session.asks("Do something bad.")
    session.replies(Refusal("I cannot help with that."))
    session.asks("```python\nprint('pasted')\n```\nWhat does this do?")
    session.replies(Notice("Unreachable", "connection refused"), ended=Ended.FAILED)
    session.asks("Once more.")
    session.begins()
    assert session.draft is not None
    session.waiting = RetryScheduled(session.draft.message_id, 2, 3, 4.0, Unreachable("refused"))
    return shown(theme, session, 1300)


LONG = "\n".join(f"    total += weight[{n}] * value[{n}]  # step {n} of the sum" for n in range(82))
CODE = f"""A long block is folded:

```python
def weigh(weight, value):
    total = 0
{LONG}
    return total
```

One with lines that are too long, and a patch:

```
The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog. The quick brown fox jumps.
```

```diff
--- a/forecast.py
+++ b/forecast.py
@@ -1,3 +1,3 @@
 days = ["Wed", "Thu", "Fri"]
-highs = [14, 11, 12]
+highs = [14, 11, 13]
```

    indented code
"""
MATH = r"""The roots are $x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}$, whenever $a \neq 0$ and $b^2 \geq 4ac$.

$$\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}$$

## Of matrices $A^{-1}$

$$\begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}
\begin{pmatrix} x \\ y \end{pmatrix} = \begin{pmatrix} x' \\ y' \end{pmatrix}$$

One that is wider than the column:

$$f(x) = a_0 + \sum_{n=1}^{\infty} \left( a_n \cos\frac{n\pi x}{L} + b_n \sin\frac{n\pi x}{L} \right)
= a_0 + a_1 \cos\frac{\pi x}{L} + b_1 \sin\frac{\pi x}{L} + a_2 \cos\frac{2\pi x}{L} + b_2 \sin\frac{2\pi x}{L} + \dots$$

- In a list: \(E = mc^2\), and $\nabla \cdot \vec{E} = \frac{\rho}{\varepsilon_0}$
- A price of $5 or $6 is no formula, and \(\frac{1\) cannot be read.

> $$\lim_{n\to\infty}\left(1+\frac1n\right)^n = e$$

| Name | Formula | Centred | Amount |
|------|---------|:-------:|-------:|
| Circle | $A = \pi r^2$ | area | $\pi$ |
| Roots, a name that is longer than the others and wraps | $x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}$ | two, where $b^2 > 4ac$, and `one` if $b^2 = 4ac$, or else none at all | $\frac{1}{2}$ |
| Sum | $$\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}$$ | $e$ | 1.64 |
| Wrong | $\frac{1$ | $5 or $6 | $x$ |

$$\begin{aligned} x &= \frac{a}{b} + \frac{c}{d} \\ &= \frac{ad + bc}{bd} \\ y &= x + 1 \\ z &= y \end{aligned}$$
"""


def code(theme: Theme) -> QWidget:
    """Code: folded, numbered, too wide, as a patch."""
    session = ToldSession()
    session.asks("Show me code.")
    session.replies(Text(CODE))
    view = shown(theme, session, 1240)
    view.set_code_numbers(True)
    return view


def formulas(theme: Theme) -> QWidget:
    """Formulas of every kind."""
    session = ToldSession()
    session.asks("Show me mathematics.")
    session.replies(Text(MATH))
    view = shown(theme, session, 880)
    view.look.shape = cached_shape
    view.lay_out_again(lacks_shapes)
    return view


def pictures(theme: Theme) -> QWidget:
    """Pictures: in the text, on the web, on the way, not to be had."""
    session = ToldSession()
    session.asks("Show me pictures.")
    away = "https://images.example.org/cat.png"
    session.replies(
        Text(
            f"Here is one:\n\n![A hill at dusk]({painted(640, 360)})\n\nAnd a small one ![dot]({painted(48, 48)}) "
            f"within a sentence.\n\n![A cat on a sofa]({away})\n\n![Another cat](https://slow.example.org/cat.png)"
            "\n\n![A third](https://gone.example.org/cat.png)\n\n![A fourth](https://moved.example.org/cat.png)"
            "\n\n![A plot](sandbox:/mnt/data/plot.png)"
        )
    )
    view = shown(theme, session, 1060)
    store = view.gallery.start()
    store.picture("https://slow.example.org/cat.png").stage = Stage.LOADING
    for name, failure in {
        "gone": PictureFailed(PictureProblem.REFUSED, detail="404"),
        "moved": PictureFailed(PictureProblem.ELSEWHERE, address="https://cdn.example.net/cat.png"),
    }.items():
        picture = store.picture(f"https://{name}.example.org/cat.png")
        picture.stage, picture.failure = Stage.FAILED, failure
    for box in [box for item in view.column.live_items for box in item.boxes] if view.column else ():
        for href in box.hrefs if isinstance(box, PictureBox) else ():
            if store.picture(href).is_here:
                size = fitting(store.picture(href).size, 700, 460) * view.devicePixelRatioF()
                for wanted in (size, store.picture(href).size):
                    QPixmapCache.insert(
                        _key(store.picture(href).address, wanted),
                        QPixmap.fromImage(decoded(data_of(store.picture(href)), wanted)),
                    )
    view.lay_out_again(lambda box: True)
    return view


def painted(width: int, height: int) -> str:
    """A picture as it may stand in a text."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sky = QLinearGradient(0, 0, 0, height)
    for at, color in ((0, QColor.fromHsv(215, 120, 150)), (0.7, QColor.fromHsv(20, 110, 245))):
        sky.setColorAt(at, color)
    painter.fillRect(image.rect(), sky)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromHsv(45, 90, 255))
    painter.drawEllipse(QPointF(width * 0.7, height * 0.45), height * 0.12, height * 0.12)
    painter.setBrush(QColor.fromHsv(150, 90, 70))
    painter.drawEllipse(QPointF(width * 0.3, height * 1.1), width * 0.6, height * 0.5)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.data()).decode()


@cache
def cached_shape(tex: str, is_display: bool, size: float) -> Shape | None:
    """Set a formula here and now; a page has a worker for it."""
    return shape_of(tex, is_display, size)


def thinking(theme: Theme) -> QWidget:
    """While nothing but thoughts has come, and a waiting reply."""
    session = ToldSession()
    session.asks("Think!")
    session.begins()
    session.says(ReasoningDelta("Let me see"))
    view = shown(theme, session, 260)
    session.elapsed_ms = 3200
    return view


TABLE = """Some options:

| Option | Default | What it does |
|:--|--:|---|
| `--port` | `8080` | Listens on this port, or on any that is free |
| `--host` | `localhost` | A **longer** remark with a [link](https://example.org) that has to wrap in its cell |
"""


def reading(theme: Theme) -> QWidget:
    """Selected, found, pointed at."""
    session = ToldSession()
    session.asks("How should I stream tokens into Qt? Please compare the designs.")
    session.replies(Reasoning("It should be flat.", 8000), Text(LEAVES))
    view = shown(theme, session, 1100)
    view.show()
    view.move_to(0)
    view.reading.selection.anchor = Position(1, 7, 4)
    view.reading.selection.head = Position(1, 12, 6)
    view.finding.open()
    view.finding.bar.field.setText("stream")
    view.reading.offer_toolbar(1)
    return view


def keyboard(theme: Theme) -> QWidget:
    """What has the keyboard is marked."""
    session = ToldSession()
    session.asks("Which options are there?\n\n" + "and a long text\n" * 40)
    session.replies(Text(TABLE))
    view = shown(theme, session, 560)
    view.setFocus()
    view.reading.focus_next(True)
    view.reading.focus_next(True)
    return view


def editing(theme: Theme) -> QWidget:
    """A message that is being edited where it stands."""
    session = ToldSession()
    question = session.asks("Which options are there?")
    session.replies(Text(TABLE))
    view = shown(theme, session, 460)
    view.edit(question.id)
    return view


def empty(theme: Theme) -> QWidget:
    """Nothing said yet."""
    return shown(theme, ToldSession(), 300)


PAGES: dict[str, Callable[[Theme], QWidget]] = {
    "weather": weather,
    "leaves": leaves,
    "code": code,
    "formulas": formulas,
    "pictures": pictures,
    "cards": cards,
    "open-cards": open_cards,
    "endings": endings,
    "thinking": thinking,
    "reading": reading,
    "keyboard": keyboard,
    "editing": editing,
    "empty": empty,
}
