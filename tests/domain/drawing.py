"""What Hypothesis draws the parts of any message from."""

from hypothesis import strategies as st

from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId, PictureId
from desktop_chat.domain.message import Round
from desktop_chat.domain.usage import Usage

words = st.text(max_size=30)
counts = st.integers(0, 10**9)
maybe = st.none() | counts
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, words),
    st.builds(Reasoning, words, maybe),
    st.builds(Refusal, words),
    st.builds(ToolCall, words.map(CallId), words, words),
    st.builds(ToolResult, words.map(CallId), words, st.booleans(), counts, counts),
    st.builds(Notice, words, words, st.none() | st.floats(0, 1e6)),
    st.builds(Image, words.map(PictureId), words, counts, counts, words),
)
rounds = st.builds(
    Round, counts, maybe, maybe, st.none() | words, st.none() | st.builds(Usage, maybe, maybe, maybe, maybe, maybe)
)
