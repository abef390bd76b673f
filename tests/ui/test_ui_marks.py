"""Rows are selected and kept with a note; both are seen before the row, and bookmarks outlast the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

from logonscope.case.bookmarks import BookmarkFile
from logonscope.case.case_file import CaseFile
from logonscope.ui.screens.bookmarks import BookmarksScreen
from logonscope.ui.screens.line_prompt import LinePrompt
from logonscope.ui.widgets.row_marks import RowMarks, mark_symbol, marked_strip

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from browsing import Browse, Browsing


def marks(browsing: Browsing) -> str:
    """The first character of each row."""
    region = browsing.table.region
    lines = [line[region.x] for line in browsing.lines[region.y + 1 : region.bottom]]
    return "".join(lines[: browsing.table.row_count])


async def keep(browsing: Browsing, note: str) -> None:
    await browsing.press("m")
    await browsing.until(lambda: isinstance(browsing.app.screen, LinePrompt), "the prompt")
    await browsing.press("ctrl+u")
    await browsing.type(note)
    await browsing.press("enter")
    await browsing.answers()


def test_symbols(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = RowMarks({"a", "b"}, {"b", "c"}, {4, 5})
    monkeypatch.setattr("logonscope.ui.widgets.row_marks.draws_blocks", lambda: True)
    assert [marked.symbol(ref, position) for ref, position in [("a", 5), ("b", 1), ("c", 2), ("d", 4), (None, 0)]] == [
        "●", "◈", "◆", "»", " ",
    ]  # fmt: skip
    monkeypatch.setattr("logonscope.ui.widgets.row_marks.draws_blocks", lambda: False)
    assert all(mark_symbol(state).isascii() for state in ("selected", "kept", "selected and kept", "found"))


def test_marked_words_keep_the_line() -> None:
    strip = marked_strip("Alice and alice (", ("alice", "("), Style(), Style(underline=True))
    assert strip.text == "Alice and alice ("
    assert [segment.text for segment in strip if segment.style and segment.style.underline] == ["Alice", "alice", "("]


async def test_rows_are_selected(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("space", "space")
        await browsing.shows("2 selected")
        assert (marks(browsing), browsing.table.cursor) == ("●● ", 2)
        await browsing.press("O")
        await browsing.until(lambda: marks(browsing) == " ●●", "the marks move with the rows")
        await browsing.press("home", "down", "space")
        await browsing.shows("1 selected")
        await browsing.show_pane("events")
        await browsing.hides("selected")
        await browsing.show_pane("sessions")
        await browsing.shows("1 selected")
        await browsing.press("escape")
        await browsing.hides("selected")
        assert marks(browsing) == "   "


async def test_the_last_row_can_be_selected(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("end", "space")
        await browsing.shows("1 selected")
        assert marks(browsing) == "  ●"


async def test_logon_types_cannot_be_selected(browse: Browse, week: Path) -> None:
    async with browse(week, pane="types") as browsing:
        await browsing.press("space", "m", "M", "n", "ctrl+f")
        assert browsing.app.screen is browsing.main
        await browsing.hides("selected")


async def test_bookmarks_with_notes(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("down")
        await keep(browsing, "look [here]")
        assert marks(browsing) == " ◆ "
        await browsing.show_pane("events")
        await browsing.press("end")
        await keep(browsing, "")
        await browsing.press("home", "M")
        await browsing.until(lambda: browsing.table.cursor == browsing.table.row_count - 1, "the event that is kept")
        await browsing.press("B")
        await browsing.shows("Bookmarks", "session", "look [here]", "event")
        await browsing.press("enter")
        await browsing.until(lambda: browsing.main.shown.pane == "sessions", "the session")
        assert browsing.cursor_row.startswith("bob")
    async with browse(week) as browsing:
        await browsing.until(lambda: marks(browsing) == " ◆ ", "the bookmark of the run before")
        await browsing.press("M")
        await browsing.until(lambda: browsing.table.cursor == 1)
        await keep(browsing, "another note")
        await browsing.press("B")
        await browsing.shows("another note")
        await browsing.press("m", "ctrl+u")
        await browsing.type("third")
        await browsing.press("enter")
        await browsing.shows("third")
        await browsing.press("d")
        await browsing.hides("third")
        await browsing.press("escape")
        await browsing.answers()
        assert marks(browsing) == "   "
        file = BookmarkFile(CaseFile([week]))
        assert [kept.ref.target for kept in file.read().values()] == ["event"]


async def test_a_bookmark_that_the_filter_hides_is_shown(browse: Browse, week: Path, records: int) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.shows(f"{records} events")
        await browsing.press("end")
        await keep(browsing, "last")
        row = browsing.cursor_row
        await browsing.hold("user:mallory")
        await browsing.shows("12 events")
        await browsing.press("M")
        await browsing.shows("No row of this list", "B lists all.")
        await browsing.press("B", "enter")
        await browsing.until(lambda: browsing.main.shown.filter_text == "" and browsing.cursor_row == row, "the row")


async def test_giving_up_keeps_nothing(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("m", "escape", "B")
        await browsing.shows("No row is kept yet.")
        assert isinstance(browsing.app.screen, BookmarksScreen)
        await browsing.press("d", "m", "enter", "B")
        await browsing.hides("No row is kept yet.")


async def test_a_note_is_written_on(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await keep(browsing, "seen")
        await browsing.press("m")
        await browsing.type(" twice")
        await browsing.press("enter", "B")
        await browsing.shows("seen twice")
        await browsing.press("m")
        await browsing.type(" more")
        await browsing.press("enter")
        await browsing.shows("seen twice more")


async def test_a_broken_file_of_bookmarks_is_told_and_set_aside(browse: Browse, week: Path) -> None:
    path = CaseFile([week]).path
    path.write_text("{")
    async with browse(week) as browsing:
        await browsing.shows("logonscope wrote")
        await keep(browsing, "new")
        assert path.with_name(f"{path.name}.broken").read_text() == "{"
        assert len(BookmarkFile(CaseFile([week])).read()) == 1
