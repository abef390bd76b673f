"""How boots begin and end, in words (``boots.toml``)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from logonscope.display import time_text
from logonscope.knowledge.toml_file import load
from logonscope.knowledge.words import fill

if TYPE_CHECKING:
    from logonscope.model import Boot


class BootEnd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way for a boot to end; the fields are explained at the head of ``boots.toml``."""

    evidence: str
    shown: str
    sentence: str


class _Boots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: dict[str, str]
    end: list[BootEnd]


@cache
def _boots() -> _Boots:
    return load("boots.toml", _Boots)


@cache
def boot_ends() -> dict[str, BootEnd]:
    """The ways for a boot to end, by their evidence."""
    return {end.evidence: end for end in _boots().end}


def boot_starts() -> dict[str, str]:
    """What to say of the start of a boot, by its evidence."""
    return _boots().start


def boot_story(boot: Boot) -> tuple[str, str]:
    """Say how a boot began and how it ended."""
    earliest = boot.alive_until or boot.last_record
    values = {
        "end": time_text(boot.end),
        "earliest": time_text(earliest) if earliest else "",
        "latest": time_text(boot.next_start) if boot.next_start else "",
    }
    starts = {"start": time_text(boot.start), "kernel": time_text(boot.kernel_start) if boot.kernel_start else ""}
    began = fill(boot_starts()[boot.start_evidence], starts.__getitem__)
    return began, fill(boot_ends()[boot.end_evidence].sentence, values.__getitem__)
