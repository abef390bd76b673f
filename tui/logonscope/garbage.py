"""Python's search for garbage: put off where none is made, and not made where nothing is."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_RARE_COLLECTION = 20_000
"""New objects between two looks for garbage; Python's own number is 700. A look at so many takes about 5 ms."""
_SELDOM = 1_000
"""Such looks before one at what they left."""


def spare_all_now() -> None:
    """Leave everything that there is out of all later looks for garbage.

    A look at the imported modules and the names of a large case takes 50 to 90 ms, in which no key is answered.
    """
    gc.freeze()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage cycles less often: loading makes none, but millions of objects that would be looked at."""
    usual = gc.get_threshold()
    gc.set_threshold(_RARE_COLLECTION, _SELDOM, _SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
