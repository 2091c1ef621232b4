"""The words of imports: what could not be taken over, and counts."""

from collections.abc import Iterable

from desktop_chat.importing.problems import WORDS, Problem
from desktop_chat.importing.reading import Preview
from desktop_chat.ui.dates import day_text
from desktop_chat.ui.dialogs.parts import tr
from desktop_chat.ui.numbers import conversations_text, count_text, messages_text


def problem_text(problem: Problem) -> str:
    """One line about something that was not taken over as it is."""
    return problem.said(tr(WORDS[problem.kind]))


def problem_lines(problems: Iterable[Problem], count: int) -> str:
    """A line each, and how many more there are."""
    lines = [problem_text(problem) for problem in problems]
    if count > len(lines):
        lines.append(tr("… and {n} more").format(n=count_text(count - len(lines))))
    return "\n".join(lines)


def problems_title(count: int) -> str:
    """How many things were not taken over."""
    if count == 1:
        return tr("1 thing cannot be taken over as it is")
    return tr("{n} things cannot be taken over as they are").format(n=count_text(count))


def contents_text(preview: Preview) -> str:
    """What there is, in one sentence."""
    many = len(preview.found)
    conversations, messages = conversations_text(many), messages_text(preview.messages)
    first, last = day_text(preview.first_at), day_text(preview.last_at)
    if not first or not last:
        return f"{conversations}, {messages}"
    when = first if first == last else tr("{first} to {last}").format(first=first, last=last)
    return f"{conversations}, {messages}, {when}"


def here_text(known: int, many: int) -> str:
    """How many are in the library; empty if none is."""
    if not known:
        return ""
    if known == many:
        return tr("All of them are here already: only messages that are new are added.")
    count = count_text(known)
    return tr("Already here: {n}. Of these, only messages that are new are added.").format(n=count)
