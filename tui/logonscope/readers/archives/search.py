"""From an archive to the logs in it."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.readers.archives.limits import USUAL, Limits
from logonscope.readers.archives.member import Member
from logonscope.readers.archives.names import shown_parts
from logonscope.readers.archives.seven_zip import seven_zip_members
from logonscope.readers.archives.streams import ArchiveError, unpacking
from logonscope.readers.archives.tar import tar_members
from logonscope.readers.archives.unpackers import gunzipped, unbzip2, unxz, unzstd
from logonscope.readers.archives.zip import zip_members
from logonscope.readers.sniff import HEAD_BYTES, sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logonscope.readers.archives.streams import Opener, Unpacker

_SIGNATURES: tuple[tuple[str, int, bytes], ...] = (
    ("gzip", 0, b"\x1f\x8b\x08"),
    ("zstd", 0, b"\x28\xb5\x2f\xfd"),
    ("bzip2", 0, b"BZh"),
    ("xz", 0, b"\xfd7zXZ\0"),
    ("zip", 0, b"PK\3\4"),
    ("zip", 0, b"PK\5\6"),
    ("7z", 0, b"7z\xbc\xaf\x27\x1c"),
    ("tar", 257, b"ustar"),
)
_PACKED: dict[str, Unpacker] = {"gzip": gunzipped, "zstd": unzstd, "bzip2": unbzip2, "xz": unxz}
_LISTED: dict[str, Callable[[Opener, Limits], Iterator[Member]]] = {
    "zip": zip_members,
    "7z": seven_zip_members,
    "tar": tar_members,
}
KINDS = (*_LISTED, *_PACKED)
"""The archives that are searched."""
_NAMED = 3
_MEASURED_BYTES = 1 << 20


def archive_kind(head: bytes) -> str:
    """The kind of archive that begins with these bytes; empty for none."""
    return next((kind for kind, place, magic in _SIGNATURES if head[place:].startswith(magic)), "")


@dataclass(frozen=True, slots=True)
class FoundLog:
    """A log in an archive."""

    members: tuple[str, ...]
    """The way to it: the member's name, and so on for archives in archives."""
    kind: str
    size: int
    """Bytes, unpacked."""
    opener: Opener


class Search:
    """A search through one archive on disk, and the archives in it.

    Args:
        limits: What is too much.
        cancelled: Asked for each member; when it says so, nothing more is looked at.
    """

    def __init__(self, limits: Limits = USUAL, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._limits = limits
        self._cancelled = cancelled
        self.members = 0
        """Files looked at."""
        self.complaints: list[tuple[tuple[str, ...], str]] = []
        """The way to an archive in which something is wrong, and what."""

    def logs(self, opener: Opener, kind: str, way: tuple[str, ...] = (), depth: int = 0) -> Iterator[FoundLog]:
        """Find the logs, in the order in which the archive can be read in one go.

        Args:
            opener: Opens the archive.
            kind: As ``archive_kind`` says.
            way: Where it lies in other archives.
            depth: In how many.
        """
        refused: dict[str, list[str]] = defaultdict(list)
        try:
            for member in _members(opener, kind, self._limits):
                self.members += 1
                if self._cancelled():
                    return
                if self.members > self._limits.members:
                    raise ArchiveError(f"more than {self._limits.members:,} members, the others were not looked at")
                reason = member.refusal
                if not reason and member.size != 0:
                    try:
                        yield from self._look(member, way, depth)
                    except OSError as error:
                        reason = error.strerror or str(error)
                if reason:
                    refused[reason].append(member.name)
        except OSError as error:
            self.complaints.append((way, error.strerror or str(error)))
        self.complaints += [(way, _refused(reason, names)) for reason, names in refused.items()]

    def _look(self, member: Member, way: tuple[str, ...], depth: int) -> Iterator[FoundLog]:
        """A log, or the logs in an archive, or nothing.

        Raises:
            OSError: It cannot be opened, or is archived too deep.
        """
        head = _head(member.opener)
        found, inner = sniff(head), archive_kind(head)
        here = (*way, member.name) if member.name else way
        if found.readable:
            size = _measured(member.opener) if member.size is None else member.size
            yield FoundLog(here, found.name, size, member.opener)
        elif inner and depth < self._limits.depth:
            yield from self.logs(member.opener, inner, here, depth + 1)
        elif inner:
            raise ArchiveError(f"archived too deep: {self._limits.depth} levels in an archive are searched")


def _members(opener: Opener, kind: str, limits: Limits) -> Iterator[Member]:
    if kind in _LISTED:
        return _LISTED[kind](opener, limits)
    return iter([Member("", lambda: unpacking(opener(), _PACKED[kind], limits=limits), None)])


def _head(opener: Opener) -> bytes:
    """The first bytes; a fault behind them is told by whoever reads the member."""
    head = b""
    try:
        with opener() as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        if not head:
            raise
    return head


def _measured(opener: Opener) -> int:
    """How many bytes it unpacks to, as far as it can be read."""
    size = 0
    with suppress(OSError), opener() as stream:
        while piece := stream.read(_MEASURED_BYTES):
            size += len(piece)
    return size


def _refused(reason: str, names: list[str]) -> str:
    are = "member is" if len(names) == 1 else "members are"
    shown = ", ".join("/".join(shown_parts(name)) for name in names[:_NAMED] if name)
    more = ", ..." if len(names) > _NAMED else ""
    return f"{len(names):,} {are} not read ({reason})" + (f": {shown}{more}" if shown else "")
