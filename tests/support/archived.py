"""Archives made for tests."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import warnings
import zipfile
from typing import TYPE_CHECKING

import py7zr

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Files = Mapping[str, bytes]


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)  # of a name that is there twice
        for name, contents in files.items():
            archive.writestr(name, contents)
    return out.getvalue()


def zipped_by_go(files: Files) -> bytes:
    """As Velociraptor writes it: the sizes follow each member."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise io.UnsupportedOperation

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in files.items():
            archive.writestr(name, contents)
    return out.getvalue()


def tarred(files: Files) -> bytes:
    out = io.BytesIO()
    with tarfile.TarFile(fileobj=out, mode="w") as archive:
        for name, contents in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(contents)
            archive.addfile(entry, io.BytesIO(contents))
    return out.getvalue()


def seven_zipped(files: Files, **options: object) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:  # type: ignore[arg-type]
        for name, contents in files.items():
            archive.writestr(contents, name)
    return out.getvalue()


LISTED: Mapping[str, Callable[[Files], bytes]] = {
    "zip": zipped,
    "zip by Go": zipped_by_go,
    "zip, stored": lambda files: zipped(files, zipfile.ZIP_STORED),
    "zip, bzip2": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "tar": tarred,
    "tar.gz": lambda files: gzip.compress(tarred(files)),
    "tar.zst": lambda files: zstd.compress(tarred(files)),
    "7z": seven_zipped,
    "7z, zstd": lambda files: seven_zipped(files, filters=[{"id": py7zr.FILTER_ZSTD}]),
    "7z, BCJ": lambda files: seven_zipped(files, filters=[{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA}]),
    "7z, deflate": lambda files: seven_zipped(files, filters=[{"id": py7zr.FILTER_DEFLATE}]),
}
"""How to put files into an archive."""
PACKED: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
"""How to pack one file."""
