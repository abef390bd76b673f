"""The machines that a remote session may have come from, where the logs name several."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.display import sanitise
from logonscope.facts.source import SOURCE_COLUMNS, reasons_text, source_text
from logonscope.model import SourceMachine
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.model import Session


class SourcesScreen(ListScreen[SourceMachine]):
    """Lists machines; closes with the one chosen.

    Args:
        session: The session that came from one of them.
        sources: The machines, the likeliest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "close", "Close")]

    def __init__(self, session: Session, sources: Sequence[SourceMachine]) -> None:
        said = f"Its own records name {source_text(session)}."
        super().__init__(
            f"Where did {sanitise(session.account.label)} come from?",
            SOURCE_COLUMNS,
            heading=[f"{said} Several machines fit: the logs do not decide between them."],
            keys="Enter its records around that time   y copy   Esc close",
        )
        self._sources = sources

    @property
    def row_count(self) -> int:
        """All machines."""
        return len(self._sources)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Machines as they are drawn; muted where their records do not reach that time."""
        return [
            TableRow(tuple(column.text(source) for column in SOURCE_COLUMNS), "" if source.covers else "muted")
            for source in self._sources[start:stop]
        ]

    def whole(self, position: int) -> str:
        """Why it is thought to be the source."""
        source = self._sources[position]
        reach = "" if source.covers else " Its records do not reach that time."
        return f"{sanitise(source.machine)}: {reasons_text(source)}.{reach}"

    def choice(self, position: int) -> SourceMachine:
        """The machine."""
        return self._sources[position]
