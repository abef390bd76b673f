"""What numbers in fields mean: no entry hides another, and every table answers."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from logonscope.knowledge.codes import StatusCode, codes, failure_status, sid_text, status_codes, status_text
from logonscope.knowledge.meanings import meaning

SECURITY = "Microsoft-Windows-Security-Auditing"
STATUS_CLASSES = {"ok", "name", "password", "locked", "disabled", "expired", "policy", "infra", "relay", "other"}
TABLES = [pytest.param(codes().status, id="ntstatus"), pytest.param(codes().kerberos, id="kerberos")]
EXAMPLE_VALUES = {
    "status": "0xC000006A",
    "message": "%%2313",
    "encryption": "0x17",
    "logon_type": "10",
    "logon_id": "0x3e7",
    "logon_process": "NtLmSsp ",
    "package": "Kerberos",
    "pre_authentication": "2",
    "privilege": "SeDebugPrivilege",
    "address": "127.0.0.1",
}


@pytest.mark.parametrize("table", TABLES)
def test_every_code_is_listed_once_and_has_a_label(table: list[StatusCode]) -> None:
    counts = Counter(entry.code for entry in table)
    assert [hex(code) for code, count in counts.items() if count > 1] == []
    assert [hex(entry.code) for entry in table if not entry.label.strip()] == []
    assert {entry.status_class for entry in table} <= STATUS_CLASSES
    assert all(0 <= entry.code < 1 << 32 for entry in table)


@pytest.mark.parametrize("table", ["message", "encryption", "logon_id", "sid", "privilege", "address"])
def test_every_text_of_a_table_says_something(table: str) -> None:
    entries: dict[str, str] = getattr(codes(), table)
    assert entries
    assert [key for key, text in entries.items() if not text.strip()] == []


@pytest.mark.parametrize(
    ("code", "table", "label"),
    [
        (0xC000006A, "ntstatus", "wrong password"),
        (0xC0000064, "ntstatus", "unknown user"),
        (0x18, "kerberos", "pre-authentication failed"),
        (0x18, "ntstatus", "0x18"),
        (0xDEADBEEF, "ntstatus", "0xdeadbeef"),
        (None, "ntstatus", ""),
    ],
)
def test_a_status_is_shown_by_its_label_or_its_number(code: int | None, table: str, label: str) -> None:
    assert status_text(code, table) == label


@pytest.mark.parametrize(
    ("status", "sub_status", "reason"),
    [(0xC000006D, 0xC0000064, 0xC0000064), (0xC0000234, 0, 0xC0000234), (0xC0000234, None, 0xC0000234)],
)
def test_the_sub_status_tells_why_unless_it_is_zero(status: int, sub_status: int | None, reason: int) -> None:
    assert failure_status(status, sub_status) == reason
    assert reason in status_codes()


@pytest.mark.parametrize(
    ("sid", "text"),
    [
        ("S-1-5-18", "SYSTEM"),
        ("S-1-5-21-7-8-9-500", "built-in Administrator"),
        ("S-1-5-21-7-8-9-512", "Domain Admins"),
        ("S-1-5-90-0-3", "Window Manager DWM-n"),
        ("S-1-5-21-7-8-9-1104", ""),
        ("S-1-5-180", ""),
        ("", ""),
    ],
)
def test_well_known_sids(sid: str, text: str) -> None:
    assert sid_text(sid) == text


@pytest.mark.parametrize("pattern", codes().sid)
def test_every_sid_finds_its_own_entry(pattern: str) -> None:
    assert sid_text(pattern.replace("*", "1-2-3")) == codes().sid[pattern]


@pytest.mark.parametrize(("field", "table"), codes().field.items())
def test_every_explained_field_has_a_table_that_answers(field: str, table: str) -> None:
    assert meaning(SECURITY, 4625, field, {field: EXAMPLE_VALUES[table]})


@pytest.mark.parametrize(
    ("event_id", "fields", "said"),
    [
        (4771, {"Status": "0x18"}, r"pre-authentication failed"),
        (4625, {"Status": "0xc000006a"}, r"wrong password"),
        (4625, {"Status": -1073741718}, r"wrong password"),
        (4624, {"LogonType": 10}, r"RemoteInteractive"),
        (4624, {"LogonType": 77}, r"not defined by Windows"),
        (4624, {"TargetLogonId": "0x3E7"}, r"Local System"),
        (4624, {"IpAddress": "::1"}, r"this (machine|computer)"),
        (4624, {"TargetUserSid": "S-1-5-7"}, r"ANONYMOUS LOGON"),
        (4672, {"PrivilegeList": "SeTcbPrivilege\n\t\t\tSeDebugPrivilege"}, r"SeTcbPrivilege: .*; SeDebugPrivilege: "),
    ],
)
def test_meanings(event_id: int, fields: dict[str, object], said: str) -> None:
    (name,) = fields
    assert re.search(said, meaning(SECURITY, event_id, name, fields))


@pytest.mark.parametrize("value", ["", "-", None, "what?", [], {}])
@pytest.mark.parametrize("field", ["Status", "TargetLogonId", "FailureReason", "PrivilegeList", "Unheard"])
def test_nothing_is_said_of_what_is_not_known(field: str, value: object) -> None:
    assert meaning(SECURITY, 4625, field, {field: value}) == ""
