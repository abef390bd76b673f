"""Python's search for garbage, put off where none is made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_RARE_COLLECTION = 200_000
"""New objects between two looks for garbage; Python's own number is 700."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage cycles less often: loading makes none, but millions of objects that would be looked at."""
    usual = gc.get_threshold()
    gc.set_threshold(_RARE_COLLECTION, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
