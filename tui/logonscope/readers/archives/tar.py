"""Tar archives, packed or not: members are stretches of one stream."""

from __future__ import annotations

import tarfile
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from logonscope.readers.archives.member import Member
from logonscope.readers.archives.streams import ArchiveError, Lender, unpacking
from logonscope.readers.archives.unpackers import copied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.archives.limits import Limits
    from logonscope.readers.archives.streams import Opener


def tar_members(opener: Opener, limits: Limits) -> Iterator[Member]:
    """List a tar archive.

    Args:
        opener: Opens it, unpacked where it is packed.
        limits: What is too much.

    Raises:
        OSError: It cannot be read, or is damaged from some place on; the members before that have been listed.
    """
    lender = Lender(opener)
    with opener() as file:
        try:
            with tarfile.TarFile(fileobj=file) as archive:
                while (entry := archive.next()) is not None:
                    archive.members.clear()  # type: ignore[attr-defined]  # it would keep them all
                    if entry.isreg():
                        opening = partial(_open, lender, entry.offset_data, entry.size, limits)
                        yield Member(entry.name, opening, entry.size, "a sparse file" if entry.issparse() else "")
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise ArchiveError(f"the archive is damaged or cut off: {error}") from error


def _open(lender: Lender, offset: int, size: int, limits: Limits) -> BinaryIO:
    return unpacking(lender.section(offset, size), copied, size, limits=limits)
