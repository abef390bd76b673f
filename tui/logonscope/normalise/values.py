"""Single field values: trimmed, unmapped and turned into numbers, whatever JSON type they came as."""

from __future__ import annotations

import json
import re
from ipaddress import IPv6Address, ip_address
from typing import Any

_SUCCESS = 0x0020_0000_0000_0000
_FAILURE = 0x0010_0000_0000_0000
_UINT64 = 1 << 64
_UINT32 = 1 << 32
_HALVES = re.compile(r"\(0x([0-9A-Fa-f]{1,8}),\s*0x([0-9A-Fa-f]{1,8})\)\Z")


def text(value: Any) -> str:
    """A field as text: trimmed, empty for null and for Windows' ``-``.

    Windows pads names (``User32 ``); an element with attributes comes as an object with ``#text``.
    """
    if isinstance(value, dict):
        value = value.get("#text")
    if value is None:
        return ""
    if not isinstance(value, str):
        value = json.dumps(value)
    value = value.strip()
    return "" if value == "-" else value


def integer(value: Any) -> int | None:
    """A field as a number; else None.

    From ``999``, ``0x3e7``, ``"0x00000000000003E7"``, ``-1073741715``, or ``(0x0,0x3E7)``, a number's upper and lower
    half as Windows wrote logon IDs before Vista.
    """
    if isinstance(value, int):
        return int(value)
    found = text(value)
    halves = _HALVES.match(found) if found[:1] == "(" else None
    if halves:
        return (int(halves[1], 16) << 32) + int(halves[2], 16)
    try:
        return int(found, 16) if found[:2].lower() == "0x" else int(found)
    except ValueError:
        return None


def uint64(value: Any) -> int | None:
    """A logon ID or record ID: 64 bits, or None where it is missing or does not fit."""
    number = integer(value)
    return number if number is not None and 0 <= number < _UINT64 else None


def uint32(value: Any) -> int | None:
    """A status code: 32 bits, a negative one as Windows means it, or None."""
    number = integer(value)
    return number % _UINT32 if number is not None and -_UINT32 < number < _UINT32 else None


def small(value: Any) -> int | None:
    """A logon type or version: 0 to 255, or None."""
    number = integer(value)
    return number if number is not None and 0 <= number < 256 else None


def session_number(value: Any) -> int | None:
    """Number of a desktop session: 0 to 2^31 - 1, or None."""
    number = integer(value)
    return number if number is not None and 0 <= number < 1 << 31 else None


def event_id(value: Any) -> int:
    """EventID, which classic events wrap with Qualifiers; 0 where it is not a number."""
    number = integer(value)
    return number if number is not None and 0 <= number < 1 << 31 else 0


def yes_no(value: Any) -> bool | None:
    """ElevatedToken: ``%%1842`` is yes, ``%%1843`` is no (Microsoft event-4624)."""
    return {"%%1842": True, "%%1843": False}.get(text(value))


def outcome(value: Any) -> int:
    """Audit result from Keywords: 1 success, 2 failure, 0 neither."""
    keywords = integer(value) or 0
    return 2 if keywords & _FAILURE else 1 if keywords & _SUCCESS else 0


def address(value: Any) -> str:
    """An IP address: ``::ffff:10.0.0.1`` unmapped, a port cut off; any other text as it is."""
    found = text(value)
    try:
        return _unmapped(found)
    except ValueError:
        pass
    host, _, tail = found.rpartition(":")
    if host and tail.isdigit():
        try:
            return _unmapped(host.strip("[]"))
        except ValueError:
            pass
    return found


def _unmapped(found: str) -> str:
    parsed = ip_address(found)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(parsed)


def account(sid: Any, name: Any, domain: Any) -> tuple[str, str, str]:
    r"""An account as (SID, name, domain), all empty for nobody; ``DOMAIN\name`` in one field is taken apart."""
    name_text, domain_text = text(name), text(domain)
    if not domain_text and "\\" in name_text:
        domain_text, _, name_text = name_text.partition("\\")
    sid_text = text(sid)
    if not name_text and sid_text in ("", "S-1-0-0"):
        return "", "", ""
    return sid_text, name_text, domain_text
