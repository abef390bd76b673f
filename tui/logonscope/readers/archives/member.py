"""A member of an archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logonscope.readers.archives.streams import Opener


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive."""

    name: str
    """As the archive has it, not sanitised."""
    opener: Opener
    size: int | None
    """Bytes, unpacked; None where the archive does not tell."""
    refusal: str = ""
    """Why it cannot be opened, in words."""
