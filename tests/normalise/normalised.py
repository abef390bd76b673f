"""Records as the parser writes them, and the columns that they come out as."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import msgspec

from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.readers.raw import RawBatch

SECURITY = "Microsoft-Windows-Security-Auditing"
SESSIONS = "Microsoft-Windows-TerminalServices-LocalSessionManager"
TIME = "2026-03-02T09:00:02.123456"
STAMP = f"{TIME}7Z UTC"
ALICE = ("S-1-5-21-1-2-3-1104", "alice", "ALDER")
LOGON = {
    "SubjectUserSid": "S-1-5-18",
    "SubjectUserName": "WS1$",
    "SubjectDomainName": "ALDER",
    "SubjectLogonId": "0x3e7",
    "TargetUserSid": ALICE[0],
    "TargetUserName": ALICE[1],
    "TargetDomainName": ALICE[2],
    "TargetLogonId": "0x5a1b2",
    "LogonType": 10,
    "LogonProcessName": "User32 ",
    "WorkstationName": "LAP9",
    "TargetLinkedLogonId": "0x5a1a0",
    "ElevatedToken": "%%1842",
    "ProcessName": "C:\\Windows\\System32\\winlogon.exe",
    "IpAddress": "::ffff:10.0.0.9",
}
SUBJECT = {
    "SubjectUserSid": ALICE[0],
    "SubjectUserName": ALICE[1],
    "SubjectDomainName": ALICE[2],
    "SubjectLogonId": "0x5a1b2",
    "PrivilegeList": "SeDebugPrivilege",
}
NOBODY = ("", "", "")
ACCOUNTS = ("account", "target", "subject")


def system(event_id: Any = 4624, provider: str = SECURITY, **other: Any) -> dict[str, Any]:
    """The System element in the parser's order."""
    usual = {
        "Provider": {"#attributes": {"Name": provider, "Guid": "54849625-5478-4994-A5BA-3E3B0328C30D"}},
        "EventID": event_id,
        "Version": 2,
        "Level": 0,
        "Keywords": "0x8020000000000000",
        "TimeCreated": {"#attributes": {"SystemTime": f"{TIME}Z"}},
        "EventRecordID": 71,
        "Correlation": None,
        "Execution": {"#attributes": {"ProcessID": 640, "ThreadID": 700}},
        "Channel": "Security",
        "Computer": "WS1",
        "Security": None,
    }
    return usual | other


def without(element: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in element.items() if name not in names}


def event(system: Any, **bodies: Any) -> dict[str, Any]:
    return {
        "Event": {"#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"}, "System": system}
        | bodies
    }


def written(record: Any) -> str:
    """A record as the parser writes it."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def columns(*texts: str, stamps: list[str] | None = None) -> tuple[list[dict[str, Any]], list[int]]:
    """Normalise one batch.

    Args:
        texts: JSON texts of records; their header IDs are 501, 502 ...
        stamps: Times in the headers of the records.

    Returns:
        One dict per record, with names instead of codes and EventData decoded, and the positions of bad records.
    """
    dims = Dims()
    header_ids = list(range(501, 501 + len(texts)))
    batch, bad = Normaliser(dims)(RawBatch(header_ids, stamps or [STAMP] * len(texts), list(texts), 0), 3)
    rows = batch.to_pylist()
    for row in rows:
        row |= {name: dim.texts[row[name]] for name, dim in dims.text.items()}
        row |= {name: dims.account.accounts[row[name]] for name in ACCOUNTS}
        row["event_data"] = json.loads(row["event_data"]) if row["event_data"] else None
    return rows, bad


def columns_as_of_any_shape(*texts: str, stamps: list[str] | None = None) -> tuple[list[dict[str, Any]], list[int]]:
    """The same by the way that is for records of an unusual shape."""
    with patch("logonscope.normalise.envelope._decode", side_effect=msgspec.ValidationError):
        return columns(*texts, stamps=stamps)


def only(record: Any) -> dict[str, Any]:
    """The columns of one record, which must be the same whichever way it is taken apart."""
    (usual,), bad = columns(written(record))
    (whole,), _ = columns_as_of_any_shape(written(record))
    assert usual == whole
    assert bad == []
    return usual
