"""Waits until the browser has nothing more to do, however busy the machine is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.pilot import Pilot

_QUIET_ROUNDS = 12
"""An answer goes from a widget to the screen around it, which asks for more: each step may take a round."""
_CURSOR_RESTS = 0.3
"""Seconds after which all that waits for the cursor to rest has begun."""


async def answered(pilot: Pilot[Any]) -> None:
    """Wait until all that was asked is answered and drawn, and what the answers asked in turn."""
    quiet = 0
    while quiet < _QUIET_ROUNDS:
        await pilot.pause(0)
        asked = [worker for worker in pilot.app.workers if not worker.is_finished]
        quiet = 0 if asked else quiet + 1
        await asyncio.gather(*(worker.wait() for worker in asked))


async def at_rest(pilot: Pilot[Any]) -> None:
    """Wait until the detail has come too, which is asked for when the cursor rests."""
    await answered(pilot)
    await pilot.pause(_CURSOR_RESTS)
    await answered(pilot)
