"""A copy of a log that says it is of another machine: the name of the computer is replaced by one as long."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CHUNK, _FILE_HEADER, _RECORDS = 65_536, 4096, 512


def renamed_log(source: Path, target: Path, names: Mapping[str, str]) -> None:
    """Write the copy; the checksums fit.

    Args:
        source: An .evtx file.
        target: Where to write.
        names: The computer's names in it, and others of the same length.
    """
    texts = [(old.encode("utf-16-le"), new.encode("utf-16-le")) for old, new in names.items()]
    with source.open("rb") as log, target.open("wb") as copy:
        copy.write(log.read(_FILE_HEADER))
        while chunk := bytearray(log.read(_CHUNK)):
            if chunk.startswith(b"ElfChnk"):
                for old, new in texts:
                    chunk = chunk.replace(old, new)
                (end,) = struct.unpack_from("<I", chunk, 48)
                struct.pack_into("<I", chunk, 52, crc32(chunk[_RECORDS:end]))
                struct.pack_into("<I", chunk, 124, crc32(chunk[:120] + chunk[128:_RECORDS]))
            copy.write(chunk)
