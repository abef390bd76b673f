"""Takes the screenshots of this folder from the bundled demo case: run it as python screenshots/take.py.

Every one is written as SVG; those that the README shows are drawn by resvg (``pip install resvg-py``) as PNG too.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from resvg_py import svg_to_bytes

from at_rest import answered, at_rest
from logonscope.case.demo_case import demo_logs
from logonscope.ui.app import LogonscopeApp

HERE = Path(__file__).parent
LARGE, SMALL = (160, 48), (80, 24)
_FONT, _PIXELS = "DejaVu Sans Mono", 8
"""What text is drawn with, and how wide a cell is then."""
README = (HERE.parent / "README.md").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Shot:
    """One screenshot: the filter to begin with and the keys that lead to it."""

    name: str
    size: tuple[int, int]
    filter_text: str
    keys: tuple[str, ...]


SHOTS = (
    Shot("sessions", LARGE, "", ("2",)),
    Shot("findings", LARGE, "", ("2", "F")),
    Shot("explain", LARGE, "event:4634 user:support", ("1", "x")),
    Shot("session-detail", LARGE, "user:support", ("2", "end")),
    Shot("events", LARGE, "ip:203.0.113.77 event:4624,4625", ("1", "end")),
    Shot("event-detail", LARGE, "event:4625 user:support", ("1", "end")),
    Shot("boots", LARGE, "", ("4", "down", "down", "down")),
    Shot("coverage", LARGE, "machine:TS01", ("5", *["down"] * 11)),
    Shot("evidence", LARGE, "user:support", ("2", "end", "e")),
    Shot("who", LARGE, "", ("2", "w", "ctrl+u", *"2026-03-04T13:00", "enter", *["down"] * 5)),
    Shot("logon-types", LARGE, "", ("3", "down", "down", "down")),
    Shot("filter-error", LARGE, "", ("1", "slash", *"usr:alice type:10")),
    Shot("timeline", LARGE, "", ("6",)),
    Shot("facets", LARGE, "is:failure", ("1", "f", "right", "right")),
    Shot("offers", LARGE, "", ("1", "slash", *"user:s")),
    Shot("help", LARGE, "", ("question_mark",)),
    Shot("small", SMALL, "", ("2",)),
)


async def take(shot: Shot, logs: Path, work: Path) -> None:
    """Drive the app to the place and save what it shows."""
    app = LogonscopeApp([logs], filter_text=shot.filter_text, work_parent=work)
    async with app.run_test(size=shot.size) as pilot:
        await answered(pilot)
        for key in shot.keys:
            await pilot.press(key)
            await answered(pilot)
        await at_rest(pilot)
        write(shot, app.export_screenshot(title="logonscope demo"))


def write(shot: Shot, svg: str) -> None:
    """Write the pictures."""
    (HERE / f"{shot.name}.svg").write_text(svg, "utf-8")
    if f"{shot.name}.png" in README:
        width = _PIXELS * shot.size[0]
        drawn = svg_to_bytes(svg_string=svg.replace("Fira Code", _FONT), monospace_family=_FONT, width=width)
        (HERE / f"{shot.name}.png").write_bytes(bytes(drawn))


def main() -> None:
    """Take all of them."""
    with tempfile.TemporaryDirectory() as work:
        # Settings and filters of whoever takes them are left out.
        os.environ["XDG_CONFIG_HOME"] = work
        logs = demo_logs(Path(work) / "demo")
        for shot in SHOTS:
            os.environ["XDG_STATE_HOME"] = str(
                Path(work) / shot.name
            )  # else its first view is the last of the shot before
            asyncio.run(take(shot, logs, Path(work)))


if __name__ == "__main__":
    main()
