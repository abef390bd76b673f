"""One run at a time changes a lake."""

from __future__ import annotations

import os
import platform
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from logonscope.cache.folder_lock import hold
from logonscope.errors import StoreError
from logonscope.lake.address import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.lake.address import LakePlace

LOCK_OBJECT = "_lock"
"""What stands for the lock in a store, where the kernel drops none: who holds it."""


@contextmanager
def locked(lake: LakePlace) -> Iterator[None]:
    """Let nobody else change a lake.

    Raises:
        StoreError: Somebody else is changing it, or it may not be changed.
        OSError: A store does not answer.
    """
    if isinstance(lake, Address):
        with _locked_in_store(lake):
            yield
        return
    try:
        lock = hold(lake)
    except OSError as error:
        raise StoreError(f"{lake}: {error.strerror or error}", "Name a lake that you may write to.") from error
    if lock is None:
        raise StoreError(f"{lake}: another run is changing this lake", "Wait until it is done.")
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def _locked_in_store(lake: Address) -> Iterator[None]:
    lock = lake / LOCK_OBJECT
    own = f"{this_host()}, process {os.getpid()}"
    if not lock.create(f"{own}, {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode()):
        holder = lock.read_bytes().decode("utf-8", "replace")
        if not _is_gone(holder):
            raise StoreError(
                f"{lake}: another run is changing this lake: {holder}",
                f"Wait until it is done. If it was killed, remove {lock}.",
            )
        lock.write_bytes(own.encode())
    try:
        yield
    finally:
        lock.remove()


def this_host() -> str:
    """Its name, and its network address: many are called localhost."""
    return f"{platform.node()} ({uuid.getnode():012x})"


def _is_gone(holder: str) -> bool:
    """Whether it was a process of this host that is no more."""
    host, _, rest = holder.partition(", process ")
    number = rest.partition(",")[0]
    if host != this_host() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return int(number) == os.getpid()
