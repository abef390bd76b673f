"""Records of any format, brought into the shape that is normalised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.readers.raw import RawBatch
from logonscope.readers.record_text import Head, Tail, record_text
from logonscope.readers.stamps import filetime_stamp, utc_stamp

TIME = "2026-05-11T12:45:17.660156"
STAMP = "2026-05-11T12:45:17.6601562Z UTC"


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-11T12:45:17.660156200Z",
        "2026-05-11T12:45:17.6601562Z",
        "2026-05-11 12:45:17.6601562",
        "2026-05-11T14:45:17.6601562+02:00",
        "2026-05-11T07:15:17.6601562-0530",
    ],
)
def test_times_come_in_one_form(text: str) -> None:
    assert utc_stamp(text) == (TIME, STAMP)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-05-11", "11.05.2026 12:45:17", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time(text: str) -> None:
    assert utc_stamp(text) is None


def test_ticks_since_1601() -> None:
    assert filetime_stamp(0) == ("1601-01-01T00:00:00.000000", "1601-01-01T00:00:00.0000000Z UTC")
    assert filetime_stamp(134_229_771_176_601_562) == ("2026-05-11T12:45:17.660156", STAMP)
    assert filetime_stamp((1 << 64) - 1) is None


texts = st.none() | st.text()


def shown_as(text: str | None) -> str:
    """A text as a dim keeps it."""
    return "" if text is None or text.strip() == "-" else text.strip()


@given(
    provider=texts, guid=texts, channel=texts, computer=texts, activity=texts,
    event_id=st.none() | st.integers(0, 65535), record_id=st.none() | st.integers(0, 1 << 63),
    fields=st.none() | st.dictionaries(st.text(), st.none() | st.text() | st.integers(0, 1 << 63)),
)  # fmt: skip
def test_whatever_is_in_a_record_it_is_understood(
    provider: str | None, guid: str | None, channel: str | None, computer: str | None, activity: str | None,
    event_id: int | None, record_id: int | None, fields: dict[str, object] | None,
) -> None:  # fmt: skip
    head, tail = Head(provider, event_id, keywords="0x8010000000000000", guid=guid), Tail(4, 5, channel, computer)
    text = record_text(head, TIME, record_id, activity, tail, fields)
    dims = Dims()
    batch, bad = Normaliser(dims)(RawBatch([7], [STAMP], [text], len(text)), 1)
    row = batch.to_pylist()[0]
    known = (provider or "").strip() not in ("", "-")
    assert bad == ([] if known else [0])
    assert (row["record_id"], row["event_id"], row["tick"]) == (7 if record_id is None else record_id, event_id or 0, 2)
    assert row["time"].isoformat() == TIME
    assert row["outcome"] == 2
    assert dims.text["channel"].texts[row["channel"]] == shown_as(channel)
