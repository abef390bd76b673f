"""What is kept for the user between runs: small files of JSON or TOML, private, written whole."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import tomllib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from platformdirs import user_state_path

from logonscope.errors import OutputError, StoreError
from logonscope.toml_text import toml_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_MOST_BYTES = 50_000_000
_TOML = ".toml"


def state_folder(*parts: str) -> Path:
    """A private folder (0700) below the user's state folder, made if it is not there.

    Raises:
        OutputError: It cannot be made.
    """
    folder = user_state_path("logonscope").joinpath(*parts)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise OutputError(f"{folder}: {error.strerror or error}", "Set XDG_STATE_HOME to a folder of yours.") from error
    return folder


def evidence_key(paths: Sequence[Path]) -> str:
    """A case by its evidence, whatever folder it is opened from, as hexadecimal digits: it does not tell the names.

    Args:
        paths: The files and folders of the case.
    """
    whole = "\0".join(sorted(str(path.absolute()) for path in paths))
    return hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()


def read_state(path: Path) -> Any:
    """What a file holds; None where there is no file.

    Raises:
        StoreError: It cannot be read, or is not what its name says: TOML, or else JSON.
    """
    try:
        if not path.exists():
            return None
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            raise StoreError(f"{path}: this is not what logonscope wrote")
        text = path.read_text("utf-8")
        return tomllib.loads(text) if path.suffix == _TOML else json.loads(text)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else type(error).__name__
        raise StoreError(f"{path}: this is not what logonscope wrote ({why})") from error


def write_private(path: Path, text: str) -> None:
    """Write a file that only the user can read, whole or not at all; its folder is made (0700) where it is missing.

    Raises:
        OutputError: It cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise OutputError(f"{path}: {error.strerror or error}") from error


def _sync_folder(folder: Path) -> None:
    """Let the new name outlast a loss of power, where the file system can promise that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def change_state(path: Path, change: Callable[[Any], Any], head: str = "") -> Any:
    """Read a file, change what it holds and write it, while no other process does.

    A file that is not what was written before is set aside as ``NAME.broken``, never written over.

    Args:
        path: The file.
        change: Gets what the file holds, or None; gives what it is to hold.
        head: Lines to begin a file of TOML with.

    Returns:
        What it holds now.

    Raises:
        OutputError: It cannot be written.
    """
    with _alone(path):
        try:
            held = read_state(path)
        except StoreError:
            path.replace(path.with_name(f"{path.name}.broken"))
            held = None
        changed = change(held)
        write_private(path, head + toml_text(changed) if path.suffix == _TOML else json.dumps(changed, indent=1))
        return changed


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
