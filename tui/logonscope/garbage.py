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
_USUAL_LOOKS = 10
"""As many before a look at everything, as Python has it."""


def spare_all_now() -> None:
    """Leave everything that there is out of all later looks for garbage.

    A look at the imported modules and the names of a large case takes 50 to 90 ms, in which no key is answered.
    """
    gc.freeze()


def collect_only_when_told() -> None:
    """Look at all objects only where ``collect_if_due`` is called, or after very many were made."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _SELDOM)


def collect_if_due() -> None:
    """Look at all objects where Python would have done so by itself; takes some 10 to 30 ms."""
    if gc.get_count()[2] > _USUAL_LOOKS:
        gc.collect()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage cycles less often: loading makes none, but millions of objects that would be looked at."""
    usual = gc.get_threshold()
    gc.set_threshold(_RARE_COLLECTION, _SELDOM, _SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
