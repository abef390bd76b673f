"""A terminal that shrinks to 20x5 and grows again, names in wide and right-to-left letters: columns stay in line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import Browsing, loaded
from rich.cells import cell_len
from ui_logs import session_start

from logonscope.demo.evtx_writer import write_log

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse

NAMES = (
    "田中太郎さん様方々",
    "משתמש_ארוך_מאוד_כאן",
    "مدير_النظام",
    "e\u0301\u0301\u0301\u0301x",
    "👩‍💻 dev",
    "x\x1b[2J\u202ey",
    "plain",
    "ﷺ" * 9,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One logon for each name."""
    path = tmp_path_factory.mktemp("world") / "Security.evtx"
    texts = [
        {"TargetUserName": name, "TargetUserSid": f"S-1-5-21-1-2-3-{2000 + n}", "WorkstationName": name}
        for n, name in enumerate(NAMES)
    ]
    write_log(path, [session_start(n, **text) for n, text in enumerate(texts, 1)])
    return path


def in_line(browsing: Browsing) -> None:
    """Every line has the width of the terminal, and nothing on it acts on the terminal."""
    width = browsing.app.size.width
    for line in browsing.lines:
        assert cell_len(line) == width
        assert all(character.isprintable() for character in line)


@pytest.mark.parametrize("pane", ["events", "sessions"])
async def test_columns_stay_in_line(world: Path, tmp_path: Path, pane: str) -> None:
    async with loaded(world, store=tmp_path, pane=pane) as browsing:
        await browsing.until(lambda: len(browsing.rows) == len(NAMES), "all rows")
        column = browsing.lines[browsing.table.region.y].index("Event" if pane == "events" else "Type")
        for row in range(browsing.table.region.y + 1, browsing.table.region.y + 1 + len(NAMES)):
            cells = ""
            for character in browsing.lines[row]:
                if cell_len(cells) >= column:
                    break
                cells += character
            assert cell_len(cells) == column
            assert cells.endswith(" ")
        in_line(browsing)
        for key in ("right", "down", "right", "plus", "slash", "tab"):
            await browsing.press(key)
            await browsing.answers()
            in_line(browsing)


async def test_names_in_facets_and_offers_stay_in_line(world: Path, tmp_path: Path) -> None:
    async with loaded(world, store=tmp_path, pane="events") as browsing:
        await browsing.press("f")
        await browsing.shows("[Users]", "plain")
        in_line(browsing)
        await browsing.press("escape", "slash")
        await browsing.type("user:")
        await browsing.until(lambda: len(browsing.main.filter_bar.offers.offers) == len(NAMES), "the names")
        await browsing.answers()
        await browsing.until(lambda: browsing.main.filter_bar.offers.region.height, "the list of them")
        in_line(browsing)
        offers = browsing.main.filter_bar.offers.region
        ends = {cell_len(line[: line.rindex(" 1") + 2]) for line in browsing.lines[offers.y : offers.bottom]}
        assert len(ends) == 1


@pytest.mark.parametrize("opened", ["", "slash", "f", "C", "P", "question_mark"])
async def test_a_terminal_that_shrinks_and_grows_again(browse: Browse, week: Path, opened: str) -> None:
    async with browse(week, pane="events", filter_text="event:4625") as browsing:
        await browsing.shows("12 events")
        if opened:
            await browsing.press(opened)
            await browsing.answers()
        for size in ((20, 5), (1, 1), (160, 48), (80, 24)):
            await browsing.pilot.resize_terminal(*size)
            await browsing.press("down", "right")
            await browsing.answers()
            in_line(browsing)
        await browsing.press(*["escape"] * 2)
        await browsing.shows("12 events", "mallory was refused")
