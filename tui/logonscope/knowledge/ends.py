"""How sessions end, and the words for it (``ends.toml``)."""

from __future__ import annotations

from functools import cache

import msgspec

from logonscope.knowledge.toml_file import load
from logonscope.model import Grade


class EndKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to end; the fields are explained at the head of ``ends.toml``."""

    evidence: str
    grade: Grade
    shown: str
    sentence: str


class _Ends(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    end: list[EndKind]
    start: dict[str, str]
    flags: dict[str, str]


@cache
def _ends() -> _Ends:
    return load("ends.toml", _Ends)


@cache
def end_kinds() -> dict[str, EndKind]:
    """The ways to end by their evidence."""
    return {kind.evidence: kind for kind in _ends().end}


def start_sentences() -> dict[str, str]:
    """What to say of a start, by its evidence."""
    return _ends().start


def flag_sentences() -> dict[str, str]:
    """What each flag of a session means."""
    return _ends().flags
