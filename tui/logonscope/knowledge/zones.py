"""Windows' names of time zones (``zones.toml``)."""

from __future__ import annotations

from functools import cache

import msgspec

from logonscope.knowledge.toml_file import load


class _Zones(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zone: dict[str, str]


@cache
def windows_zones() -> dict[str, str]:
    """The name in the IANA database of each of Windows' time zones."""
    return load("zones.toml", _Zones).zone
