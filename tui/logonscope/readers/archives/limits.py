"""How much an archive may ask of us."""

from __future__ import annotations

from dataclasses import dataclass

_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What no honest archive of logs goes beyond; a zip bomb does."""

    unpacked_bytes: int = 64 * _GIB
    """What one member may unpack to."""
    ratio: int = 500
    """How many times its packed size a member may unpack to; event logs reach 10 to 40 times."""
    ratio_from: int = _GIB
    """Unpacked bytes from which on the ratio is looked at: a log of little else than zeros is no bomb."""
    members: int = 2_000_000
    """How many members of one archive are looked at."""
    depth: int = 3
    """How deep archives in archives are searched: so many below the one on disk."""
    dictionary_bytes: int = _GIB
    """What a member may want to keep in memory while it is unpacked."""


USUAL = Limits()
