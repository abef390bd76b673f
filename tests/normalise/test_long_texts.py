"""Texts that are too long are cut, and that is said; what is as long as Windows writes is kept whole."""

from __future__ import annotations

import json

import pytest

from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.normalise.long_texts import LONGEST, cut_long
from logonscope.readers.raw import RawBatch

LONG = "x" * LONGEST


def test_what_windows_writes_is_whole() -> None:
    texts = [json.dumps({"Binary": "0" * (LONGEST - 100)}).encode(), b""]
    assert cut_long(texts) == (texts, [])


def test_a_long_value_keeps_its_beginning_and_the_others_are_whole() -> None:
    (kept, other), places = cut_long([json.dumps({"TargetUserName": "alice", "Script": LONG}).encode(), b"{}"])
    assert (other, places) == (b"{}", [0])
    fields = json.loads(kept)
    assert fields["TargetUserName"] == "alice"
    assert fields["Script"].startswith("xxx")
    assert fields["Script"].endswith(f"[cut: {LONGEST:,} characters]")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({str(number): "x" * 1000 for number in range(1000)}),
        json.dumps({"deep": [LONG]}),
        json.dumps([LONG]),
        "{" + LONG,
        json.dumps({"wide": "\N{GRINNING FACE}" * (LONGEST // 4)}, ensure_ascii=False),
        "[" * LONGEST + "]" * LONGEST,
    ],
)
def test_nothing_is_longer_than_that(text: str) -> None:
    (kept,), places = cut_long([text.encode()])
    assert places == [0]
    assert len(kept) <= LONGEST
    json.loads(kept)


def test_a_record_that_was_cut_is_told_of() -> None:
    system = {"EventID": 4624, "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}}}
    texts = [
        json.dumps({"Event": {"System": system, "EventData": {"TargetUserName": "bob", "Script": filler}}})
        for filler in ("short", LONG)
    ]
    events, odd = Normaliser(Dims())(RawBatch([1, 2], ["2026-05-11T12:45:17Z"] * 2, texts, 1), 1)
    assert odd == [1]
    assert json.loads(events.column("event_data")[1].as_py())["TargetUserName"] == "bob"
