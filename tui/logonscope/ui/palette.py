"""The command palette, fed from the one registry of actions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from logonscope.ui.screens.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from logonscope.ui.commands import Command


class CommandProvider(Provider):
    """Offers every action of the main screen."""

    async def discover(self) -> Hits:
        """All actions, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(self._title(command), self._run(command), help=command.help)

    async def search(self, query: str) -> Hits:
        """Actions whose name or explanation fits what was typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = max(matcher.match(command.label), matcher.match(command.help))
            if score > 0:
                yield Hit(score, self._title(command), self._run(command), help=command.help)

    def _commands(self) -> list[Command]:
        commands = self.screen.settings.commands if isinstance(self.screen, Browser) else ()
        return [command for command in commands if command.id != "palette"]

    @staticmethod
    def _title(command: Command) -> str:
        return f"{command.label}  ({command.shown_keys})" if command.keys else command.label

    def _run(self, command: Command) -> Callable[[], Coroutine[Any, Any, None]]:
        return partial(self.screen.run_action, command.action)
