"""Rows around the hits: 5, 20, none; what fits is told by a sign and by its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SIZES

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


@SIZES
async def test_rows_around_hits(browse: Browse, week: Path, size: tuple[int, int]) -> None:
    async with browse(week, size=size, pane="events") as browsing:
        await browsing.press("K")
        await browsing.shows("Without a filter")
        await browsing.press("K", "K")
        await browsing.hold("event:1102,4625 user:mallory")
        await browsing.shows("12 events")
        await browsing.press("K")
        await browsing.shows("12 events (>) with 5 around: 22 rows")
        assert browsing.table.row_count == 22
        rows = [browsing.table.row_at(place) for place in range(22)]
        assert [row.cells[-1][:2] for row in rows if row] == ["  "] * 5 + ["> "] * 12 + ["  "] * 5
        assert {row.tone for row in rows if row and row.cells[-1][0] == " "} == {"muted"}
        assert {row.tone for row in rows if row and row.cells[-1][0] == ">"} == {"alarm"}
        assert "> mallory was refused" in browsing.cursor_row
        await browsing.press("K")
        await browsing.shows("with 20 around: 52 rows")
        await browsing.press("K")
        await browsing.until(lambda: browsing.table.row_count == 12, "only what fits")
        await browsing.hides("around")
        await browsing.press("u")
        await browsing.shows("with 20 around")
        await browsing.show_pane("sessions")
        await browsing.hides("around")


async def test_context_is_that_of_time(browse: Browse, week: Path) -> None:
    """What stands beside a row in an order by user is no context."""
    async with browse(week, pane="events", filter_text="event:1102,4625 user:mallory") as browsing:
        await browsing.press("o", "o")
        await browsing.shows("User▲")
        await browsing.press("K")
        await browsing.shows("Time (UTC)▲", "with 5 around: 22 rows")
        await browsing.press("u")
        await browsing.shows("User▲")
