"""Feeds the detail pane: asks for the facts of the row under the cursor when the cursor has come to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.facts import logon_type_facts
from logonscope.knowledge.logon_types import logon_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case import Case
    from logonscope.model import Fact
    from logonscope.ui.panes import Pane
    from logonscope.ui.questions import Asking, Questions

Facts = tuple["Fact", ...]


def ask_facts(
    questions: Questions,
    case: Case,
    pane: Pane,
    row: int,
    use: Callable[[Facts], None],
    failed: Callable[[Exception], None],
) -> None:
    """Ask for the facts of one row of a pane."""

    def question(asking: Asking) -> Facts:
        found = pane.fetch(case, [row])
        return pane.facts(case, found[0]) if found and not asking.is_stale() else ()

    questions.ask("detail", question, use, failed)


def logon_type_detail(number: int, counts: dict[int, tuple[int, int]]) -> Facts:
    """The facts of a logon type; known without asking."""
    entry = logon_types().get(number)
    return logon_type_facts(entry, *counts.get(number, (0, 0))) if entry else ()
