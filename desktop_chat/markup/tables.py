"""GFM tables for the parser, with a whole table in one token.

The rule of markdown-it makes three tokens a cell and is slow on wide and on ragged tables;
what is a table and what is in its cells is the same here.
"""

import re
from collections.abc import Sequence

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

MAX_COLUMNS = 128
"""A table with more is shown as it is written."""

_DELIMITERS = re.compile(r"(?:[|:]|-(?![ \t]))[-:| \t]+")
_DELIMITER = re.compile(r":?-+:?")
_PIPE = re.compile(r"\\\||\|")
_SPACE = " \t\n\v\f\r\u00a0"


def table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A block rule: one token `table` with `meta` of `alignments` and `cells`, the header first."""
    if start_line + 2 > end_line or state.sCount[start_line + 1] < state.blkIndent:
        return False
    if state.is_code_block(start_line) or state.is_code_block(start_line + 1):
        return False
    alignments = _alignments(_line(state, start_line + 1))
    header = _line(state, start_line)
    if not alignments or "|" not in header:
        return False
    cells = _split(header)
    if len(cells) != len(alignments) or len(cells) > MAX_COLUMNS:
        return False
    if silent:
        return True
    parent = state.parentType
    state.parentType = "table"
    rows = [cells]
    line = start_line + 2
    enders = state.md.block.ruler.getRules("blockquote")
    while line < end_line and state.sCount[line] >= state.blkIndent:
        if any(ends(state, line, end_line, True) for ends in enders):
            break
        text = _line(state, line)
        if not text or state.is_code_block(line):
            break
        cells = _split(text)[: len(alignments)]
        rows.append(cells + ("",) * (len(alignments) - len(cells)))
        line += 1
    token = state.push("table", "table", 0)
    token.map = [start_line, line]
    token.meta = {"alignments": alignments, "cells": tuple(rows)}
    state.parentType = parent
    state.line = line
    return True


def table_token(lines: Sequence[str], first: int) -> Token | None:
    """The token of lines that all begin with `|`, which nothing but a blank line ends; `None` if they are no table."""
    alignments, header = _alignments(lines[1].strip(_SPACE)), _split(lines[0].strip(_SPACE))
    if not alignments or len(header) != len(alignments) or len(header) > MAX_COLUMNS:
        return None
    rows = [header]
    for line in lines[2:]:
        cells = _split(line.strip(_SPACE))[: len(alignments)]
        rows.append(cells + ("",) * (len(alignments) - len(cells)))
    meta = {"alignments": alignments, "cells": tuple(rows)}
    return Token("table", "table", 0, map=[first, first + len(lines)], meta=meta)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip(_SPACE)


def _alignments(line: str) -> tuple[str, ...]:
    """Of a delimiter row; empty if it is none."""
    if not _DELIMITERS.fullmatch(line):
        return ()
    parts = [part.strip() for part in line.split("|")]
    if not parts[0]:
        del parts[0]
    if parts and not parts[-1]:
        del parts[-1]
    if not all(_DELIMITER.fullmatch(part) for part in parts):
        return ()
    return tuple(_ALIGNMENT[part[0] == ":", part[-1] == ":"] for part in parts)


_ALIGNMENT = {(False, False): "", (True, False): "left", (False, True): "right", (True, True): "center"}


def _split(line: str) -> tuple[str, ...]:
    """The cells of a row; `\\|` is no border and loses its backslash."""
    parts: list[str] = []
    at = 0
    cell = ""
    for found in _PIPE.finditer(line):
        cell += line[at : found.start()]
        at = found.end()
        if found[0] == "|":
            parts.append(cell)
            cell = ""
        else:
            cell += "|"
    parts.append(cell + line[at:])
    if parts and not parts[0]:
        del parts[0]
    if parts and not parts[-1]:
        del parts[-1]
    return tuple(part.strip() for part in parts)
