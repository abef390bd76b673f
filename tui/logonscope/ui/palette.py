"""The command palette, fed from the one registry of actions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from logonscope.ui.commands import COMMANDS, Command

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any


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

    @staticmethod
    def _commands() -> list[Command]:
        return [command for command in COMMANDS if command.id != "palette"]

    @staticmethod
    def _title(command: Command) -> str:
        return f"{command.label}  ({command.shown_keys})"

    def _run(self, command: Command) -> Callable[[], Coroutine[Any, Any, None]]:
        return partial(self.screen.run_action, command.action)
