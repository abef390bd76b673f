"""The folder of kept cases: what a load made is moved into it whole, and found there by the next start.

Each kept case is a folder: the store, three small files of JSON, and a lock. It gets its name by one rename when it is
complete; what was kept of the same evidence before is deleted afterwards. A process that has one open holds its lock,
and only those that nobody holds are deleted, the one that was used longest ago first.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from platformdirs import user_cache_path

import logonscope
from logonscope.cache.cache_settings import USUAL_BYTES
from logonscope.cache.evidence_state import contents_sample, evidence_state
from logonscope.cache.folder_lock import LOCK, is_used, remove_unused, share
from logonscope.cache.loaded_state import (
    LoadedState,
    as_json,
    files_from,
    files_json,
    outcome_from,
    outcome_json,
    state_from,
)
from logonscope.store.case_store import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logonscope.cache.loaded_state import FileRead, LoadOutcome

_STATE, _OUTCOME, _FILES = "state.json", "outcome.json", "files.json"
_DRAWS_OR_TESTS = {"ui", "commands", "export", "facts", "demo"}
"""Parts of the program on which nothing in a store depends."""
_MOST_BYTES_CHECKED, _BLOCK_BYTES = 400 << 20, 1 << 20
SMALLEST_EVIDENCE = 16 << 20
"""What is smaller than so many bytes is loaded as quickly as it is reopened."""


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A kept case that is locked against deletion until it is closed."""

    folder: Path
    state: LoadedState
    lock: int

    def outcome(self) -> LoadOutcome:
        """What loading found beside the records.

        Raises:
            OSError, ValueError: It cannot be read.
        """
        return outcome_from((self.folder / _OUTCOME).read_bytes())

    def files(self) -> list[FileRead]:
        """The files that were read.

        Raises:
            OSError, ValueError: It cannot be read.
        """
        return files_from((self.folder / _FILES).read_bytes())

    def close(self) -> None:
        """Let it be deleted from now on."""
        os.close(self.lock)


@dataclass(frozen=True, slots=True)
class Listed:
    """A kept case as it is listed."""

    folder: Path
    size: int
    """Bytes on disk."""
    used_at: float
    """Seconds since 1970."""
    is_used: bool
    """Whether a process has it open now."""
    state: LoadedState | None
    """None where it cannot be read."""


class KeptCases:
    """The kept cases of a user.

    Args:
        base: Their folder.
        most_bytes: What they may take together.
        smallest_evidence: How many bytes of evidence are worth it; the usual number if None.
    """

    def __init__(self, base: Path, most_bytes: int = USUAL_BYTES, smallest_evidence: int | None = None) -> None:
        self.base = base
        self.most_bytes = most_bytes
        self.smallest_evidence = SMALLEST_EVIDENCE if smallest_evidence is None else smallest_evidence

    def find(self, paths: Sequence[Path], options: str) -> KeptCase | None:
        """The case that was kept of some evidence, if all of that is as it was; what is outdated is deleted.

        Args:
            paths: Files and folders.
            options: What was loaded of them, as a text that tells all differences.
        """
        kept = sorted(self._folders(case_key(paths, options)), key=_used_at, reverse=True)
        if not kept:
            return None
        evidence = evidence_state(paths).digest
        for folder in kept:
            lock = share(folder)
            if lock is None:
                continue
            state = _state(folder)
            if state is not None and state.evidence == evidence and _is_whole(folder, state) and _is_sampled(state):
                with suppress(OSError):
                    os.utime(folder / LOCK)
                return KeptCase(folder, state, lock)
            os.close(lock)
            remove_unused(folder)
        return None

    def keep(self, made: Path, key: str, state: LoadedState, outcome: LoadOutcome, files: Iterable[FileRead]) -> None:
        """Move the folder of a store that is closed to the kept cases.

        Args:
            made: The folder, on the same file system as the kept cases and locked by its maker.
            key: What ``case_key`` gave for it.
            state: What is to be known of it without opening it.
            outcome: What loading found beside the records.
            files: The files that were read.

        Raises:
            OSError: It cannot be moved or written, or is larger than all that may be kept; it is where it was.
            ValueError: A path or a text in it cannot be kept.
        """
        store = made / FILE_NAME
        if store.stat().st_size > self.most_bytes:
            raise OSError(errno.EFBIG, "it is larger than all that may be kept")
        store.chmod(0o600)
        self.base.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(made / _OUTCOME, outcome_json(outcome))
        _write(made / _FILES, files_json(files))
        _write(made / _STATE, as_json(msgspec.structs.replace(state, store_check=_file_check(store))))
        older = list(self._folders(key))
        made.rename(self.base / f"{key}-{secrets.token_hex(4)}")
        for folder in older:
            remove_unused(folder)
        self.shrink()

    def shrink(self) -> None:
        """Delete those that were used longest ago, until the rest fits into what they may take."""
        left = self.listed()
        size = sum(kept.size for kept in left)
        for kept in sorted(left, key=lambda kept: kept.used_at):
            if size <= self.most_bytes:
                return
            if remove_unused(kept.folder):
                size -= kept.size

    def listed(self) -> list[Listed]:
        """All kept cases, the one that was used last first."""
        found = [
            Listed(folder, _size(folder), _used_at(folder), is_used(folder), _state(folder))
            for folder in self._folders()
        ]
        return sorted(found, key=lambda kept: -kept.used_at)

    def clear(self) -> list[Listed]:
        """Delete all that no process has open.

        Returns:
            What was deleted.
        """
        return [kept for kept in self.listed() if remove_unused(kept.folder)]

    def remove(self, folder: Path) -> None:
        """Delete one, if no process has it open."""
        remove_unused(folder)

    def _folders(self, key: str = "") -> Iterator[Path]:
        try:
            for folder in self.base.iterdir():
                if folder.name.startswith(key) and folder.is_dir() and not folder.is_symlink():
                    yield folder
        except OSError:
            return  # nothing is kept yet, or nothing that we may see


