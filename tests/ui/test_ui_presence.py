"""The time line of a stay in the detail: drawn with blocks or in ASCII, explained in words."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest
from browsing import WIDE

from logonscope.facts.timeline import timeline
from logonscope.knowledge.attendance import attendance_words
from logonscope.model import Evidence
from logonscope.ui.terminal import draws_blocks
from logonscope.ui.widgets import presence_bar
from logonscope.ui.widgets.presence_bar import presence_text
from support.made import EIGHT, made_absence, made_event, made_session

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


def drawn(*, blocks: bool, width: int = 48, **changes: object) -> list[str]:
    absences = [made_absence("locked", 30, 60), made_absence("disconnected", 120, 240)]
    line = timeline(made_session(**changes), absences)
    assert line is not None
    return presence_text(line, width, blocks=blocks).plain.splitlines()


def test_with_blocks() -> None:
    bar, scale, *legend = drawn(blocks=True)
    assert bar == "█" * 6 + "▒" * 6 + "█" * 12 + "░" * 24
    assert scale == "one character is 5m 00s"
    assert legend == ["█ present 1h 30m", "▒ locked 30m 00s", "░ disconnected 2h 00m"]


def test_in_ascii() -> None:
    assert "".join(drawn(blocks=False)).isascii()
    assert drawn(blocks=False)[0] == "#" * 6 + "=" * 6 + "#" * 12 + "-" * 24


def test_what_is_not_audited_is_drawn_as_unknown() -> None:
    bar, _, *legend = drawn(blocks=True, presence="")
    assert "█" not in bar
    assert "? on 1h 30m (locks and disconnects are not audited there)" in legend


def test_an_unlock_is_marked() -> None:
    line = timeline(made_session(), [], [(Evidence("unlock", 7), made_event(time=EIGHT))])
    assert line is not None
    assert presence_text(line, 48, blocks=True).plain.splitlines()[1] == "^"


@pytest.mark.parametrize("width", [0, 8, 30, 500])
def test_the_bar_keeps_to_its_room(width: int) -> None:
    assert len(drawn(blocks=True, width=width)[0]) == max(8, min(width, 60))


def test_every_state_has_glyphs_of_its_own() -> None:
    for glyphs in (presence_bar._GLYPHS, presence_bar._ASCII_GLYPHS):
        assert set(glyphs) == set(attendance_words().state)
        assert len(set(glyphs.values())) == len(glyphs)
    assert all(glyph.isascii() for glyph in presence_bar._ASCII_GLYPHS.values())


@pytest.mark.parametrize(("encoding", "draws"), [("utf-8", True), ("UTF8", True), ("latin-1", False), ("ascii", False)])
def test_blocks_only_where_the_terminal_takes_them(encoding: str, draws: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stderr__", io.TextIOWrapper(io.BytesIO(), encoding))
    assert draws_blocks() == draws


async def test_the_detail_shows_it(browse: Browse, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logonscope.ui.widgets.detail_pane.draws_blocks", lambda: True)
    async with browse(office, filter_text="machine:LAP9", size=WIDE) as browsing:
        await browsing.shows("Presence, from its start to its end", "█", "▒ locked 30m", "unlocked 1 x")
        bar = next(line for line in browsing.lines if "▒▒" in line)
        region = browsing.main.detail.region
        assert bar[region.x :].count("█") + bar[region.x :].count("▒") > 40
        await browsing.pilot.resize_terminal(165, 40)
        await browsing.until(lambda: {len(line) for line in browsing.lines} == {165})
        await browsing.until(lambda: sum("▒" in line for line in browsing.lines) == 2, "the bar on one line")
