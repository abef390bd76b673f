"""Explanations: every event, code and field of the catalogue has one, and what is asked for is found."""

from __future__ import annotations

import pytest

from logonscope.errors import UnknownTopicError
from logonscope.facts.explain import explain_event, explain_topic
from logonscope.knowledge.catalogue import catalogue
from logonscope.knowledge.codes import codes, status_codes
from logonscope.knowledge.notes import audit_policy, event_notes, events_of, field_notes, note_key
from support.made import made_event


def headings(topic: str) -> list[str]:
    return [fact.text for fact in explain_topic(topic) if fact.heading]


def told(topic: str) -> str:
    return " ".join(f"{fact.name} {fact.text}" for fact in explain_topic(topic))


def test_every_event_of_the_catalogue_has_a_note_and_the_other_way_round() -> None:
    assert sorted(event_notes()) == sorted({note_key(kind) for kind in catalogue().event})


def test_every_audit_subcategory_that_writes_an_event_is_explained() -> None:
    assert {kind.audit for kind in catalogue().event if kind.audit} == {e.name for e in audit_policy().subcategory
                                                                         if events_of(e.name)}  # fmt: skip


def test_every_field_that_fills_a_column_is_explained() -> None:
    known = field_notes()
    unexplained = {field for field in catalogue().columns.values() if field and field not in known}
    assert unexplained == set()


@pytest.mark.parametrize(
    ("topic", "heading"),
    [
        ("4634", "Security 4634 Logoff"),
        ("event 4634", "Security 4634 Logoff"),
        ("528", "Security 528 Logon"),
        ("LocalSessionManager 24", "LocalSessionManager 24 Desktop session disconnected"),
        ("type 10", "Logon type 10 RemoteInteractive"),
        ("0xC000006A", "Status (4625, 4776) 0xc000006a: wrong password"),
        ("3221225578", "Status (4625, 4776) 0xc000006a: wrong password"),
        ("-1073741718", "Status (4625, 4776) 0xc000006a: wrong password"),
        ("0x18", "Kerberos (4768 to 4771) 0x18: pre-authentication failed"),
        ("0x3E7", "Logon ID 0x3e7"),
        ("S-1-5-18", "SID S-1-5-18"),
        ("s-1-5-21-1-2-3-500", "SID S-1-5-21-1-2-3-500"),
        ("sedebugprivilege", "Privilege SeDebugPrivilege"),
        ("%%1842", "Message %%1842"),
        ("ntlmssp", "Logon process NtLmSsp"),
        ("TargetLogonId", "Field TargetLogonId"),
        ("other logon/logoff", "Audit subcategory Other Logon/Logoff"),
    ],
)
def test_what_is_asked_for_is_found(topic: str, heading: str) -> None:
    assert heading in headings(topic)


def test_a_number_that_means_several_things_is_told_as_all_of_them() -> None:
    assert headings("1102") == ["Eventlog 1102 Security log cleared", "RDP client 1102 Outgoing RDP: address"]
    assert headings("4") == ["OpenSSH 4 SSH", "Logon type 4 Batch"]


@pytest.mark.parametrize("code", [code for table in ("ntstatus", "kerberos") for code in status_codes(table)])
def test_every_status_is_explained(code: int) -> None:
    assert any(f"{code:#x}" in heading for heading in headings(f"{code:#x}"))


@pytest.mark.parametrize("sid", [sid for sid in codes().sid if "*" not in sid])
def test_every_sid_is_explained(sid: str) -> None:
    assert codes().sid[sid] in told(sid)


@pytest.mark.parametrize("entry", audit_policy().subcategory, ids=lambda entry: entry.name)
def test_a_subcategory_can_be_turned_on(entry: object) -> None:
    name = entry.name  # type: ignore[attr-defined]
    assert 'auditpol /set /subcategory:"{0CCE9' in told(name)
    assert "gpupdate" in told(name)


def test_4634_is_told_from_4647() -> None:
    text = told("4634")
    for part in ("asked for the end", "types 2 and 10", "power loss", "idle connection", "ANONYMOUS LOGON",
                 "unique only between two restarts"):  # fmt: skip
        assert part in text


def test_what_is_not_known_is_said_with_the_nearest_name() -> None:
    with pytest.raises(UnknownTopicError, match="nothing is known of 'TargetLogonIdd'") as caught:
        explain_topic("TargetLogonIdd")
    assert "TargetLogonId" in caught.value.advice
    with pytest.raises(UnknownTopicError) as caught:
        explain_topic("xyzzy plugh")
    assert "For example" in caught.value.advice


def test_an_event_is_explained_field_by_field_and_sanitised() -> None:
    fields = {"TargetUserName": "bob\x1b[31m", "TargetLogonId": "0x3e7", "LogonType": 10}
    event = made_event(event_id=4634, logon_type=10, fields=fields)
    facts = explain_event(event)
    text = " ".join(f"{fact.name} {fact.text} {fact.meaning}" for fact in facts)
    assert text.isprintable()
    assert "The logon session was destroyed" in text
    assert "Unique only between two restarts" in text
    assert "Logon type 10 RemoteInteractive" in text


def test_an_event_that_nobody_knows_still_has_its_fields() -> None:
    facts = explain_event(made_event(provider="Contoso", event_id=1, fields={"Text": "x"}))
    assert any("no explanation" in fact.text for fact in facts)
    assert any(fact.name == "Text" for fact in facts)
