"""Text of a table that is selected with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Offset
from textual.selection import Selection
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style

_MOST_LINES = 10_000


def selected_text(selection: Selection, line: Callable[[int], str | None], first: int, last: int) -> str:
    """What is selected.

    Args:
        selection: From where to where; an end that is missing is that of the screen.
        line: Gives the text of a line as it is drawn, or None for one that is not there.
        first: The first line on the screen.
        last: The last line on the screen.
    """
    begin = selection.start or Offset(0, first)
    stop = selection.end.y if selection.end else last
    numbers = range(begin.y, min(stop, begin.y + _MOST_LINES) + 1)
    texts = [text for number in numbers if (text := line(number)) is not None]
    end = None if selection.end is None or len(texts) < len(numbers) else selection.end - Offset(0, begin.y)
    return Selection(Offset(begin.x, 0), end).extract("\n".join(texts))


def with_span(strip: Strip, span: tuple[int, int], style: Style) -> Strip:
    """A line with a part of it in another style.

    Args:
        strip: The line.
        span: The first cell of the part and the one after it; -1 for the end of the line.
        style: What is put over the part.
    """
    length = strip.cell_length
    start, stop = min(span[0], length), length if span[1] < 0 else min(span[1], length)
    before, part, after = strip.crop(0, start), strip.crop(start, stop), strip.crop(stop, length)
    return Strip([*before, *Segment.apply_style(part, post_style=style), *after], length)