def user_cases(most_bytes: int = USUAL_BYTES) -> KeptCases:
    """The kept cases in the user's cache folder."""
    return KeptCases(user_cache_path("logonscope") / "kept", most_bytes)


def case_key(paths: Sequence[Path], options: str) -> str:
    """The name under which a case is kept: it tells neither the paths nor the options.

    Args:
        paths: Files and folders.
        options: What was loaded of them, as a text that tells all differences.
    """
    digest = hashlib.sha256()
    for part in (_program(), options, *(os.fsdecode(path.absolute()) for path in paths)):
        digest.update(b"%s\0" % part.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


@cache
def _program() -> str:
    """The version of all of the program that a store depends on, as the files of it are that are installed here."""
    top = str(Path(logonscope.__file__).parent)
    parts = [logonscope.__version__]
    for folder, folders, names in os.walk(top):
        if folder == top:
            folders[:] = set(folders) - _DRAWS_OR_TESTS
        folders.sort()
        for name in sorted(names):
            if name.endswith((".py", ".sql", ".toml")):
                path = f"{folder}{os.sep}{name}"
                status = os.stat(path)  # noqa: PTH116 # at each start, and of hundreds of files
                parts.append(f"{path[len(top) :]} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(parts)


def _state(folder: Path) -> LoadedState | None:
    try:
        return state_from((folder / _STATE).read_bytes())
    except (OSError, ValueError):
        return None


def _is_whole(folder: Path, state: LoadedState) -> bool:
    try:
        return _file_check(folder / FILE_NAME) == state.store_check
    except OSError:
        return False


def _file_check(path: Path) -> str:
    """What any fault of a disk would change: of a file that is too large to be read at each start, stretches are."""
    size = path.stat().st_size
    if size > _MOST_BYTES_CHECKED:
        return f"{size} {contents_sample([path])}"
    check = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            check = zlib.crc32(block, check)
    return f"{size} {check:08x}"


def _is_sampled(state: LoadedState) -> bool:
    try:
        return contents_sample([Path(path) for path in state.on_disk]) == state.sample
    except OSError:
        return False


def _used_at(folder: Path) -> float:
    try:
        return (folder / LOCK).stat().st_mtime
    except OSError:
        return 0.0


def _size(folder: Path) -> int:
    try:
        return sum(path.lstat().st_size for path in folder.iterdir())
    except OSError:
        return 0


def _write(path: Path, text: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(text)
