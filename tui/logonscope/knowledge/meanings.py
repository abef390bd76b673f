"""What the value of one EventData field means, by the tables of ``codes.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.knowledge.catalogue import event_kinds
from logonscope.knowledge.codes import address_text, codes, sid_text, status_codes
from logonscope.knowledge.logon_types import logon_types
from logonscope.knowledge.words import field_text

if TYPE_CHECKING:
    from collections.abc import Callable


def meaning(provider: str, event_id: int, name: str, fields: dict[str, Any]) -> str:
    """Say what a field's value means.

    Args:
        provider: Provider name: the same number means different things to NTLM and to Kerberos.
        event_id: Event ID.
        name: Field name.
        fields: The event's EventData.

    Returns:
        A few words, or an empty string where there is nothing to say.
    """
    text = field_text(fields, name)
    if not text:
        return ""
    if name.endswith("Sid"):
        return sid_text(text)
    table = codes().field.get(name)
    if table == "status":
        kind = event_kinds().get((provider, event_id))
        return _status(text, kind.status if kind else "ntstatus")
    explain = _TABLES.get(table or "")
    return explain(text) if explain else ""


def _number(text: str) -> int | None:
    try:
        return int(text, 0) % (1 << 32)
    except ValueError:
        return None


def _status(text: str, table: str) -> str:
    number = _number(text)
    known = status_codes(table).get(number) if number is not None else None
    if known is None:
        return ""
    return f"{known.label}: {known.meaning}" if known.meaning else known.label


def _logon_type(text: str) -> str:
    number = _number(text)
    known = logon_types().get(number) if number is not None else None
    return f"{known.name}: {known.title}" if known else "not defined by Windows"


def _logon_id(text: str) -> str:
    try:
        return codes().logon_id.get(hex(int(text, 0)), "")
    except ValueError:
        return ""


def _privileges(text: str) -> str:
    known = codes().privilege
    return "; ".join(f"{name}: {known[name]}" for name in text.replace(",", " ").split() if name in known)


_TABLES: dict[str, Callable[[str], str]] = {
    "message": lambda text: codes().message.get(text, ""),
    "encryption": lambda text: codes().encryption.get(text.lower(), ""),
    "logon_type": _logon_type,
    "logon_id": _logon_id,
    "logon_process": lambda text: codes().logon_process.get(text.strip(), ""),
    "package": lambda text: codes().package.get(text.strip(), ""),
    "pre_authentication": lambda text: codes().pre_authentication.get(text.strip(), ""),
    "privilege": _privileges,
    "address": address_text,
}
