"""Drives the browser in a test, and reads what it draws."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from textual.events import Key, Paste

from logonscope.ui.app import LogonscopeApp
from logonscope.ui.screens.main import MainScreen
from logonscope.ui.widgets.table_columns import GUTTER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from textual.pilot import Pilot
    from textual.screen import Screen
    from textual.strip import Strip

    from logonscope.case.options import LoadOptions
    from logonscope.ui.settings import Settings
    from logonscope.ui.widgets.row_table import RowTable

SMALL, WIDE = (80, 24), (160, 48)
SIZES = pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "160x48"])
_MOST_LOOKS = 500
_BETWEEN_LOOKS = 0.01
_PANE_KEYS = {"events": "1", "sessions": "2", "types": "3", "boots": "4", "coverage": "5", "timeline": "6"}
_HOPS = 6
"""A key goes from the app to the focused widget, and back through the widgets around it to what it is bound to."""


def drawn(screen: Screen[Any]) -> list[Strip]:
    """The strips that go to the terminal."""
    return screen._compositor.render_strips()


async def comes_true(pilot: Pilot[Any], holds: Callable[[], object]) -> bool:
    """Let the app work until something holds; the number of looks only bounds a test that fails."""
    for _ in range(_MOST_LOOKS):
        if holds():
            return True
        await pilot.pause(_BETWEEN_LOOKS)
    return False


class Browsing:
    """A running browser."""

    def __init__(self, app: LogonscopeApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot
        self.told: list[str] = []
        """What was notified since the last key: on a busy machine it may be gone before it is looked for."""
        self._notify = app.notify
        app.notify = self._note  # type: ignore[method-assign]

    def _note(self, message: str, **how: Any) -> None:
        self.told.append(message)
        self._notify(message, **how)

    @property
    def is_running(self) -> bool:
        return any(isinstance(screen, MainScreen) for screen in self.app.screen_stack)

    @property
    def main(self) -> MainScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    @property
    def table(self) -> RowTable:
        return self.main.table

    @property
    def lines(self) -> list[str]:
        """What the terminal shows."""
        return [strip.text for strip in drawn(self.app.screen)]

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def rows(self) -> list[str]:
        """The lines of the table in front, without its head, without marks and without empty ones."""
        region = self.table.region
        left = region.x + GUTTER
        lines = [line[left : region.right].rstrip() for line in self.lines[region.y + 1 : region.bottom]]
        return [line for line in lines if line]

    @property
    def bar(self) -> list[str]:
        """The lines of the filter bar."""
        region = self.main.filter_bar.region
        return self.lines[region.y : region.bottom]

    @property
    def cursor_row(self) -> str:
        row = self.table.row_at(self.table.cursor)
        return " ".join(row.cells) if row else ""

    @property
    def is_loaded(self) -> bool:
        progress = self.main.status.progress if self.is_running else None
        return progress is not None and progress.stage in ("done", "stopped")

    @property
    def is_listed(self) -> bool:
        pane = self.main.lists.get(self.main.shown.pane)
        return pane is None or pane.count is not None

    async def until(self, holds: Callable[[], object], wanted: str = "") -> None:
        """Let the browser work until something holds."""
        if not await comes_true(self.pilot, holds):
            pytest.fail(f"never came: {wanted}\n{self.text}")

    async def press(self, *keys: str) -> None:
        """Press keys, each when the one before has been handled; what it set going may still be on its way."""
        self.told.clear()
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
            for _ in range(_HOPS):
                if self.app.return_value is None:
                    await self.pilot.pause(0)

    async def type(self, text: str) -> None:
        """Paste into the line that is open: one message, where keys would be many."""
        self.app.post_message(Paste(text))
        for _ in range(_HOPS):
            await self.pilot.pause(0)

    async def shows(self, *texts: str) -> None:
        """Wait until the terminal shows all of these, or has shown them in a notification since the last key."""
        await self.until(lambda: all(text in "\n".join([self.text, *self.told]) for text in texts), " and ".join(texts))

    async def hides(self, text: str) -> None:
        """Wait until the terminal does not show this any more."""
        await self.until(lambda: text not in self.text, f"no {text}")

    async def show_pane(self, pane: str) -> None:
        """Go to a pane and wait for its list."""
        await self.press(_PANE_KEYS[pane])
        await self.until(lambda: self.main.shown.pane == pane and self.is_listed, pane)

    async def hold(self, text: str) -> None:
        """Type a filter and hold it."""
        await self.press("slash")
        await self.type(text)
        await self.press("enter")
        await self.until(lambda: self.main.shown.filter_text == text, f"filter {text}")

    async def answers(self) -> None:
        """Wait until everything that was asked is answered, and what the answers asked in turn."""
        while asked := [worker for worker in self.app.workers if worker.group != "load" and not worker.is_finished]:
            for worker in asked:
                await worker.wait()
            await self.pilot.pause(0)

    async def rest(self) -> None:
        """Ask the case nothing more, and wait for what was asked."""
        if self.is_running:
            self.main.case = None
        for worker in list(self.app.workers):
            if worker.group != "load" or self.is_loaded:
                await worker.wait()


@asynccontextmanager
async def starting(
    *paths: Path,
    store: Path,
    size: tuple[int, int] = SMALL,
    filter_text: str = "",
    settings: Settings | None = None,
    options: LoadOptions | None = None,
    follow: bool = False,
) -> AsyncIterator[Browsing]:
    """A browser that has just been started."""
    app = LogonscopeApp(
        paths, filter_text=filter_text, work_parent=store, settings=settings, options=options, follow=follow
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        browsing = Browsing(app, pilot)
        await browsing.until(lambda: browsing.is_running, "the main screen")
        try:
            yield browsing
        finally:
            if app.return_value is None:
                await comes_true(pilot, lambda: browsing.is_loaded)
            await browsing.rest()


@asynccontextmanager
async def loaded(
    *paths: Path,
    store: Path,
    size: tuple[int, int] = SMALL,
    pane: str = "sessions",
    filter_text: str = "",
    settings: Settings | None = None,
) -> AsyncIterator[Browsing]:
    """A browser that has loaded everything and shows it in a pane."""
    async with starting(*paths, store=store, size=size, filter_text=filter_text, settings=settings) as browsing:
        await browsing.until(lambda: browsing.is_loaded, "the end of loading")
        await browsing.show_pane(pane)
        yield browsing


class Browse(Protocol):
    """Opens a case that is loaded once for all tests; otherwise as ``loaded``."""

    def __call__(
        self,
        path: Path,
        *,
        size: tuple[int, int] = SMALL,
        pane: str = "sessions",
        filter_text: str = "",
        settings: Settings | None = None,
    ) -> AbstractAsyncContextManager[Browsing]: ...
