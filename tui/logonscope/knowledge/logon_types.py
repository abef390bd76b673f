"""The logon types 0 to 13 (``logon_types.toml``)."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from logonscope.knowledge.toml_file import load

LogonClass = Literal["stay", "contact", "work", "identity", "unlock", "machine"]


class LogonType(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"logon_class": "class"}):
    """What one logon type means; the fields are explained at the head of ``logon_types.toml``."""

    type: int
    name: str
    short: str
    logon_class: LogonClass
    person: bool
    remote: bool
    phrase: str
    title: str
    creates: str
    leaves: str
    proves_not: str
    expect: str
    benign: str
    hostile: str


class _LogonTypes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    logon_type: list[LogonType]


@cache
def logon_types() -> dict[int, LogonType]:
    """All logon types by number, in order."""
    return {entry.type: entry for entry in load("logon_types.toml", _LogonTypes).logon_type}


def logon_type_text(number: int | None) -> str:
    """A logon type for the screen: ``10 RDP``; only the number where Windows does not define it."""
    if number is None:
        return ""
    known = logon_types().get(number)
    return f"{number} {known.short}" if known else str(number)
