"""What is said of a load that cannot go on, or of a record that cannot be understood."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from logonscope.errors import StoreError
from logonscope.model import ReadProblem
from logonscope.store.case_store import MORE_ROOM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_log = logging.getLogger(__name__)


@contextmanager
def store_errors(place: Path) -> Iterator[None]:
    """Turn what the database says of a store that cannot be written into words.

    Raises:
        StoreError: It cannot be written, e.g. because the disk is full.
    """
    try:
        yield
    except duckdb.ProgrammingError:
        raise  # a fault of ours, whatever the disk is like
    except duckdb.OutOfMemoryException as error:
        _log.error("the store needs more memory", exc_info=error)
        said = str(error).partition("\n")[0]
        raise StoreError(f"{place}: {said}", "Load only a part with --since or --event.") from error
    except duckdb.Error as error:
        _log.error("the store cannot be written", exc_info=error)
        raise StoreError(f"{place}: {error}", MORE_ROOM) from error


def reading_stopped(path: Path, error: OSError) -> ReadProblem:
    """A file could be opened, but not be read to its end."""
    return ReadProblem(path, "file", None, None, f"reading stopped: {error.strerror or error}")


def misread_record(path: Path, header_id: int) -> ReadProblem:
    """A record was read, and what it says is not of the usual shape."""
    return ReadProblem(
        path,
        "record",
        None,
        header_id,
        "the record names no provider, or its contents are not of the usual shape, or too long to be searched whole",
    )
