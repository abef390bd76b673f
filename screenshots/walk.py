"""Walks through the break-in of the demo case and writes down what was pressed and what the screen showed.

Run it as ``python screenshots/walk.py``: it writes the walk into README.md, between its two marks.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.screen import ModalScreen

from at_rest import answered
from logonscope.case.demo_case import demo_logs
from logonscope.ui.app import LogonscopeApp

if TYPE_CHECKING:
    from textual.pilot import Pilot

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- The walk begins: written by screenshots/walk.py -->", "<!-- The walk ends -->"
SIZE = (118, 40)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done, and what is looked at afterwards."""

    said: str
    pressed: str
    """As it is told to a reader."""
    keys: tuple[str, ...]
    first: str
    """A text in the first line to be shown."""
    lines: int
    """How many lines are shown from there."""


STEPS = (
    Step(
        "The week at a glance: working days by day, and on Saturday at night a burst of refused logons (`!`), a stay of"
        " `support` and a cleared log (`0`).",
        "`6`",
        ("6",),
        "UTC 2026",
        13,
    ),
    Step(
        "Who was refused, by source?",
        "`1`, `/`, `is:failure`, `Enter`; `f`, `→`, `→`",
        ("1", "slash", *"is:failure", "enter", "f", "right", "right"),
        "[Sources]",
        5,
    ),
    Step(
        "2,500 of one address. Did anybody get in from there?",
        "`Esc`, `2`, `/`, `from:203.0.113.77`, `Enter`",
        ("escape", "2", "slash", "ctrl+u", *"from:203.0.113.77", "enter"),
        "/ from:",
        3,
    ),
    Step(
        "One stay, with administrator rights, graded A. What does that rest on, and what did it do?",
        "`e`",
        ("e",),
        "25 records",
        23,
    ),
    Step(
        "It used another's password (4648) and cleared the log (1102). What do the logs lack since?",
        "`Esc`, `5`, `/`, `machine:TS01 channel:Security`, `Enter`",
        ("escape", "5", "slash", "ctrl+u", *"machine:TS01 channel:Security", "enter"),
        "Machine",
        5,
    ),
)


async def walk(logs: Path, work: Path) -> str:
    """The walk as Markdown.

    Args:
        logs: The logs of the demo case.
        work: Where to make the store's folder.
    """
    app = LogonscopeApp([logs], work_parent=work)
    async with app.run_test(size=SIZE) as pilot:
        await answered(pilot)
        told = []
        for number, step in enumerate(STEPS, 1):
            told.append(f"**{number}.** {step.said} {step.pressed}\n\n```text\n{await shown(pilot, step)}\n```\n")
    return "\n".join(told)


async def shown(pilot: Pilot[int], step: Step) -> str:
    """Press the keys of a step: the lines that are looked at then."""
    for key in step.keys:
        await pilot.press(key)
        await answered(pilot)
    screen = pilot.app.screen
    lines = [strip.text.rstrip() for strip in screen._compositor.render_strips()]
    if isinstance(screen, ModalScreen):
        frame = screen.query(Vertical).first().content_region
        lines = [line[frame.x : frame.right].rstrip() for line in lines[frame.y : frame.bottom]]
    found = next(place for place, line in enumerate(lines) if step.first in line)
    return "\n".join(lines[found : found + step.lines])


def main() -> None:
    """Write the walk into the README."""
    with tempfile.TemporaryDirectory() as work:
        os.environ.update(XDG_CONFIG_HOME=work, XDG_STATE_HOME=work)
        text = asyncio.run(walk(demo_logs(Path(work) / "demo"), Path(work)))
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
