r"""Watchlists: what accounts may and may not do, in the user's own words (TOML).

::

    [[account]]
    name = "ALDER\\svc_*"          # DOMAIN\\name, name, or SID; * and ? stand for anything, case does not count
    kind = "service"               # high value, dormant, service, restricted
    why = "only jobs use it"
    types = [4, 5]                 # the only logon types it may use
    sources = ["10.20.0.0/16", "TS01"]   # the only sources
    hours = "07:00-20:00"          # the only hours, in the machine's local time

    [[mute]]
    source = "10.20.0.99"          # address, range or workstation
    rules = ["D1", "D2", "D3"]     # what is not to be told of it; all rules where this is left out
    why = "our scanner"
"""

from __future__ import annotations

from contextlib import suppress
from datetime import time
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from typing import Literal

import msgspec

Kind = Literal["high value", "dormant", "service", "restricted"]
WATCH_RULES = ("W1", "W2", "W3", "W4", "W5")
"""The violations that a watchlist knows, as findings name them."""


class WatchedAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one account, or all whose names fit a pattern, may and may not do."""

    name: str
    kind: Kind = "restricted"
    why: str = ""
    types: list[int] | None = None
    deny_types: list[int] = []
    sources: list[str] | None = None
    deny_sources: list[str] = []
    hours: str = ""

    def is_about(self, sid: str, name: str, domain: str) -> bool:
        """Whether it speaks of an account."""
        pattern = self.name.casefold()
        candidates = (sid, f"{domain}\\{name}") if "\\" in self.name else (sid, name)
        return any(fnmatchcase(candidate.casefold(), pattern) for candidate in candidates if candidate)

    def span(self) -> tuple[time, time] | None:
        """The allowed hours.

        Raises:
            ValueError: They are not of the form ``07:00-20:00``.
        """
        if not self.hours:
            return None
        since, _, until = self.hours.partition("-")
        return time.fromisoformat(since.strip()), time.fromisoformat(until.strip())


class Mute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source that is known, and what is not to be told of it."""

    source: str
    rules: list[str] | None = None
    why: str = ""


class Watchlist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A watchlist."""

    account: list[WatchedAccount] = []
    mute: list[Mute] = []


NOBODY_WATCHED = Watchlist()


def source_fits(source: str, patterns: list[str]) -> bool:
    """Whether a source is one of those named: an address, a range of addresses, or a workstation."""
    address = None
    with suppress(ValueError):
        address = ip_address(source)
    for pattern in patterns:
        with suppress(ValueError):
            if address is not None and address in ip_network(pattern, strict=False):
                return True
        if fnmatchcase(source.casefold(), pattern.casefold()):
            return True
    return False
