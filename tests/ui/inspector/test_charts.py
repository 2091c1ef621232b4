from desktop_chat.domain.changes import CallState
from desktop_chat.ui.inspector.charts import RateChart, Timeline
from desktop_chat.ui.inspector.figures import Span, spans_of, turn_of
from tests.ui.inspector.sessions import finished


def has_color(widget, color):
    image = widget.grab().toImage()
    return any(image.pixelColor(x, y) == color for x in range(image.width()) for y in range(image.height()))


def test_a_rate_is_drawn_in_the_accent(qtbot, theme):
    chart = RateChart(theme)
    qtbot.addWidget(chart)
    chart.resize(200, 60)

    chart.show_points([(0, 50.0), (1000, 50.0), (2000, 50.0)], 2000)

    assert has_color(chart, theme.color("accent"))
    assert chart.words() == "Highest 50.0 /s"


def test_nothing_measured_is_an_empty_axis(qtbot, theme):
    chart = RateChart(theme)
    qtbot.addWidget(chart)
    chart.resize(200, 60)

    chart.show_points([], 0)

    assert not has_color(chart, theme.color("accent"))
    assert has_color(chart, theme.color("line"))


def test_the_timeline_is_told_in_words(qtbot, theme):
    timeline = Timeline(theme)
    qtbot.addWidget(timeline)

    timeline.show_spans(spans_of(turn_of(finished())), 4820)

    assert timeline.words().splitlines() == [
        "Request 1: 1.31 s, first token after 182 ms",
        "get_weather: 412 ms",
        "Request 2: 3.10 s, first token after 178 ms",
    ]
    assert timeline.sizeHint().height() == 3 * theme.px(25)


def test_a_failed_tool_has_a_sign_not_only_a_colour(qtbot, theme):
    timeline = Timeline(theme)
    qtbot.addWidget(timeline)
    timeline.resize(300, 60)

    timeline.show_spans([Span(0, "calculator", 0, None, 10, False, CallState.FAILED)], 10)

    assert timeline.words() == "✗ calculator: 10 ms"
    assert has_color(timeline, theme.color("bad"))
