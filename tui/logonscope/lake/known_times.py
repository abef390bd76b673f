"""When rows were that were listed: the months whose files hold them are known then, without looking into any."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from logonscope.lake.months import EVERY_MONTH, Months, month_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.store.row_window import RowWindow

_LISTS = 6


class KnownTimes:
    """The times of the rows of the last lists; to be asked from any thread."""

    def __init__(self) -> None:
        self._lists: deque[RowWindow] = deque(maxlen=_LISTS)
        self._lock = Lock()

    def add(self, window: RowWindow) -> None:
        """Remember the times of a list."""
        if window.times is not None and window.count:
            with self._lock:
                self._lists.appendleft(window)

    def months(self, rows: Sequence[int]) -> Months:
        """The months that some rows lie in; every month where one of the rows was not listed."""
        wanted = pa.array(rows, pa.int64())
        with self._lock:
            lists = list(self._lists)
        for window in lists:
            places = pc.index_in(wanted, value_set=window.rows)
            if not places.null_count and window.times is not None:
                times = window.times.take(places)
                first, last = pc.min_max(times).values()
                if first.is_valid:
                    return Months(month_at(first.as_py()), month_at(last.as_py()))
        return EVERY_MONTH
