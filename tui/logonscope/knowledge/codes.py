"""What the numbers in event fields mean: status codes, messages, SIDs, privileges (``codes.toml``)."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

import msgspec

from logonscope.knowledge.toml_file import load


class StatusCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"status_class": "class"}):
    """An NTSTATUS or Kerberos result code."""

    code: int
    label: str
    meaning: str = ""
    status_class: str = "other"


class Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``codes.toml``."""

    status: list[StatusCode]
    kerberos: list[StatusCode]
    message: dict[str, str]
    encryption: dict[str, str]
    logon_id: dict[str, str]
    sid: dict[str, str]
    privilege: dict[str, str]
    logon_process: dict[str, str]
    package: dict[str, str]
    pre_authentication: dict[str, str]
    address: dict[str, str]
    field: dict[str, str]


@cache
def codes() -> Codes:
    """Load the tables once."""
    return load("codes.toml", Codes)


@cache
def status_codes(table: str = "ntstatus") -> dict[int, StatusCode]:
    """The result codes by number.

    Args:
        table: ``ntstatus`` (4625, 4776) or ``kerberos`` (4768, 4769, 4771).
    """
    entries = codes().kerberos if table == "kerberos" else codes().status
    return {entry.code: entry for entry in entries}


def failure_status(status: int | None, sub_status: int | None) -> int | None:
    """The code that tells why: SubStatus where it is not 0, else Status (Microsoft event-4625)."""
    return sub_status or status


def status_text(code: int | None, table: str = "ntstatus") -> str:
    """A result code for the screen: its label, or the number in hexadecimal."""
    if code is None:
        return ""
    known = status_codes(table).get(code)
    return known.label if known else f"{code:#x}"


def address_text(address: str) -> str:
    """What a source address that names no other machine means, or an empty string."""
    return codes().address.get(address, "")


def sid_text(sid: str) -> str:
    """Who a well-known SID is, or an empty string."""
    table = codes().sid
    if sid in table:
        return table[sid]
    return next((name for pattern, name in table.items() if "*" in pattern and fnmatchcase(sid, pattern)), "")
