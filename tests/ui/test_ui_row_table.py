"""The table draws only what is on the screen, asks for what it lacks, and keeps its cursor in sight."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from browsing import comes_true, drawn
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.screen import Screen

from logonscope.columns import Column
from logonscope.display import sanitise
from logonscope.ui.widgets.row_list import PAGE_ROWS, TableRow
from logonscope.ui.widgets.row_table import RowTable
from logonscope.ui.widgets.table_columns import GUTTER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

ROWS = 100_000
COLUMNS: tuple[Column[object], ...] = (
    Column("Record", 10, 0, str, "record"),
    Column("User", 12, 1, str),
    Column("What happened", 20, 0, str, takes_rest=True),
)


def page(number: int, list_name: str = "logon") -> list[TableRow]:
    first = number * PAGE_ROWS
    return [TableRow((str(n), "alice", f"{list_name} {n}")) for n in range(first, first + PAGE_ROWS)]


class TableScreen(Screen[None]):
    """Gives a table its pages, as the browser does."""

    def __init__(self, *, answers: bool = True) -> None:
        super().__init__()
        self.answers = answers
        self.list_name = "logon"
        self.wanted: list[tuple[int, int]] = []
        self.chosen: list[int] = []
        self.table = RowTable(id="events")

    def compose(self) -> ComposeResult:
        with Container():
            yield self.table

    def on_mount(self) -> None:
        self.table.show_columns(COLUMNS, "record")
        self.table.show_rows(ROWS, {0: page(0)})
        self.table.focus()

    @on(RowTable.PagesWanted)
    def _give(self, event: RowTable.PagesWanted) -> None:
        self.wanted.append((event.first, event.last))
        if self.answers:
            for number in range(event.first, event.last + 1):
                self.table.rows.add_page(number, page(number, self.list_name))

    @on(RowTable.Chosen)
    def _choose(self, event: RowTable.Chosen) -> None:
        self.chosen.append(event.position)

    @property
    def rows(self) -> list[str]:
        return [strip.text[GUTTER:].rstrip() for strip in drawn(self)[1:]]

    @property
    def positions(self) -> list[int]:
        """What is on the screen; -1 for a row that is not there yet."""
        return [int(row.split()[0].replace("·", "-1")) for row in self.rows]


@asynccontextmanager
async def showing(
    size: tuple[int, int] = (60, 12), *, answers: bool = True
) -> AsyncIterator[tuple[TableScreen, Pilot[None]]]:
    app, screen = App[None](), TableScreen(answers=answers)
    async with app.run_test(size=size) as pilot:
        await app.push_screen(screen)
        yield screen, pilot


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        ((), 0),
        (("down", "j", "j", "up"), 2),
        (("up", "k"), 0),
        (("pagedown", "pagedown", "pagedown", "pageup"), 20),
        (("end",), ROWS - 1),
        (("G", "pageup", "down"), ROWS - 10),
        (("end", "down"), ROWS - 1),
        (("end", "home", "down", "home"), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
async def test_the_cursor_moves_and_stays_in_sight(keys: tuple[str, ...], cursor: int) -> None:
    async with showing() as (screen, pilot):
        await pilot.press(*keys)
        assert screen.table.cursor == cursor
        assert await comes_true(pilot, lambda: cursor in screen.positions and -1 not in screen.positions)
        assert screen.positions == list(range(screen.positions[0], screen.positions[0] + 11))


async def test_over_ssh_the_list_scrolls_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
    async with showing() as (screen, pilot):
        await pilot.press(*["down"] * 10)
        assert screen.positions[0] == 0
        await pilot.press("down")
        assert await comes_true(pilot, lambda: screen.positions == list(range(4, 15)))
        await pilot.press(*["down"] * 3)
        assert screen.positions[0] == 4
        await pilot.press("home", "end")
        assert await comes_true(pilot, lambda: screen.positions[-1] == ROWS - 1)
        await pilot.press(*["up"] * 11)
        assert await comes_true(pilot, lambda: screen.positions[-1] == ROWS - 5)


async def test_what_is_on_the_screen_is_asked_for_once_and_the_page_after_it_ahead() -> None:
    async with showing(answers=False) as (screen, pilot):
        assert await comes_true(pilot, lambda: screen.wanted == [(1, 1)])
        screen.wanted.clear()
        await pilot.press("end")
        last = (ROWS - 1) // PAGE_ROWS
        assert await comes_true(pilot, lambda: screen.wanted == [(last, last)])
        assert set("".join(screen.rows)) == {"·", " "}
        await pilot.press("up", "up")
        await pilot.pause()
        assert len(screen.wanted) == 1
        screen.table.rows.add_page(last, page(last))
        await pilot.pause()
        assert screen.positions[-1] == ROWS - 1


async def test_another_list_leaves_nothing_of_the_one_before() -> None:
    async with showing() as (screen, pilot):
        await pilot.press("end")
        screen.table.show_rows(5, {0: page(0, "refusal")[:5]})
        await pilot.pause()
        assert screen.table.cursor == 4
        assert [row for row in screen.rows if row] == [f"{n:<10} alice        refusal {n}" for n in range(5)]
        screen.list_name = "refusal"
        screen.table.show_rows(ROWS, {0: page(0)}, cursor=ROWS - 1)
        assert await comes_true(pilot, lambda: screen.rows[-1].endswith(f"refusal {ROWS - 1}"))
        assert screen.table.cursor == ROWS - 1


async def test_an_empty_list_says_why() -> None:
    async with showing() as (screen, pilot):
        screen.table.rows.empty_text = "Nothing fits this filter."
        screen.table.show_rows(0, {})
        await pilot.press("down", "end", "pageup", "home")
        assert screen.table.cursor == 0
        assert [row.strip() for row in screen.rows if row] == ["Nothing fits this filter."]


async def test_why_a_list_was_empty_is_no_longer_said_under_its_first_row() -> None:
    async with showing(answers=False) as (screen, pilot):
        screen.table.rows.empty_text = "Counting ..."
        screen.table.show_rows(0, {})
        await pilot.pause()
        assert [row.strip() for row in screen.rows if row] == ["Counting ..."]
        screen.table.show_rows(1, {})
        await pilot.pause()
        screen.table.rows.add_page(0, page(0)[:1])
        await pilot.pause()
        assert [row for row in screen.rows if row] == ["0          alice        logon 0"]


async def test_the_mouse() -> None:
    async with showing() as (screen, pilot):
        await pilot.click(RowTable, offset=(5, 4))
        assert (screen.table.cursor, screen.chosen) == (3, [])
        await pilot.click(RowTable, offset=(5, 0))
        assert screen.table.cursor == 3
        await pilot.double_click(RowTable, offset=(5, 6))
        assert (screen.table.cursor, screen.chosen) == (5, [5])


@pytest.mark.parametrize("width", [10, 24, 33, 80])
async def test_every_line_is_as_wide_as_the_table(width: int) -> None:
    async with showing((width, 8)) as (screen, pilot):
        wide = TableRow(("12345678901234", "日本語アカウント名", sanitise("e\u0301 👩‍💻 ") * 20), "alarm")
        screen.table.show_rows(2, {0: [wide, TableRow(("1", "", ""))]})
        await pilot.pause()
        assert [cell_len(strip.text) for strip in drawn(screen)] == [width] * 8
        assert ("User" in drawn(screen)[0].text) == (width > 40)


async def test_a_resize_keeps_the_cursor_in_sight() -> None:
    async with showing() as (screen, pilot):
        await pilot.press("end", "pageup")
        for size in ((60, 6), (20, 3), (80, 30)):
            await pilot.resize_terminal(*size)
            assert await comes_true(pilot, lambda: ROWS - 11 in screen.positions)
            assert screen.table.cursor == ROWS - 11
