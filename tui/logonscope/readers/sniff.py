"""What a file is, told by its first bytes; its name and extension decide nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD_BYTES = 1 << 16
_BEGINNING_BYTES = 512
_RECORD = re.compile(rb"\*\*\0\0..\0\0.{15}\x01\x0f\x01\x01\0\x0c", re.DOTALL)
"""A record of an .evtx file, of 1829 to 2057, in what is left of a log whose beginning was cut off."""


class Kind(NamedTuple):
    """What the beginning of a file looks like."""

    name: str
    """The name of a format (``formats.toml``), or what was found instead, in words."""
    readable: bool


_SIGNATURES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("a gzip archive", lambda head: head[:2] == b"\x1f\x8b"),
    ("a zstd archive", lambda head: head[:4] == b"\x28\xb5\x2f\xfd"),
    ("a zip archive", lambda head: head[:4] == b"PK\x03\x04"),
    ("a 7z archive", lambda head: head[:6] == b"7z\xbc\xaf\x27\x1c"),
    ("a table in Parquet, no event log", lambda head: head[:4] == b"PAR1"),
    ("a Git LFS pointer, not the log itself", lambda head: head.startswith(b"version https://git-lfs")),
    ("XML text", lambda head: head.lstrip(b"\xef\xbb\xbf \r\n\t")[:5] in (b"<?xml", b"<Even")),
    ("JSON text", lambda head: head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[")),
    ("nothing but zero bytes", lambda head: not any(head)),
    ("text", lambda head: b"\0" not in head),
)


def sniff(head: bytes) -> Kind:
    """Say what a file is.

    Args:
        head: The first ``HEAD_BYTES`` bytes of the file, or all of a shorter one.
    """
    if head[:8] in (b"ElfFile\0", b"ElfChnk\0"):
        return Kind("evtx", True)
    if head[:8] == b"\x30\0\0\0LfLe":
        return Kind("evt", True)
    if not head:
        return Kind("an empty file (0 bytes)", False)
    from logonscope.readers.text_kinds import text_kind  # Windows' own logs need not wait for the readers of texts

    text = text_kind(head)
    if text is not None:
        return Kind(*text)
    found = next((name for name, fits in _SIGNATURES if fits(head)), "unknown binary contents")
    if found == "unknown binary contents" and _RECORD.search(head[:_BEGINNING_BYTES]):
        return Kind("evtx", True)
    return Kind(found, False)
