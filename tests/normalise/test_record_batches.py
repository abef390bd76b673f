"""Records of many shapes in one batch: each keeps its place, and what is no event costs only itself."""

from __future__ import annotations

import pytest
from normalised import LOGON, SUBJECT, columns, event, only, system, without, written

from logonscope.normalise.dims import Dims
from logonscope.normalise.envelope import Envelopes


def test_records_of_all_shapes_in_one_batch_keep_their_places() -> None:
    records = [
        event(system(EventRecordID=1), EventData=LOGON),
        event(system(4672, EventRecordID=2), EventData=SUBJECT),
        event(system(9999, "Somebody-Else", EventRecordID=3), EventData={"a": 1}),
        event(system(1102, "Microsoft-Windows-Eventlog", EventRecordID=4), UserData={"LogFileCleared": SUBJECT}),
        event(system(4608, EventRecordID=5), EventData=None),
        event(system(4634, EventRecordID=6), EventData=LOGON | {"LogonType": 3}),
    ]
    alone = [only(record) for record in records]
    together, bad = columns(*(written(record) for record in records))
    assert bad == []
    for number, (one, row) in enumerate(zip(alone, together, strict=True)):
        assert row == one | {"header_id": 501 + number}


NO_EVENTS = ("", "null", "7", "[]", "{}", '{"Event":null}', '{"Event":{"System":[]}}', "{", '{"Event":' * 3000)


@pytest.mark.parametrize("text", NO_EVENTS, ids=range(len(NO_EVENTS)))
def test_a_record_that_is_no_event_costs_only_itself(text: str) -> None:
    good = written(event(system(), EventData=LOGON))
    rows, bad = columns(good, text, written(event(system(Version="2"), EventData=LOGON)))
    assert bad == [1]
    assert [row["logon_id"] for row in rows] == [0x5A1B2, None, 0x5A1B2]
    assert (rows[1]["header_id"], rows[1]["record_id"], rows[1]["provider"]) == (502, 502, "")


def test_an_event_without_provider_is_reported_but_keeps_what_was_understood() -> None:
    rows, bad = columns(written(event(without(system(), "Provider"), EventData=LOGON)))
    assert bad == [0]
    assert (rows[0]["record_id"], rows[0]["event_id"], rows[0]["channel"]) == (71, 4624, "Security")


def test_no_records_make_an_empty_batch() -> None:
    assert columns() == ([], [])


def test_records_of_an_unusual_shape_are_of_one_kind_where_they_say_the_same() -> None:
    take_apart = Envelopes(Dims())
    texts = [written(event(system(EventRecordID=number, Version="2"), EventData=LOGON)) for number in range(1, 50)]
    records = take_apart(texts)
    assert records.bad == []
    assert len(take_apart.kinds) == len({kind.number for kind in records.kinds}) == 1
