"""The terminal at the other end: its colours, its clipboard, and whether it is still there."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import drawn, starting

from logonscope.ui.terminal import is_gone, wants_no_color
from logonscope.ui.themes import theme_for

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("color_system", "theme"),
    [("truecolor", "textual-dark"), ("256", "textual-dark"), ("standard", "ansi-dark"), (None, "ansi-dark")],
)
def test_a_theme_that_the_terminal_can_show(color_system: str | None, theme: str) -> None:
    assert theme_for(color_system) == theme


@pytest.mark.parametrize(("value", "is_wanted"), [(None, False), ("", False), ("1", True), ("0", True)])
def test_no_color(value: str | None, is_wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is not None:
        monkeypatch.setenv("NO_COLOR", value)
    assert wants_no_color() == is_wanted
    assert theme_for("truecolor") == ("ansi-dark" if is_wanted else "textual-dark")


async def test_nothing_is_coloured_where_no_colour_is_wanted(
    damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with starting(damaged, store=tmp_path) as browsing:
        await browsing.shows("alice", "problems (p)")
        styles = [segment.style for strip in drawn(browsing.app.screen) for segment in strip if segment.style]
        colours = {style.color.name for style in styles if style.color} | {s.bgcolor.name for s in styles if s.bgcolor}
        assert colours <= {"default"}
        assert any(style.reverse for style in styles), "the cursor has to be seen without colours"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    pair = os.openpty()
    yield pair
    for end in pair:
        os.close(end)


def test_the_terminal_is_there(terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    with os.fdopen(terminal[1], closefd=False) as stdin:
        monkeypatch.setattr(sys, "__stdin__", stdin)
        assert not is_gone()


def test_the_terminal_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as stdin:
        monkeypatch.setattr(sys, "__stdin__", stdin)
        assert is_gone()


def test_a_process_without_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stdin__", None)
    assert not is_gone()
