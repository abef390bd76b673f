"""Queries that another thread interrupts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from logonscope.errors import QueryCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def cancellable() -> Iterator[None]:
    """Say it in our own terms.

    Raises:
        QueryCancelledError: The query inside was interrupted.
    """
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryCancelledError("interrupted") from error
