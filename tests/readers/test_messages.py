"""What messages are taken back to: fields that the events really have, all of them."""

from __future__ import annotations

import pytest

from logonscope.demo.catalogue import event_kind
from logonscope.demo.records import Record
from logonscope.readers.messages import SECURITY, audit_keywords, message_fields, wordings
from support.text_forms import message, named
from support.wordings import WORDINGS


@pytest.mark.parametrize(("provider", "event_id"), WORDINGS)
def test_every_wording_is_understood_whole(provider: str, event_id: int) -> None:
    text = WORDINGS[provider, event_id]
    names = {part.partition("}")[0] for part in text.split("{")[1:]}
    values = {name: f"value of {name}" for name in names}
    values |= {name: "S-1-5-18" for name in names if name.endswith("Sid")}
    in_sentences = ("TargetSession", "Source", "Session", "Reason", "ConnType", "ClientIP", "IPString")
    values |= {name: "7" for name in in_sentences if name in names}
    said = message_fields(provider, event_id, text.format(**values))
    assert said.fields == values
    assert said.is_whole
    assert not said.lacks_sids


def test_every_event_is_worded_once() -> None:
    events = [(entry.provider, number) for entry in wordings().message for number in entry.ids]
    assert len(events) == len(set(events))


@pytest.mark.parametrize("event_id", [4624, 4625, 4634, 4647, 4648, 4672, 4688, 4740, 4768, 4769, 4776, 4778, 4800])
def test_messages_name_all_fields_of_an_event(event_id: int) -> None:
    kind = event_kind("security", event_id, 2 if event_id == 4624 else None)
    values = tuple("S-1-5-18" if field.type == "SID" else None for field in kind.payload.fields)
    record = Record(kind, 1, 0, "WS1", values)
    assert named(record).keys() == message_fields(SECURITY, event_id, message(record)).fields.keys()


@pytest.mark.parametrize(
    ("words", "keywords"),
    [
        ("Audit Success", "0x8020000000000000"),
        ("Audit Failure", "0x8010000000000000"),
        ("Classic,Audit success", "0x8020000000000000"),
        ("FailureAudit", "0x8010000000000000"),
        ("Classic", None),
        ("", None),
    ],
)
def test_the_audit_result_in_words(words: str, keywords: str | None) -> None:
    assert audit_keywords(words) == keywords


def test_lists_keep_their_lines() -> None:
    text = WORDINGS[SECURITY, 4672].format(
        SubjectUserSid="S-1-5-18",
        SubjectUserName="SYSTEM",
        SubjectDomainName="NT AUTHORITY",
        SubjectLogonId="0x3E7",
        PrivilegeList="SeTcbPrivilege\n\t\t\tSeDebugPrivilege",
    )
    fields = message_fields(SECURITY, 4672, text).fields
    assert fields["PrivilegeList"] == "SeTcbPrivilege\r\n\t\t\tSeDebugPrivilege"


def test_times_of_a_clock_change() -> None:
    text = """The system time was changed.

Subject:
\tSecurity ID:\t\tS-1-5-19
\tAccount Name:\t\tLOCAL SERVICE
\tAccount Domain:\t\tNT AUTHORITY
\tLogon ID:\t\t0x3E5

Process Information:
\tProcess ID:\t0x4a0
\tName:\t\tC:\\Windows\\System32\\svchost.exe

Previous Time:\t\t\u200e2026\u200e-\u200e05\u200e-\u200e11T12:45:17.660156200Z
New Time:\t\t\u200e2026\u200e-\u200e05\u200e-\u200e11T12:45:18.000000000Z

This event is generated when the system time is changed."""
    said = message_fields(SECURITY, 4616, text)
    assert said.is_whole
    assert said.fields["PreviousTime"] == "2026-05-11T12:45:17.660156200Z"
    assert said.fields["ProcessName"] == r"C:\Windows\System32\svchost.exe"
