"""Objects are cut out of any text of JSON, and what is wrong costs itself alone."""

from __future__ import annotations

import json
from itertools import repeat
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.readers import json_values as cutter
from logonscope.readers.json_values import Fault, Value, json_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest import MonkeyPatch

GOOD = b'{"a":1}\n'
RECORDS = [{"a": i, "d": [{"x": 1}, {"y": '}{"é\n'}], "n": {"k": {}, "e": []}} for i in range(20)]
MIB = 1 << 20


def compact(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)


TEXTS = {
    "lines": "\n".join(map(compact, RECORDS)),
    "lines of Windows": "\r\n".join(map(compact, RECORDS)) + "\r\n",
    "array": json.dumps(RECORDS),
    "array, one a line": "[\n" + ",\n".join(map(compact, RECORDS)) + "\n]\n",
    "array, comma first": "[" + "\n,".join(map(compact, RECORDS)) + "]",
    "pretty": json.dumps(RECORDS, indent=2),
    "pretty of Windows": json.dumps(RECORDS, indent=4).replace("\n", "\r\n"),
    "pretty with tabs": json.dumps(RECORDS, indent="\t"),
    "pretty, one after the other": "\n".join(json.dumps(record, indent=1) for record in RECORDS),
    "pretty without a break": "".join(json.dumps(record, indent=2) for record in RECORDS),
    "after lines": "".join(f"Record {i}\n{json.dumps(record, indent=2)}\n" for i, record in enumerate(RECORDS)),
    "on one line": "".join(map(compact, RECORDS)),
    "with a mark": "\ufeff" + "\n".join(map(compact, RECORDS)),
    "JSON sequence": "".join(f"\x1e{compact(record)}\n" for record in RECORDS),
}


def blocks(text: bytes, size: int) -> Iterable[bytes]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def cut(text: bytes, size: int = MIB) -> list[Value | Fault]:
    found = list(json_values(blocks(text, size)))
    for value in found:
        if isinstance(value, Value) and not value.mended:
            assert text[value.offset : value.offset + len(value.text)] == value.text
    return found


def records(found: Iterable[Value | Fault]) -> list[Any]:
    return [value.record if isinstance(value, Value) else value for value in found]


@pytest.mark.parametrize("size", [1, 7, 100, MIB])
@pytest.mark.parametrize("name", TEXTS)
def test_every_layout(name: str, size: int) -> None:
    assert records(cut(TEXTS[name].encode(), size)) == RECORDS


@pytest.mark.parametrize("size", [7, 100, MIB])
@pytest.mark.parametrize("name", TEXTS)
def test_lines_without_end(name: str, size: int, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(cutter, "_LONG_LINE", 10)
    monkeypatch.setattr(cutter, "_SURE_OF_FAULT", 60)
    assert records(cut(TEXTS[name].encode(), size)) == RECORDS


FAULTS = {
    "the file ends in a record": (GOOD + b'{"a":{"b":', [8], "no end"),
    "a record ends in a line": (GOOD + b'{"a":{"b":\n' + GOOD, [8], "no end"),
    "a pretty record ends": (b'{\n  "a": {\n    "b": 1\n{\n  "a": 1\n}\n', [0], "no end"),
    "other text": (GOOD + b"hello\n" + GOOD, [8], "no JSON object"),
    "broken in a line": (GOOD + b'{"a":x}\n' + GOOD, [8], "not well-formed"),
    "broken over lines": (b'{\n  "a": x\n}\n' + GOOD, [0], "not well-formed"),
    "broken in an array": (b'[{"a":1},{"a":x},{"a":1}]', [9], "not well-formed JSON at character 5 of this"),
    "no object": (b'{"a":1} 5 {"a":1}', [8], "no JSON object"),
    "deep": (GOOD + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"\n" + GOOD, [8], "too deep"),
    "deep without end": (GOOD + b'{"a":' * 100_000 + b"\n" + GOOD, [8], "too deep"),
    "deep arrays": (GOOD + b"[" * 100_000 + b"\n" + GOOD, [8], "brackets"),
    "zeros": (GOOD + bytes(5000) + b"\n" + GOOD, [8], "zero bytes"),
    "no number": (b'{"a":NaN}\n' + GOOD, [0], "not well-formed"),
    "endless number": (b'{"a":1' + b"0" * 5000 + b"}\n" + GOOD, [0], "not well-formed"),
}


@pytest.mark.parametrize("size", [5, MIB])
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_costs_itself(name: str, size: int) -> None:
    text, offsets, reason = FAULTS[name]
    found = cut(text, size)
    faults = [value for value in found if isinstance(value, Fault)]
    assert [fault.offset for fault in faults] == offsets
    assert all(reason in fault.reason for fault in faults)
    assert {value.record["a"] for value in found if isinstance(value, Value)} == {1}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b'{"a":"\xff\xfe"}', "\ufffd\ufffd"),
        (b'{"a":"x\0y"}', "x\0y"),
        (b'{"a":"\\ud800"}', "?"),
    ],
)
def test_bytes_that_are_no_text_are_replaced_and_told(text: bytes, shown: str) -> None:
    first, second = cut(text + b"\n" + GOOD)
    assert isinstance(first, Value)
    assert (first.record, bool(first.mended)) == ({"a": shown}, True)
    assert isinstance(second, Value)
    assert (second.record, second.mended) == ({"a": 1}, "")


@pytest.mark.parametrize("filling", [b"a", b"[", b" ", b"\0", b'{"a":', b'"a",'])
def test_a_line_of_hundreds_of_megabytes_takes_the_memory_of_a_few(filling: bytes) -> None:
    block = filling * (MIB // len(filling))
    held: list[int] = []

    def text() -> Iterable[bytes]:
        for piece in repeat(block, 200):
            held.append(len(piece))
            yield piece
        yield b"\n" + GOOD

    found = list(json_values(text()))
    assert len(held) == 200
    assert records(found)[-1] == {"a": 1}
    assert len(found) <= 201


def test_an_object_without_end_is_given_up() -> None:
    text = iter([b'{"a":"', *repeat(b"a" * MIB, 20), b'"}\n', GOOD])
    *faults, last = json_values(text)
    assert all(isinstance(fault, Fault) for fault in faults)
    assert isinstance(last, Value)


@settings(max_examples=200, deadline=None)
@given(text=st.binary(max_size=200), size=st.integers(1, 50))
def test_any_bytes(text: bytes, size: int) -> None:
    for value in cut(text, size):
        assert 0 <= value.offset <= len(text)


@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(
        st.dictionaries(
            st.text(st.characters(codec="utf-8"), max_size=5),
            st.recursive(
                st.none() | st.booleans() | st.integers(-(1 << 60), 1 << 60) | st.text(st.characters(codec="utf-8")),
                lambda inner: (
                    st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner)
                ),
                max_leaves=5,
            ),
        ),
        max_size=5,
    ),
    indent=st.none() | st.integers(1, 4),
    size=st.integers(1, 60),
    noise=st.text(st.sampled_from("xyz \n"), max_size=10),
)
def test_any_objects(values: list[dict[str, Any]], indent: int | None, size: int, noise: str) -> None:
    text = f"{noise}\n" + "\n".join(json.dumps(value, indent=indent) for value in values)
    found = [value.record for value in cut(text.encode(), size) if isinstance(value, Value)]
    assert found == values
