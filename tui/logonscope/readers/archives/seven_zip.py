"""7z archives: each folder (solid block) is one stream, of which its members are stretches one after another.

``py7zr`` reads the directory and knows the methods. Its own way to extract pushes members, while a reader pulls. That
needs its ``Folder`` and decompressor, which is why its version is pinned.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from logonscope.readers.archives.member import Member
from logonscope.readers.archives.streams import ArchiveError, Lender, unpacking
from logonscope.readers.archives.unpackers import copied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.archives.limits import Limits
    from logonscope.readers.archives.streams import Opener

_PIECE_BYTES = 1 << 16
_LZMA, _LZMA2 = b"\x03\x01\x01", b"\x21"
_PPMD = b"\x03\x04\x01"
_MOST_IDLE = 64


def seven_zip_members(opener: Opener, limits: Limits) -> Iterator[Member]:
    """List a 7z archive.

    Args:
        opener: Opens it.
        limits: What is too much.

    Raises:
        OSError: It cannot be read.
    """
    from py7zr import SevenZipFile
    from py7zr.exceptions import PasswordRequired

    with opener() as file:
        try:
            archive = SevenZipFile(file)
        except PasswordRequired as error:
            raise ArchiveError("the archive is encrypted, names and all") from error
        except OSError:
            raise
        except Exception as error:  # py7zr has many
            raise ArchiveError(f"the archive's directory cannot be read: {error}") from error
        header = archive.header
        streams = getattr(header, "main_streams", None)
        if streams is None:
            return
        starts = [archive.afterheader + position for position in streams.packinfo.packpositions]
    lender = Lender(opener)
    pack_stream = 0
    for folder in streams.unpackinfo.folders:
        sources = max(coder.get("numinstreams", 1) for coder in folder.coders)
        begin, end = starts[pack_stream], starts[pack_stream + sources]
        pack_stream += sources
        unpacked = Lender(partial(_open_folder, lender, folder, begin, end - begin, limits))
        yield from _folder_members(unpacked, folder, _refusal(folder, sources, limits), limits)


def _folder_members(unpacked: Lender, folder: Any, refusal: str, limits: Limits) -> Iterator[Member]:
    offset = 0
    for entry in folder.files or ():
        size = entry.uncompressed
        opener = partial(_open, unpacked, offset, size, entry.crc32, refusal, limits)
        yield Member(entry.filename, opener, size, refusal)
        offset += size


def _refusal(folder: Any, sources: int, limits: Limits) -> str:
    from py7zr.compressor import SupportedMethods

    if SupportedMethods.needs_password(folder.coders):
        return "encrypted"
    if sources > 1:
        return "compressed with BCJ2, which is not known"
    if any(coder["method"] == _PPMD for coder in folder.coders):
        return "compressed with PPMd, whose unpacker damaged bytes can crash"
    if max(map(_dictionary_bytes, folder.coders)) > limits.dictionary_bytes:
        return f"it wants more than {limits.dictionary_bytes:,} bytes of memory to be unpacked"
    return ""


def _dictionary_bytes(coder: dict[str, Any]) -> int:
    properties = coder.get("properties") or b""
    if coder["method"] == _LZMA:
        return int.from_bytes(properties[1:5], "little")
    if coder["method"] == _LZMA2 and properties:
        return int((2 | properties[0] & 1) << (properties[0] // 2 + 11))
    return 0


def _open(unpacked: Lender, offset: int, size: int, crc: int | None, refusal: str, limits: Limits) -> BinaryIO:
    if refusal:
        raise ArchiveError(refusal)
    return unpacking(unpacked.section(offset, size), copied, size, crc, limits)


def _open_folder(lender: Lender, folder: Any, begin: int, size: int, limits: Limits) -> BinaryIO:
    return unpacking(lender.section(begin, size), partial(_unpacked, folder, size), limits=limits)


def _unpacked(folder: Any, packed_size: int, packed: BinaryIO) -> Iterator[bytes]:
    """Unpack a folder.

    Raises:
        EOFError: Its packed bytes end too early.
    """
    left = folder.get_unpack_size()
    decompressor = folder.get_decompressor(packed_size, reset=True)
    idle = 0
    while left > 0:
        piece = bytes(decompressor.decompress(packed, min(left, _PIECE_BYTES)))
        idle = 0 if piece else idle + 1
        if idle > _MOST_IDLE:
            raise EOFError
        left -= len(piece)
        if piece:
            yield piece
