"""Keys one at a time: each goes to what has the focus when the key before it has done what it does.

Keys that come in one piece, as over a slow line, would all go to what has the focus when the first of them comes: the
rest of ``/quit`` would be commands instead of a filter. What is pasted waits as keys do.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import App
    from textual.dom import DOMNode
    from textual.events import Key, Paste
    from textual.screen import Screen

_PATIENCE_SECONDS = 0.25
"""How long a key is waited for; a widget that goes away may never answer."""
_LOOK_SECONDS, _MOST_SECONDS = 0.01, 2.0
"""How often it is asked whether keys are still held back, and how long that may go on."""


class TypeAhead:
    """Keys that wait for the one before them.

    Args:
        app: The app.
        press: Lets a key do what it does, from the app on.
        holds: Whether what a key began is still under way, and the next key would go to the wrong place.
    """

    def __init__(
        self, app: App[Any], press: Callable[[Key | Paste], Awaitable[None]], holds: Callable[[], bool]
    ) -> None:
        self._app = app
        self._press = press
        self._holds = holds
        self._held_until = 0.0
        self._waiting: deque[Key | Paste] = deque()
        self._pressed = 0
        self._is_busy = False

    async def take(self, key: Key | Paste) -> None:
        """Take a key, or what was pasted, from the terminal; to be called on the event loop."""
        self._waiting.append(key)
        if not self._is_busy:
            await self._next()

    async def _next(self) -> None:
        if not self._waiting:
            self._is_busy = False
            return
        self._is_busy = True
        self._pressed += 1
        self._held_until = monotonic() + _MOST_SECONDS
        number, screen = self._pressed, self._app.screen
        path = list((self._app.focused or screen).ancestors_with_self)
        self._app.set_timer(_PATIENCE_SECONDS, lambda: self._end(number))
        await self._press(self._waiting.popleft())
        # Twice: a widget may tell those around it of the key in a message of its own, as a line does of Enter.
        self._follow(number, screen, path * 2)

    def _follow(self, number: int, screen: Screen[Any], path: Sequence[DOMNode]) -> None:
        """Go the way of a key, behind it: from what had the focus through all around it to the app."""
        for place, node in enumerate(path):
            if node.call_later(self._follow, number, screen, path[place + 1 :]):
                return
        # What the key did may have moved the focus, which takes another turn, or shown a screen that is to be made yet.
        if self._app.screen is screen:
            self._app.call_later(self._end, number)
        else:
            self._app.screen.call_after_refresh(self._end, number)

    async def _end(self, number: int) -> None:
        screens = self._app.screen_stack
        if not self._is_busy or number != self._pressed or not screens:
            return
        is_held = self._holds() or not screens[-1].is_mounted
        if is_held and monotonic() < self._held_until:
            self._app.set_timer(_LOOK_SECONDS, lambda: self._end(number))
        else:
            await self._next()
