"""Panes that write more than UTC: the time column has another time beside it, and says which; so does the detail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from logonscope.facts.beside import Beside
    from logonscope.ui.panes import Pane
    from logonscope.ui.widgets.row_list import TableRow

_GAP = "  "
_TIMES: dict[str, Callable[[Any], Iterable[tuple[str, datetime | None]]]] = {
    "events": lambda event: (("Time", event.time),),
    "sessions": lambda session: (("Start", session.start), ("End", session.end)),
    "boots": lambda boot: (("Start", boot.start), ("End", boot.end)),
    "coverage": lambda mark: (("From", mark.since), ("Until", mark.until)),
}
"""The times of a row, as the detail writes them."""


def zoned(pane: Pane, beside: Beside) -> Pane:
    """The pane with another time beside that of each row."""
    if beside.mode == "nothing":
        return pane
    place = next(number for number, column in enumerate(pane.columns) if column.title.endswith("(UTC)"))
    column = pane.columns[place]
    wider = replace(column, title=f"{column.title}{_GAP}{beside.title}", width=column.width + len(_GAP) + beside.width)

    def row(item: Any) -> TableRow:
        drawn = pane.row(item)
        time = f"{drawn.cells[place]:{column.width}}{_GAP}{beside.text(item.machine, pane.moment(item))}"
        return replace(drawn, cells=(*drawn.cells[:place], time, *drawn.cells[place + 1 :]))

    return replace(
        pane,
        columns=(*pane.columns[:place], wider, *pane.columns[place + 1 :]),
        row=row,
        facts=lambda case, item: (*pane.facts(case, item), *beside.facts(item.machine, _TIMES[pane.name](item))),
    )
