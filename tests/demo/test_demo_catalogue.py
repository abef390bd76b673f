"""The events that the writer knows."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from demo_logs import FIRST_TIME, libevtx_texts, record_ids

from logonscope.demo.catalogue import event_kind
from logonscope.demo.evtx_writer import encode_log
from logonscope.demo.records import EventKind, FieldType, FieldValue, Record

_SAMPLES: dict[FieldType, FieldValue] = {
    FieldType.UNICODE_STRING: "text",
    FieldType.SID: "S-1-5-18",
    FieldType.GUID: "00000000-0000-0000-0000-000000000000",
    FieldType.FILETIME: FIRST_TIME,
    FieldType.STRING_ARRAY: ("one", "two"),
}


def _all_kinds() -> list[EventKind]:
    providers = tomllib.loads(files("logonscope.demo").joinpath("events.toml").read_text("utf-8"))
    return [
        event_kind(provider, int(name), version)
        for provider, table in providers.items()
        for name, event in table.items()
        if name.isdigit()
        for version in event.get("versions", [0])
    ]


def _sample(kind: EventKind, record_id: int) -> Record:
    given = {field.name: _SAMPLES.get(field.type, 7) for field in kind.payload.fields if field.required}
    return Record(kind, record_id, FIRST_TIME, "WS01", kind.fill(**given))


def test_every_event_can_be_written_and_read() -> None:
    records = [_sample(kind, number) for number, kind in enumerate(_all_kinds(), start=1)]
    log = encode_log(records)
    assert record_ids(log) == [record.record_id for record in records]
    assert len(libevtx_texts(log)) == len(records) > 60


@pytest.mark.parametrize(("version", "count"), [(0, 20), (1, 21), (2, 27), (3, 28)])
def test_versions_of_4624(version: int, count: int) -> None:
    assert len(event_kind("security", 4624, version).payload.fields) == count


def test_version_3_has_its_new_field_in_the_middle() -> None:
    names = [field.name for field in event_kind("security", 4624).payload.fields]
    assert names[21:24] == ["RestrictedAdminMode", "RemoteCredentialGuard", "TargetOutboundUserName"]


def test_same_kind_is_the_same_object() -> None:
    assert event_kind("security", 4634) is event_kind("security", 4634)


def test_what_is_not_there() -> None:
    with pytest.raises(KeyError):
        event_kind("security", 1)
    with pytest.raises(KeyError):
        event_kind("security", 4624, 9)
    with pytest.raises(KeyError, match="no field 'Nonsense'"):
        event_kind("event-log", 6005).fill(Data=("",), Nonsense=1)
    with pytest.raises(KeyError, match="LogonType"):
        event_kind("security", 4634).fill(
            TargetUserSid="S-1-5-18", TargetUserName="", TargetDomainName="", TargetLogonId=1
        )
