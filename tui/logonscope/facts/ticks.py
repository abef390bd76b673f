"""Round times on a scale, as an axis names them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.scale import Scale

_STEPS = (
    *(timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 15, 30)),
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12)),
    *(timedelta(days=days) for days in (1, 2, 7, 14, 28, 91, 182, 364, 1820, 3640, 36400, 364000)),
)
_MONDAY = datetime(1601, 1, 1)
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def ticks(scale: Scale, apart: int) -> Iterator[tuple[int, str]]:
    """Round times in order: the column of each, and how it is written (``03-02``, ``06:00``).

    Args:
        scale: The columns.
        apart: The least number of columns from one to the next.
    """
    cell = timedelta(microseconds=scale.slot)
    step = next((step for step in _STEPS if step >= apart * cell), _STEPS[-1])
    tick = _MONDAY + -(-(scale.since - _MONDAY) // step) * step
    while (column := scale.column(tick)) < scale.columns:
        yield column, _label(tick, step)
        try:
            tick += step
        except OverflowError:
            return


def _label(tick: datetime, step: timedelta) -> str:
    if step > 90 * _DAY:
        return f"{tick:%Y-%m}"
    if step >= _DAY:
        return f"{tick:%a %m-%d}" if step < 7 * _DAY else f"{tick:%m-%d}"
    if not tick.hour and not tick.minute and not tick.second:
        return f"{tick:%a %m-%d}"
    return f"{tick:%H:%M}" if step >= _MINUTE else f"{tick:%H:%M:%S}"
