"""From what the user names to the files that are read: paths, folders, listings, and addresses that fsspec knows."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from logonscope.errors import SourceError
from logonscope.readers.evidence import open_evidence
from logonscope.readers.sources import files_of
from logonscope.store.case_store import stored_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Unit:
    """A file as it lies in its place: a log, an archive of logs, or neither."""

    path: str
    """A path, or an address like ``s3://bucket/Security.evtx``."""
    size: int
    """Bytes."""
    named: bool
    """Whether the user named it, and not only a folder that it lies in."""
    sha256: str = ""

    @property
    def shown(self) -> str:
        """The path as a lake can hold it: bytes that are no UTF-8 are escapes."""
        return stored_path(self.path)


def is_remote(name: str) -> bool:
    """Whether a name is an address and no path."""
    return "://" in name


def units_of(names: Sequence[str], unreadable: list[SourceError]) -> list[Unit]:
    """All files that some names stand for, each once.

    Args:
        names: Paths, folders, addresses, and ``@LISTING``: a file with one of these on each line.
        unreadable: Gets an error for each that is not there.
    """
    found: dict[str, Unit] = {}
    for name in _listed(names, unreadable):
        try:
            for unit in _remote(name) if is_remote(name) else _local(Path(name)):
                found.setdefault(unit.path, unit)
        except (OSError, ValueError, ImportError) as error:
            missing = "there is no such file or folder" if isinstance(error, FileNotFoundError) else ""
            reason = getattr(error, "strerror", None) or missing or str(error)
            unreadable.append(SourceError(f"{name}: {reason}", "Check the spelling, and that you may read it."))
    return list(found.values())


def _listed(names: Iterable[str], unreadable: list[SourceError]) -> Iterator[str]:
    for name in names:
        if not name.startswith("@"):
            yield name
            continue
        try:
            lines = Path(name[1:]).read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            unreadable.append(SourceError(f"{name[1:]}: {error}", "A listing is a text file, one path on each line."))
            continue
        yield from (line for line in lines if line.strip())


def _local(path: Path) -> Iterator[Unit]:
    path = path.absolute()
    is_file = not path.is_dir()
    for file in files_of([path]):
        if is_file or file.is_file():
            yield Unit(str(file), file.stat().st_size, is_file)


def _remote(address: str) -> Iterator[Unit]:
    system, place = _system(address)
    listed = system.find(place, detail=True) if system.isdir(place) else {place: system.info(place)}
    for path, facts in sorted(listed.items()):
        yield Unit(system.unstrip_protocol(path), int(facts.get("size") or 0), path == place)


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it; fsspec comes with Dask."""
    from fsspec.core import url_to_fs

    system, place = url_to_fs(address)
    return system, place


def _open(unit: Unit) -> BinaryIO:
    if not is_remote(unit.path):
        return open_evidence(Path(unit.path))
    system, place = _system(unit.path)
    stream: BinaryIO = system.open(place, "rb")
    return stream


def fetched(unit: Unit, folder: Path) -> Path:
    """A private copy of a file that is elsewhere, since logs are read by position.

    Raises:
        OSError: It cannot be had.
    """
    copy = folder / f"{secrets.token_hex(4)}-{Path(unit.path).name}"
    with _open(unit) as stream, copy.open("xb") as file:
        shutil.copyfileobj(stream, file, _PIECE)
    return copy


def sha256_of(units: Sequence[Unit]) -> list[str]:
    """The SHA-256 of each file, empty where it cannot be read; a task of a worker."""
    return [_sha256(unit) for unit in units]


def _sha256(unit: Unit) -> str:
    try:
        with _open(unit) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type] # that of fsspec has it, too
    except OSError:
        return ""
