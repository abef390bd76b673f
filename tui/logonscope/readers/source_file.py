"""A file of evidence, on disk or inside of archives, and how it is opened: for reading only."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from logonscope.readers.archives.names import shown_parts
from logonscope.readers.evidence import open_evidence

if TYPE_CHECKING:
    from logonscope.readers.archives.streams import Opener
    from logonscope.readers.local_times import Order


@lru_cache(maxsize=1024)
def _place(shown: str, members: tuple[str, ...]) -> Path:
    return Path(shown, *(part for member in members for part in shown_parts(member)))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a reader can read."""

    path: Path
    """The file on disk."""
    shown: str
    """The name to show: the path as the user gave it, or ``standard input``, and the members inside of archives."""
    size: int
    """Bytes on disk, or inside of its archive."""
    kind: str
    """The reader's name: one of ``formats.toml``."""
    modified_ns: int = 0
    """When the file on disk was last written, nanoseconds since 1970."""
    members: tuple[str, ...] = ()
    """Where it lies inside of an archive: the member's name there, and so on for archives in archives."""
    opener: Opener | None = field(default=None, compare=False, repr=False)
    """Opens it where it is not the file on disk itself."""
    dates: Order | None = field(default=None, compare=False)
    """Which number of a date like 5/11/2026 is the day, where the user says it and the file does not show it."""

    @property
    def place(self) -> Path:
        """Where it lies, archives taken for folders."""
        return _place(self.shown, self.members)

    def is_unchanged(self) -> bool:
        """Whether the file on disk is of the age that it had when it was found.

        Raises:
            OSError: It is gone.
        """
        return self.path.stat().st_mtime_ns == self.modified_ns

    def open(self) -> BinaryIO:
        """Open it for reading; it can seek, forward at little cost.

        Inside of an archive it ends where it is damaged or cut off, and closing it raises what the fault was.

        Raises:
            OSError: It cannot be opened.
        """
        return self.opener() if self.opener else open_evidence(self.path)
