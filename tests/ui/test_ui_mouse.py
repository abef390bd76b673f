"""Text that is selected with the mouse is copied as it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SIZES, Browsing
from textual.geometry import Offset
from textual.selection import Selection

from logonscope.ui.widgets.drawn_text import selected_text

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from browsing import Browse

LINES = ["Time  User", "09:00 alice", "10:00 bob", "11:00 carol"]


def line(number: int) -> str | None:
    return LINES[number] if number < len(LINES) else None


def test_what_is_selected_is_cut_out_of_the_lines() -> None:
    assert selected_text(Selection(Offset(6, 1), Offset(9, 2)), line, 1, 3) == "alice\n10:00 bob"
    assert selected_text(Selection(Offset(0, 2), Offset(5, 2)), line, 1, 3) == "10:00"
    assert selected_text(Selection(None, None), line, 1, 3) == "\n".join(LINES[1:])
    assert selected_text(Selection(Offset(6, 3), Offset(2, 9)), line, 1, 3) == "carol"


async def drag(browsing: Browsing, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Drag the mouse over the table; cells from its upper left corner."""
    await browsing.pilot.mouse_down("#table", offset=first)
    await browsing.pilot.hover("#table", offset=last)
    await browsing.pilot.mouse_up("#table", offset=last)


@SIZES
async def test_text_is_selected_in_the_list_and_copied(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    copied: list[str] = []
    async with browse(week, size=size, pane="events") as browsing:
        monkeypatch.setattr(browsing.app, "copy_to_clipboard", copied.append)
        await browsing.until(lambda: len(browsing.rows) > 3, "rows")
        rows = browsing.lines[browsing.table.region.y + 2 : browsing.table.region.y + 4]
        left = browsing.table.region.x
        await drag(browsing, (2, 2), (20, 3))
        await browsing.until(lambda: browsing.main.get_selected_text(), "selected text")
        await browsing.press("y")
        assert copied == [
            rows[0][left + 2 : browsing.table.region.right - 1].rstrip() + "\n" + rows[1][left : left + 21]
        ]
        await browsing.until(lambda: not browsing.main.get_selected_text(), "nothing selected any more")
        await browsing.press("y")
        assert "\t" in copied[1]


async def test_escape_codes_in_selected_text_stay_harmless(
    browse: Browse, hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    async with browse(hostile, pane="events") as browsing:
        monkeypatch.setattr(browsing.app, "copy_to_clipboard", copied.append)
        await browsing.until(lambda: len(browsing.rows) > 1, "rows")
        await drag(browsing, (0, 1), (70, 2))
        await browsing.press("y")
        assert copied
        assert all(character.isprintable() or character == "\n" for character in copied[0])
