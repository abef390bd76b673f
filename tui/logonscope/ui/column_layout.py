"""What the user chose of the columns of a pane: which, in which order, how wide. A value; edits make new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.columns import Column

_LEAST, _MOST = 1, 500


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column."""

    name: str
    """``Column.name``."""
    is_shown: bool | None = None
    """None: where there is room for it."""
    width: int | None = None
    """Cells; None for the usual."""


Layout = tuple[ColumnChoice, ...]
"""The columns of a pane in order; empty for the usual ones."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column at its place."""

    cell: int
    """Which cell of a row it shows."""
    column: Column[Any]


def arranged(columns: Sequence[Column[Any]], layout: Layout) -> tuple[Placed, ...]:
    """The columns that are to be drawn where there is room, in the order and width chosen."""
    return tuple(
        Placed(cell, _chosen(columns[cell], choice))
        for cell, choice in _paired(columns, layout)
        if choice.is_shown is not False
    )


def _chosen(column: Column[Any], choice: ColumnChoice) -> Column[Any]:
    rank = 0 if choice.is_shown else column.rank
    if choice.width is None:
        return replace(column, rank=rank)
    return replace(column, width=choice.width, most=0, rank=rank)


def _paired(columns: Sequence[Column[Any]], layout: Layout) -> list[tuple[int, ColumnChoice]]:
    """Every column with what was chosen for it; columns that the layout does not know come last."""
    cells = {column.name: cell for cell, column in enumerate(columns)}
    known = [(cells.pop(choice.name), choice) for choice in layout if choice.name in cells]
    return known + [(cell, ColumnChoice(name)) for name, cell in cells.items()]


def completed(columns: Sequence[Column[Any]], layout: Layout) -> Layout:
    """The same with every column of the pane in it, each once."""
    return tuple(choice for _, choice in _paired(columns, layout))


def toggled(layout: Layout, index: int, *, is_drawn: bool) -> Layout:
    """Hide a column that is drawn; show one that is not, whatever room the others want."""
    return _replaced(layout, index, replace(layout[index], is_shown=not is_drawn))


def widened(layout: Layout, index: int, columns: Sequence[Column[Any]], cells: int) -> Layout:
    """Make a column wider, or narrower by a negative number."""
    choice = layout[index]
    usual = next(column.width for column in columns if column.name == choice.name)
    width = max(_LEAST, min(_MOST, (usual if choice.width is None else choice.width) + cells))
    return _replaced(layout, index, replace(choice, width=width))


def moved(layout: Layout, index: int, places: int) -> tuple[Layout, int]:
    """Move a column; also where it stands then."""
    to = max(0, min(len(layout) - 1, index + places))
    rest = [*layout[:index], *layout[index + 1 :]]
    return (*rest[:to], layout[index], *rest[to:]), to


def _replaced(layout: Layout, index: int, choice: ColumnChoice) -> Layout:
    return (*layout[:index], choice, *layout[index + 1 :])


def to_state(layouts: dict[str, Layout]) -> dict[str, Any]:
    """Layouts by pane as they are kept in a file."""
    return {
        pane: [{"column": one.name, "shown": one.is_shown, "width": one.width} for one in layout]
        for pane, layout in layouts.items()
        if layout
    }


def from_state(state: Any) -> dict[str, Layout]:
    """Layouts by pane out of a file; what makes no sense is left out."""
    if not isinstance(state, dict):
        return {}
    return {
        pane: tuple(one for entry in entries if (one := _choice(entry)))
        for pane, entries in state.items()
        if isinstance(entries, list)
    }


def _choice(entry: Any) -> ColumnChoice | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("column"), str):
        return None
    shown, width = entry.get("shown"), entry.get("width")
    is_width = isinstance(width, int) and not isinstance(width, bool) and _LEAST <= width <= _MOST
    return ColumnChoice(entry["column"], shown if isinstance(shown, bool) else None, width if is_width else None)
