"""The next batches are made in a thread of their own while one is written: two processors share the work."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Batch = TypeVar("Batch")
_WAITING = 2
_LOOK_SECONDS = 0.05


def ahead(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Take batches one after another, made a few ahead.

    Args:
        batches: They are made in another thread, which ends with this iterator.

    Raises:
        BaseException: What making them raised.
    """
    made: Queue[tuple[Batch | None, BaseException | None]] = Queue(_WAITING)
    is_over = Event()

    def hand_over(batch: Batch | None, error: BaseException | None = None) -> None:
        while not is_over.is_set():
            with suppress(Full):
                made.put((batch, error), timeout=_LOOK_SECONDS)
                return

    def make() -> None:
        try:
            for batch in batches:
                hand_over(batch)
                if is_over.is_set():
                    return
            hand_over(None)
        except BaseException as error:
            hand_over(None, error)

    maker = Thread(target=make, name="export", daemon=True)
    maker.start()
    try:
        while True:
            batch, error = made.get()
            if error is not None:
                raise error
            if batch is None:
                return
            yield batch
    finally:
        is_over.set()
        with suppress(Empty):
            made.get_nowait()
        maker.join()
