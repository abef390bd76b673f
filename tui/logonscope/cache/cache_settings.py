"""How much of the disk kept cases may take, as the user's settings have it.

::

    [cache]
    size = "20G"
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.config import ConfigProblem, size_from

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.config import Entry

SECTION = "cache"
_SIZE = "size"
USUAL_BYTES = 10 << 30
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """The settings of the cache."""

    most_bytes: int = USUAL_BYTES
    """What all kept cases together may take; with 0 none is kept."""

    def __str__(self) -> str:
        unit = next((unit for unit in "GMK" if self.most_bytes and not self.most_bytes % _UNITS[unit]), "")
        return f"{self.most_bytes // _UNITS[unit]}{unit}"


USUAL = CacheSettings()


def cache_settings_from(entries: Iterable[Entry]) -> tuple[CacheSettings, list[ConfigProblem]]:
    """Take the settings of the cache from the entries of a settings file.

    Args:
        entries: Of any section.

    Returns:
        The settings, and what does not hold.
    """
    settings = USUAL
    problems: list[ConfigProblem] = []
    for entry in entries:
        if entry.section != SECTION:
            continue
        size = size_from(str(entry.value)) if entry.name == _SIZE else None
        if size is not None:
            settings = CacheSettings(size)
        elif entry.name == _SIZE:
            problems.append(ConfigProblem(entry.line, f'{entry.value} is no size. Write size = "10G".'))
        else:
            problems.append(ConfigProblem(entry.line, f"[cache] {entry.name} is not known. Known: size"))
    return settings, problems
