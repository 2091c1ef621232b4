"""JSON value by value: the same as all at once, at every cut; damage costs what it hits."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.importing import json_values
from desktop_chat.importing.deep_json import deep_value
from desktop_chat.importing.json_values import JsonValues
from desktop_chat.importing.problems import Notes, Problem, ProblemKind

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)


class Dripping:
    """Gives a few bytes at a time, whatever is asked for."""

    def __init__(self, content: bytes, size: int) -> None:
        self._file = io.BytesIO(content)
        self._size = size

    def read(self, size_bytes: int) -> bytes:
        return self._file.read(self._size)


def reading(content: bytes, size: int = 2**20, *, is_lines: bool = False) -> tuple[JsonValues, Notes]:
    notes = Notes()
    return JsonValues(Dripping(content, size), "f", notes, is_lines=is_lines), notes  # type: ignore[arg-type]


def everything(content: bytes, size: int = 2**20, *, is_lines: bool = False) -> tuple[list[Any], tuple[Problem, ...]]:
    reader, notes = reading(content, size, is_lines=is_lines)
    match reader.kind():
        case "array":
            found = [value for _, value in reader.elements()]
        case "lines":
            found = [value for _, value in reader.lines()]
        case "object":
            found = [{member.key: member.value for member in reader.members()}]
        case _:
            found = []
    return found, notes.take()


@given(st.lists(values, max_size=5), st.integers(1, 9), st.sampled_from([None, 1]), st.booleans())
@settings(max_examples=150)
def test_an_array_is_the_same_however_it_is_cut(array: list[Any], size: int, indent: int | None, ascii_: bool) -> None:
    content = json.dumps(array, indent=indent, ensure_ascii=ascii_).encode("utf-8", "surrogatepass")

    assert everything(content, size) == (array, ())


@given(st.dictionaries(st.text(max_size=5), values, max_size=5), st.integers(1, 9))
@settings(max_examples=100)
def test_an_object_is_the_same_however_it_is_cut(data: dict[str, Any], size: int) -> None:
    assert everything(json.dumps(data).encode(), size) == ([data], ())


@given(st.lists(st.dictionaries(st.text(max_size=5), values, max_size=3), max_size=5), st.integers(1, 9))
@settings(max_examples=60)
def test_lines_are_the_same_however_they_are_cut(rows: list[Any], size: int) -> None:
    content = "\n".join(json.dumps(row) for row in rows).encode()

    assert everything(content, size, is_lines=True) == (rows, ())


@given(values)
def test_the_parser_for_deep_values_reads_what_the_other_reads(value: Any) -> None:
    text = json.dumps(value, indent=1)

    assert deep_value(text, 0) == (value, len(text))


@given(st.text(alphabet='[]{}",:0123.eE+-truefalsn\\ ', max_size=30))
@settings(max_examples=300)
def test_the_parser_for_deep_values_refuses_what_the_other_refuses(text: str) -> None:
    def read(parser: Any) -> Any:
        try:
            return parser(text.lstrip())
        except ValueError:
            return ValueError

    expected = read(lambda rest: json.JSONDecoder(strict=False).raw_decode(rest, 0))
    assert read(lambda rest: deep_value(rest, 0)) == expected


def test_lines_are_recognised_without_their_suffix() -> None:
    assert everything(b'{"a": 1}\n{"a": 2}\n')[0] == [{"a": 1}, {"a": 2}]


def test_a_broken_element_costs_only_itself() -> None:
    found, problems = everything(b'[{"a": 1}, {"b": tru, "c": "]"}, nonsense, {"d": 4}]')

    assert found == [{"a": 1}, {"d": 4}]
    assert [problem.where for problem in problems] == ["f[1]", "f[2]"]


def test_a_broken_line_costs_only_itself() -> None:
    found, problems = everything(b'{"a": 1}\n{"a": \n\n{"a": 3} more\n{"a": 4}', is_lines=True)

    assert found == [{"a": 1}, {"a": 4}]
    assert [problem.where for problem in problems] == ["f:2", "f:4"]


def test_a_file_that_breaks_off_gives_what_is_whole_and_says_so() -> None:
    found, problems = everything(b'[{"a": 1}, {"b": "half')

    assert found == [{"a": 1}]
    assert [problem.kind for problem in problems] == [ProblemKind.NOT_READABLE, ProblemKind.NOT_READABLE]
    assert problems[0].detail == "not JSON at character 17: unterminated string"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_an_encoding_are_heeded(encoding: str) -> None:
    assert everything('[{"a": "é漢"}]'.encode(encoding), 3) == ([{"a": "é漢"}], ())


def test_bytes_that_are_no_text_are_replaced_and_noted() -> None:
    found, problems = everything(b'[{"a": "x\xff\xfey"}, {"b": "\xc3\xa9"}]', 7)

    assert found == [{"a": "x��y"}, {"b": "é"}]
    assert [problem.kind for problem in problems] == [ProblemKind.REPLACED]


def test_a_deep_value_is_read_and_a_bottomless_one_is_not() -> None:
    deep = b'{"c":[' * 5_000 + b"]}" * 5_000
    bottomless = b"[" * 200_000

    found, problems = everything(b"[1," + deep + b"," + bottomless)

    assert found[0] == 1
    assert len(found) == 2
    assert problems[0].kind is ProblemKind.TOO_DEEP


def test_a_number_of_endless_digits_is_refused_and_the_rest_read() -> None:
    found, problems = everything(b"[" + b"9" * 10_000 + b", 2]")

    assert found == [2]
    assert len(problems) == 1


def test_a_value_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "MAX_VALUE", 100)
    monkeypatch.setattr(json_values, "PORTION_BYTES", 10)

    found, problems = everything(b'["' + b"a" * 500 + b'", 2]', 10)

    assert found == [2]
    assert [problem.kind for problem in problems] == [ProblemKind.TOO_LARGE]


def test_long_values_are_not_looked_at_again_and_again() -> None:
    looked_at = 0
    real = json_values._read

    def counting(text: str, at: int) -> Any:
        nonlocal looked_at
        looked_at += len(text) - at
        return real(text, at)

    content = json.dumps([{"text": "word " * 2_000_000}]).encode()
    notes = Notes()
    reader = JsonValues(io.BytesIO(content), "f", notes)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "_read", counting)
        reader.kind()
        assert len(list(reader.elements())) == 1

    assert looked_at < 3 * len(content)


@pytest.mark.parametrize("size", [1, 7, 2**20], ids=str)
def test_a_line_beyond_the_limit_costs_that_line_alone(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "MAX_VALUE", 40)
    monkeypatch.setattr(json_values, "PORTION_BYTES", 8)
    content = b'{"a": 1}\n["' + b"long " * 50 + b'"]\n{"b": 2}\n'

    found, problems = everything(content, size, is_lines=True)

    assert found == [{"a": 1}, {"b": 2}]
    assert [(problem.kind, problem.where) for problem in problems] == [(ProblemKind.TOO_LARGE, "f:2")]


@pytest.mark.parametrize("size", [1, 7, 2**20], ids=str)
@pytest.mark.parametrize(
    "value",
    [b'"' + rb"[ \\ \" ] , } " * 20 + b'"', b'["' + rb"[[ \" {{ \\" * 20 + b'", [1]]'],
    ids=["a text", "an array"],
)
def test_a_value_beyond_the_limit_is_passed_over_whatever_stands_in_its_texts(
    value: bytes, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_values, "MAX_VALUE", 40)
    monkeypatch.setattr(json_values, "PORTION_BYTES", 8)

    found, problems = everything(b"[1, " + value + b", [2]]", size)

    assert found == [1, [2]]
    assert [problem.kind for problem in problems] == [ProblemKind.TOO_LARGE]
