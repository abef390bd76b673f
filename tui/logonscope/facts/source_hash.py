"""The hash of a file in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.display import sanitise, time_text
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.source_hashes import SourceHash


def hash_facts(found: SourceHash) -> Iterator[Fact]:
    """What identifies a file, byte for byte, and when it was written."""
    if found.sha256:
        yield Fact(found.sha256, "SHA-256", f"of {found.of}, {found.size:,} bytes")
    if found.archive_sha256:
        yield Fact(found.archive_sha256, "SHA-256 of the archive")
    if found.modified is not None:
        what = "Archive last written" if found.archive_sha256 else "Last written"
        yield Fact(f"{time_text(found.modified)} UTC", what, "by the file system that it lies on now")
    if found.note:
        yield Fact(sanitise(found.note), "SHA-256, note")
