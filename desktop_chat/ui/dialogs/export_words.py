"""The words of exports: what each format is for, and what stands in the files."""

from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.message import Ended
from desktop_chat.exporting.format import Format, Words
from desktop_chat.ui.dialogs.export_work import Shape
from desktop_chat.ui.dialogs.parts import tr
from desktop_chat.ui.messages import explain


def about(format_: Format) -> str:
    """What a format is good for, in one sentence."""
    known = {
        "markdown": tr(
            "For editors and notes: headings, code and tables as they were written; pictures in a folder beside it."
        ),
        "html": tr("For any browser: one page that needs nothing else, with formulas and coloured code."),
        "pdf": tr("For paper and for sending: pages as they are printed."),
        "plain": tr("For mail and everything else: words without any markup."),
        "json": tr("Everything, every version of every message. Desktop Chat reads it again as it was."),
        "json_lines": tr("Like JSON, with one conversation in each line. Good for very many."),
        "openai_messages": tr("For programs: the messages as the OpenAI API takes them."),
        "openai_lines": tr("For training: one line of messages for each conversation."),
    }
    return known.get(format_.code, "")


def shape_text(shape: Shape) -> str:
    """What many conversations become."""
    return {
        Shape.FILE: tr("One file"),
        Shape.FOLDER: tr("A folder with a file for each"),
        Shape.ZIP: tr("A zip archive with a file for each"),
    }[shape]


def words() -> Words:
    """What stands in exported files besides the conversations."""
    return Words(
        person=tr("You"),
        model=tr("Assistant"),
        untitled=tr("Untitled"),
        system_prompt=tr("System prompt"),
        reasoning=tr("Reasoning"),
        refusal=tr("Declined"),
        tool_call=tr("Tool call"),
        result=tr("Result"),
        failed=tr("Failed"),
        no_result=tr("Not run"),
        note=tr("Note"),
        ended={
            Ended.LENGTH: tr("Cut off at the limit of tokens"),
            Ended.FILTERED: tr("Cut off by the provider's filter"),
            Ended.WAITING: tr("Waits for an answer to a tool call"),
            Ended.STOPPED: tr("Stopped"),
            Ended.INTERRUPTED: tr("Interrupted"),
            Ended.FAILED: tr("Failed"),
        },
        notice=_notice,
    )


def _notice(notice: Notice) -> str:
    explanation = explain(notice)
    return f"{explanation.title}. {explanation.text}"
